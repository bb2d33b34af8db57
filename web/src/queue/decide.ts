import { signal } from "@preact/signals";
import type { Card } from "../api/queue";
import type { Handlers } from "../keys/commands";
import { nextRendition } from "../reveal/reveal";
import { act, redo, undo } from "../state/acts";
import { categoryName } from "../state/case";
import { say, speak } from "../state/messages";
import { opens, overlay } from "../state/overlays";
import { isTeam, may } from "../state/session";
import { nextCoverStyle } from "../state/settings";
import { counted } from "../ui/format";

/** Whether the next decision is meant for the whole groups of the cards; once only. */
export const wholeGroup = signal(false);

export function itemsMeant(cards: readonly Card[]): number {
  return wholeGroup.value ? cards.reduce((sum, card) => sum + card.members, 0) : cards.length;
}

function scope(): { whole_groups: boolean } {
  const whole = wholeGroup.value;
  wholeGroup.value = false;
  return { whole_groups: whole };
}

/** What every page with cards answers to. */
export function usualCommands(cards: () => readonly Card[]): Handlers {
  return {
    undo,
    redo,
    rendition: nextRendition,
    "cover-style": nextCoverStyle,
    "whole-group": () => {
      if (cards().some((card) => card.members > 1)) wholeGroup.value = !wholeGroup.value;
      else say("quiet", "This item is alone in its group.");
    },
    note: opens("note"),
    flag: opens("flag"),
    "pass-on": () => passOn(cards()),
    // Another person has to approve it: a local server has none.
    ...(may("export_originals") && isTeam.value ? { originals: opens("originals") } : {}),
  };
}

/** Gives the cards a category of the scheme, or takes theirs away with null. */
export function decide(code: string | null, cards: readonly Card[]): "done" | "refused" {
  if (!may("decide")) {
    say("warn", "Your role may look, but not decide.");
    return "refused";
  }
  if (cards.length === 0) return "refused";
  const meant = itemsMeant(cards);
  act({ kind: "category", category: code, ...scope() }, cards);
  const name = code === null ? "Category taken away" : categoryName(code);
  speak(`${name}: ${counted(meant, "item")}`);
  return "done";
}

export function note(text: string, cards: readonly Card[]): void {
  act({ kind: "note", text, ...scope() }, cards);
}

export function flag(name: string, cards: readonly Card[]): void {
  const has = cards.every((card) => card.flags.includes(name));
  act({ kind: has ? "unflag" : "flag", flag: name, ...scope() }, cards);
}

/** Asks to whom the cards are passed on; those that were passed on already are taken back. */
export function passOn(cards: readonly Card[]): void {
  if (!cards.every((card) => card.passed)) {
    overlay.value = { is: "pass" };
    return;
  }
  act({ kind: "take_back", ...scope() }, cards);
  speak("Taken back");
}

export function passTo(to: string, cards: readonly Card[]): void {
  act({ kind: "pass_on", ...(to === "" ? {} : { to }), ...scope() }, cards);
  speak("Passed on to a colleague");
}

/** Says what an item counts as, whatever was said of it before. */
export function settle(code: string, card: Card): void {
  act({ kind: "settle", category: code, whole_groups: false }, [card]);
  speak(`Settled: ${categoryName(code)}`);
}
