import { signal } from "@preact/signals";
import { wordsOf } from "../api/problem";

/** Short words to a person about what just happened. They go by themselves, except refusals, which
 * stay until they are read. */
export interface Message {
  id: number;
  tone: "quiet" | "good" | "warn" | "bad";
  words: string;
  action?: { words: string; run: () => void };
}

export const messages = signal<readonly Message[]>([]);
/** What a screen reader should say; the page shows it elsewhere. */
export const spoken = signal("");

let ids = 0;
const staysMs = { quiet: 3500, good: 3500, warn: 9000, bad: 0 };

export function dismiss(id: number): void {
  messages.value = messages.value.filter((one) => one.id !== id);
}

export function say(tone: Message["tone"], words: string, action?: Message["action"]): void {
  const id = ++ids;
  const message: Message = action === undefined ? { id, tone, words } : { id, tone, words, action };
  // The same words twice are said once.
  const others = messages.value.filter((one) => one.words !== words);
  messages.value = [...others.slice(-3), message];
  if (staysMs[tone] > 0) setTimeout(() => dismiss(id), staysMs[tone]);
}

/** For what was refused: says what was not done, and why. */
export function refused(what: string): (error: unknown) => void {
  return (error) => say("bad", `${what} ${wordsOf(error)}`);
}

/** Copies for the person, and says so in `words`. */
export function copy(text: string, words: string): void {
  void navigator.clipboard.writeText(text).then(
    () => say("quiet", words),
    () => say("warn", "The browser would not let the page write to the clipboard."),
  );
}

/** Says something to a screen reader alone. */
export function speak(words: string): void {
  spoken.value = words;
}
