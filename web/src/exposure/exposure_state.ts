import { effect, signal } from "@preact/signals";
import { type Exposure, getMyExposure, startBreak } from "../api/exposure";
import { wordsOf } from "../api/problem";
import { budgetLeft, revealsDone } from "../reveal/reveal";
import { breakDue, breakUntil } from "../state/live";
import { say } from "../state/messages";
import { overlay } from "../state/overlays";
import { caseInfo } from "../state/case";
import { isOpen } from "../state/session";
import { settings } from "../state/settings";

/** What this person was shown, as the server counts it. */
export const exposure = signal<Exposure | null>(null);

export async function readExposure(): Promise<void> {
  try {
    const got = await getMyExposure();
    exposure.value = got;
    breakUntil.value = got.break_until ? Date.parse(got.break_until) : 0;
    const { reveals_per_day: reveals, seconds_per_day: seconds } = got.budget;
    budgetLeft.value = {
      reveals_left: typeof reveals === "number" ? Math.max(0, reveals - got.today.reveals) : null,
      seconds_left: typeof seconds === "number" ? Math.max(0, Math.round(seconds - got.today.seconds)) : null,
    };
  } catch {
    // The figure is shown as unknown; the server keeps counting.
  }
}

export async function takeBreak(minutes: number): Promise<void> {
  try {
    await startBreak(minutes);
    breakUntil.value = Date.now() + minutes * 60_000;
    breakDue.value = null;
  } catch (error) {
    say("bad", `The break was not started. ${wordsOf(error)}`);
  }
}

/** Ordinary pictures between reveals: after so many of them one is shown. */
export function startExposure(): void {
  let since = 0;
  let last = revealsDone.value;
  effect(() => {
    if (isOpen.value) void readExposure();
  });
  effect(() => {
    const done = revealsDone.value;
    if (done === last) return;
    since += done - last;
    last = done;
    // The server hears of the end of a reveal at the same time: a moment later it has counted it.
    setTimeout(() => void readExposure(), 400);
    const every = caseInfo.peek()?.policy.interleave_every ?? 0;
    if (settings.peek().interleave && every > 0 && since >= every) {
      since = 0;
      overlay.value = { is: "interlude", number: done };
    }
  });
}
