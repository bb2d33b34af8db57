import type { Scheme } from "../api/cases";

/** A key with its modifiers as one text, such as "Ctrl+k", "Shift+ArrowDown", "g", "?" or "U".
 * Shift is named only where the key's own text does not show it. */
export interface KeyLike {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export function chordOf(event: KeyLike): string {
  const key = event.key === " " ? "Space" : event.key;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (key.length > 1 || event.ctrlKey || event.metaKey)) parts.push("Shift");
  parts.push(parts.length > 0 && key.length === 1 ? key.toLowerCase() : key);
  return parts.join("+");
}

export interface Command {
  id: string;
  title: string;
  group: string;
  keys: string[];
}

/** Keys that never mean a category, whatever a scheme says: how a person moves, looks and stops. */
const kept = new Set([
  "Escape",
  "Space",
  "Enter",
  "Tab",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "?",
  "g",
  "u",
  "U",
  "Backspace",
]);

export interface Keymap {
  /** What a chord does: a command's id, "category:CODE" for a category. */
  does: ReadonlyMap<string, string>;
  /** Commands and categories without a key, because another has it. They are in the palette. */
  without: readonly string[];
}

export function isSingle(chord: string): boolean {
  return chord.length === 1;
}

/** The scheme's keys go before commands, for categorising is the work; only `kept` keys stay. With
 * `with_alt` single keys act only together with Alt, for people whose aids type letters. */
export function makeKeymap(
  commands: readonly Command[],
  scheme: Scheme,
  style: "single" | "with_alt",
): Keymap {
  const does = new Map<string, string>();
  const without: string[] = [];
  const styled = (key: string): string =>
    style === "with_alt" && isSingle(key) ? `Alt+${key.toLowerCase()}` : key;
  for (const category of scheme.categories) {
    const key = category.key;
    const usable = key.length === 1 && key !== " " && !kept.has(key) && !does.has(styled(key));
    if (usable) does.set(styled(key), `category:${category.code}`);
    else without.push(`category:${category.code}`);
  }
  for (const command of commands) {
    const free = command.keys.filter((key) => !does.has(styled(key)));
    for (const key of free) does.set(styled(key), command.id);
    if (free.length === 0 && command.keys.length > 0) without.push(command.id);
  }
  return { does, without };
}

/** The keys of a command as a person reads them. */
export function keysOf(keymap: Keymap, id: string): string[] {
  const out: string[] = [];
  for (const [chord, command] of keymap.does) if (command === id) out.push(chord);
  return out;
}

const names: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "Page up",
  PageDown: "Page down",
};

export function chordWords(chord: string): string {
  const parts = chord.split(/\+(?=.)/).map((part) => names[part] ?? part);
  const last = parts.at(-1) ?? "";
  if (parts.length === 1 && /^[A-Z]$/.test(last)) return `Shift ${last}`;
  return parts.map((part) => (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}
