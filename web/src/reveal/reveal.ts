import { signal } from "@preact/signals";
import { Problem, codeOf, isAbort, wordsOf } from "../api/problem";
import { type BudgetLeft, type RevealRendition, askReveal, endReveal, fetchRevealed } from "../api/reveals";
import { caseInfo } from "../state/case";
import { say, speak } from "../state/messages";
import { breakDue, breakUntil } from "../state/live";
import { overlay } from "../state/overlays";
import { may } from "../state/session";
import { settings } from "../state/settings";
import {
  type CoverCause,
  type RevealEffect,
  type RevealEvent,
  type RevealState,
  covered,
  step,
} from "./machine";

/** What is revealed now. The picture's bytes live in this page's memory while it is held, and are
 * given back the moment it is covered. */
export const revealState = signal<RevealState>(covered);
export const revealedUrl = signal("");
/** What a press reveals. */
export const rendition = signal<RevealRendition | null>(null);
export const budgetLeft = signal<BudgetLeft>({ reveals_left: null, seconds_left: null });
/** Counts up with each reveal that was shown, for pages that show figures. */
export const revealsDone = signal(0);

const reasons = new Map<string, string>();
let fetching = new AbortController();
let presses = 0;
let ticking: ReturnType<typeof setInterval> | undefined;

export function chosenRendition(): RevealRendition {
  return rendition.value ?? settings.value.rendition;
}

const renditions: readonly RevealRendition[] = ["grey", "colour", "original"];

export function nextRendition(): void {
  rendition.value = renditions[(renditions.indexOf(chosenRendition()) + 1) % renditions.length] ?? "grey";
}

function send(event: RevealEvent): void {
  const idleSeconds = caseInfo.value?.policy.cover_after_idle_seconds ?? 10;
  const [state, effects] = step(revealState.value, event, { idleMs: idleSeconds * 1000 });
  revealState.value = state;
  for (const effect of effects) run(effect);
  if (state.at === "shown") ticking ??= setInterval(() => send({ is: "tick", now: performance.now() }), 100);
  else {
    clearInterval(ticking);
    ticking = undefined;
  }
}

function run(effect: RevealEffect): void {
  const caseName = caseInfo.value?.case ?? "";
  switch (effect.do) {
    case "ask":
      void ask(caseName, effect.press, effect.item);
      return;
    case "fetch":
      void fetchPicture(effect.press, effect.url);
      return;
    case "cover":
      fetching.abort();
      if (revealedUrl.value !== "") URL.revokeObjectURL(revealedUrl.value);
      revealedUrl.value = "";
      speak("Covered.");
      return;
    case "end":
      if (effect.shownMs > 0) ++revealsDone.value;
      // The server counts its own time, so a failure here loses nothing.
      void endReveal(caseName, effect.reveal, effect.shownMs).catch(() => {});
  }
}

async function ask(caseName: string, press: number, item: string): Promise<void> {
  try {
    const granted = await askReveal(caseName, item, chosenRendition(), reasons.get(item));
    budgetLeft.value = granted.budget;
    const maxMs = granted.max_seconds * 1000;
    send({ is: "granted", press, reveal: granted.reveal, url: granted.url, maxMs });
  } catch (error) {
    refuse(press, item, error);
  }
}

async function fetchPicture(press: number, url: string): Promise<void> {
  fetching = new AbortController();
  const { signal: stop } = fetching;
  try {
    const blob = await fetchRevealed(url, stop);
    if (stop.aborted) return;
    const address = URL.createObjectURL(blob);
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    if (stop.aborted) {
      URL.revokeObjectURL(address);
      return;
    }
    revealedUrl.value = address;
    speak("Revealed.");
    requestAnimationFrame(() => send({ is: "painted", press, now: performance.now() }));
  } catch (error) {
    if (isAbort(error)) return;
    send({ is: "refused", press });
    say(
      "bad",
      error instanceof Problem ? `Not shown. ${wordsOf(error)}` : "Not shown: this browser cannot draw it.",
    );
  }
}

function refuse(press: number, item: string, error: unknown): void {
  send({ is: "refused", press });
  switch (codeOf(error)) {
    case "reason-needed":
      overlay.value = { is: "reason", item };
      return;
    case "budget-reached":
      budgetLeft.value = { reveals_left: 0, seconds_left: 0 };
      say(
        "bad",
        "Your budget for today is used up. Decide from the facts, pass items on, or stop for today.",
      );
      return;
    case "break-due": {
      // It has begun with this refusal.
      const { until } = (error as Problem).body;
      breakDue.value = false;
      breakUntil.value = Date.parse(String(until));
      return;
    }
    default:
      say("bad", `Not shown. ${wordsOf(error)}`);
  }
}

export function giveReason(item: string, reason: string): void {
  reasons.set(item, reason);
}

/** Reasons and what is left are one person's. */
export function forgetReveals(): void {
  cover("left");
  reasons.clear();
  rendition.value = null;
  budgetLeft.value = { reveals_left: null, seconds_left: null };
}

/** Begins a reveal; the caller calls cover("release") when the key or the pointer is let go. */
export function press(item: string): void {
  if (!may("reveal")) {
    say("warn", "Your role may not reveal pictures.");
    return;
  }
  send({ is: "press", press: ++presses, item, now: performance.now() });
}

export function cover(cause: CoverCause): void {
  send({ is: "cover", cause, now: performance.now() });
}

/** Every way in which the person may have looked away. */
export function guardReveals(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") cover("hidden");
  });
  window.addEventListener("blur", () => cover("blur"));
  window.addEventListener("pagehide", () => cover("left"));
  window.addEventListener("pointerup", () => cover("release"));
  window.addEventListener("pointercancel", () => cover("release"));
  window.addEventListener("pointermove", () => send({ is: "activity", now: performance.now() }), {
    passive: true,
  });
}
