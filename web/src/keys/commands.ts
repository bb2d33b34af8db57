import { computed, signal } from "@preact/signals";
import type { Card } from "../api/queue";
import { scheme } from "../state/case";
import { settings } from "../state/settings";
import { type Command, makeKeymap } from "./keymap";

/** Everything that can be done by a key or from the palette. What each does where is said by the
 * page that is open; a command that no page answers to is not offered. */
export const commands: readonly Command[] = [
  { id: "left", title: "Left", group: "Move", keys: ["ArrowLeft", "h"] },
  { id: "down", title: "Down", group: "Move", keys: ["ArrowDown", "j"] },
  { id: "up", title: "Up", group: "Move", keys: ["ArrowUp", "k"] },
  { id: "right", title: "Right", group: "Move", keys: ["ArrowRight", "l"] },
  { id: "extend-left", title: "Select to the left", group: "Select", keys: ["Shift+ArrowLeft"] },
  { id: "extend-down", title: "Select downwards", group: "Select", keys: ["Shift+ArrowDown"] },
  { id: "extend-up", title: "Select upwards", group: "Select", keys: ["Shift+ArrowUp"] },
  { id: "extend-right", title: "Select to the right", group: "Select", keys: ["Shift+ArrowRight"] },
  { id: "page-down", title: "A screen down", group: "Move", keys: ["PageDown"] },
  { id: "page-up", title: "A screen up", group: "Move", keys: ["PageUp"] },
  { id: "first", title: "First", group: "Move", keys: ["Home"] },
  { id: "last", title: "Last", group: "Move", keys: ["End"] },
  { id: "next-item", title: "Next item", group: "Move", keys: ["]"] },
  { id: "previous-item", title: "Previous item", group: "Move", keys: ["["] },
  { id: "open", title: "Open the item", group: "Move", keys: ["Enter"] },
  { id: "back", title: "Back to the queue", group: "Move", keys: ["b"] },
  { id: "compare", title: "Compare side by side", group: "Look", keys: ["c"] },
  {
    id: "rendition",
    title: "Change what a reveal shows: grey, colour, original",
    group: "Look",
    keys: ["v"],
  },
  { id: "cover-style", title: "Change how items are covered", group: "Look", keys: ["s"] },
  { id: "whole-group", title: "Mean the whole group with the next decision", group: "Decide", keys: ["g"] },
  { id: "clear", title: "Take the category away", group: "Decide", keys: ["Backspace", "Delete"] },
  { id: "undo", title: "Undo", group: "Decide", keys: ["u", "Ctrl+z"] },
  { id: "redo", title: "Do again", group: "Decide", keys: ["U", "Ctrl+Shift+z"] },
  { id: "note", title: "Write a note", group: "Decide", keys: ["n"] },
  { id: "flag", title: "Flag", group: "Decide", keys: ["f"] },
  { id: "pass-on", title: "Pass on to a colleague, or take back", group: "Decide", keys: ["p"] },
  { id: "originals", title: "Ask for an export of the originals", group: "Decide", keys: [] },
  { id: "filters", title: "Go to the filters", group: "Queue", keys: ["/"] },
  { id: "refresh", title: "Read the queue again", group: "Queue", keys: ["r"] },
  { id: "copy-link", title: "Copy a link to this view", group: "Queue", keys: ["y"] },
  { id: "palette", title: "Commands", group: "Everywhere", keys: ["Ctrl+k"] },
  { id: "help", title: "Keys and help", group: "Everywhere", keys: ["?"] },
  { id: "blank", title: "Cover the whole screen", group: "Everywhere", keys: ["Escape"] },
  { id: "go-queue", title: "Go to the queue", group: "Pages", keys: [] },
  { id: "go-charts", title: "Go to the charts", group: "Pages", keys: [] },
  { id: "go-report", title: "Go to the report", group: "Pages", keys: [] },
  { id: "go-case", title: "Go to the case and its categories", group: "Pages", keys: [] },
  { id: "go-exposure", title: "Go to your exposure", group: "Pages", keys: [] },
  { id: "go-people", title: "Go to the people", group: "Pages", keys: [] },
  { id: "go-keys", title: "Go to the keys of programs", group: "Pages", keys: [] },
  { id: "go-audit", title: "Go to the audit logs", group: "Pages", keys: [] },
  { id: "go-lists", title: "Go to the lists", group: "Pages", keys: [] },
  { id: "go-approvals", title: "Go to what waits for approval", group: "Pages", keys: [] },
  { id: "go-held", title: "Go to the held uploads", group: "Pages", keys: [] },
  { id: "go-settings", title: "Go to your settings", group: "Pages", keys: [] },
  { id: "go-cases", title: "Go to the list of cases", group: "Pages", keys: [] },
  { id: "take-break", title: "Take a break", group: "Pages", keys: [] },
  { id: "log-out", title: "Log out", group: "Pages", keys: [] },
];

export const keymap = computed(() => makeKeymap(commands, scheme.value, settings.value.keys));

export type Handlers = Readonly<Record<string, () => void>>;

/** What the app answers to everywhere, and what the open page answers to. */
const everywhere = signal<Handlers>({});
const ofPage = signal<Handlers>({});
let decideHere: ((code: string | null) => void) | null = null;
let cardsHere: () => Card[] = () => [];

export function answerEverywhere(handlers: Handlers): void {
  everywhere.value = handlers;
}

/** The open page answers to these until the returned function is called. `cards` are those that a
 * decision means at that moment. */
export function answer(
  handlers: Handlers,
  decide: (code: string | null) => void,
  cards: () => Card[],
): () => void {
  ofPage.value = handlers;
  decideHere = decide;
  cardsHere = cards;
  return () => {
    if (ofPage.value !== handlers) return;
    ofPage.value = {};
    decideHere = null;
    cardsHere = () => [];
  };
}

export function cardsMeant(): Card[] {
  return cardsHere();
}

export function canRun(id: string): boolean {
  if (id.startsWith("category:")) return decideHere !== null;
  return ofPage.value[id] !== undefined || everywhere.value[id] !== undefined;
}

export function runCommand(id: string): boolean {
  if (id.startsWith("category:")) {
    decideHere?.(id.slice("category:".length));
    return decideHere !== null;
  }
  if (id === "clear" && decideHere !== null) {
    decideHere(null);
    return true;
  }
  const handler = ofPage.value[id] ?? everywhere.value[id];
  handler?.();
  return handler !== undefined;
}
