import { effect, signal } from "@preact/signals";
import { type Exposure, getMyExposure, startBreak } from "../api/exposure";
import { wordsOf } from "../api/problem";
import { budgetLeft, revealsDone } from "../reveal/reveal";
import { breakDue, breakUntil } from "../state/live";
import { say } from "../state/messages";
import { overlay } from "../state/overlays";
import { caseInfo } from "../state/case";
import { isOpen, may } from "../state/session";
import { settings } from "../state/settings";

/** What this person was shown, as the server counts it. */
export const exposure = signal<Exposure | null>(null);

let dueTimer: ReturnType<typeof setTimeout> | undefined;
let toldOf = "";

/** Says that a break is due when it is, once. */
function awaitBreak(at: string | null): void {
  clearTimeout(dueTimer);
  if (at === null || at === toldOf) return;
  const tell = (): void => {
    toldOf = at;
    breakDue.value = true;
  };
  dueTimer = setTimeout(tell, Math.max(0, Date.parse(at) - Date.now()));
}

export async function readExposure(): Promise<void> {
  if (!may("see_own_exposure")) return;
  try {
    const got = await getMyExposure();
    exposure.value = got;
    const until = got.break_until ? Date.parse(got.break_until) : 0;
    // Who went back to the facts is left there: the clocks of server and page differ a little.
    breakUntil.value = until - leftUntil > 60_000 ? until : 0;
    awaitBreak(got.next_break_at);
    const { reveals_a_day: reveals, seconds_a_day: seconds } = got.budget;
    budgetLeft.value = {
      reveals_left: reveals === null ? null : Math.max(0, reveals - got.today.reveals),
      seconds_left: seconds === null ? null : Math.max(0, seconds - got.today.seconds),
    };
  } catch {
    // The figure is shown as unknown; the server keeps counting.
  }
}

let leftUntil = 0;

/** Uncovers the screen although the break goes on, until a reveal is asked for. */
export function leaveBreak(): void {
  leftUntil = breakUntil.value;
  breakUntil.value = 0;
}

export async function takeBreak(minutes: number): Promise<void> {
  try {
    await startBreak(minutes);
    breakUntil.value = Date.now() + minutes * 60_000;
    breakDue.value = false;
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
