import { blank, isBlank, keyWhileBlank } from "../reveal/blank";
import { cover, press } from "../reveal/reveal";
import { conflict } from "../state/acts";
import { breakDue, breakUntil } from "../state/live";
import { overlay } from "../state/overlays";
import { keymap, runCommand } from "./commands";
import { chordOf } from "./keymap";

let itemToReveal: () => string | null = () => null;
/** What Space reveals on the page that is open. */
export function revealWith(item: () => string | null): () => void {
  itemToReveal = item;
  return () => {
    if (itemToReveal === item) itemToReveal = () => null;
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox" && target.type !== "radio";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** A control that has Space, Enter or arrows for itself. */
function usesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[role=radiogroup]") !== null && key.startsWith("Arrow")) return true;
  const isControl = target.closest("button, a, summary, input, label") !== null;
  return isControl && (key === " " || key === "Enter");
}

/** Something stands above the page and holds the keyboard. */
function isDialogUp(): boolean {
  const onBreak = breakDue.value || breakUntil.value > Date.now();
  return overlay.value.is !== "none" || conflict.value !== null || onBreak;
}

function stop(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function keyDown(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    // First of all, whatever else is going on.
    stop(event);
    if (!isBlank.value) blank();
    return;
  }
  if (isBlank.value) {
    if (event.key !== "Enter" || !(event.target instanceof HTMLButtonElement)) stop(event);
    if (!event.repeat) keyWhileBlank(event.key);
    return;
  }
  const chord = chordOf(event);
  const hasCtrl = chord.startsWith("Ctrl+");
  const isOver = isDialogUp();
  if (isOver && chord !== "Ctrl+k" && (chord !== "?" || isTyping(event.target))) return;
  if (isTyping(event.target) && chord !== "Ctrl+k") return;
  if (!hasCtrl && usesKey(event.target, event.key)) return;
  if (chord === "Space") {
    const item = itemToReveal();
    if (item === null) return;
    stop(event);
    if (!event.repeat) press(item);
    return;
  }
  const command = keymap.value.does.get(chord);
  if (command === undefined) return;
  // A key held down moves; it must not decide twice.
  const repeats = /Arrow|^[hjkl]$|Page/.test(chord);
  if (event.repeat && !repeats) {
    stop(event);
    return;
  }
  if (runCommand(command)) stop(event);
}

export function listenToKeys(): void {
  window.addEventListener("keydown", keyDown, { capture: true });
  window.addEventListener(
    "keyup",
    (event) => {
      if (event.key === " ") cover("release");
    },
    { capture: true },
  );
}
