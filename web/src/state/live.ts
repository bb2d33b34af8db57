import { signal } from "@preact/signals";
import { type ActEvent, listen, sayPresence } from "../api/events";
import { sawAct, startActs } from "./acts";
import { caseInfo, loadCase } from "./case";
import { checkSession, me } from "./session";

export const connection = signal<"starting" | "live" | "lost">("starting");
/** Others who have this case open, and on which item. */
export const others = signal<readonly { name: string; item: string | null }[]>([]);
/** Until when a break lasts that this person takes, in ms since 1970; 0 outside of one. */
export const breakUntil = signal(0);
/** A break is due; the next reveal begins it where the person does not. */
export const breakDue = signal(false);

export interface Hearers {
  act(event: ActEvent): void;
  /** The order or the membership changed; undefined where it may have, unheard. */
  queue(version: number | undefined): void;
}

let stop: (() => void) | null = null;
let lastPresence: string | null | undefined;

export function leaveCase(): void {
  stop?.();
  stop = null;
  others.value = [];
  lastPresence = undefined;
  connection.value = "starting";
}

/** Opens a case: reads it, and hears of what happens in it until another is opened. */
export async function enterCase(caseName: string, hearers: Hearers): Promise<void> {
  leaveCase();
  await loadCase(caseName);
  startActs(caseName, caseInfo.value?.last_act ?? 0);
  let wasLost = false;
  stop = listen(caseName, {
    act(event) {
      sawAct(event.act);
      hearers.act(event);
    },
    queue(event) {
      hearers.queue(event.version);
      void loadCase(caseName);
    },
    presence(event) {
      others.value = event.people.filter((one) => one.name !== me.value);
    },
    state(state) {
      connection.value = state;
      if (state === "lost") {
        if (!wasLost) void checkSession();
        wasLost = true;
      } else if (wasLost) {
        wasLost = false;
        // What happened meanwhile may be more than the server still has to tell.
        hearers.queue(undefined);
      }
    },
  });
}

/** Says which item this person has before them; the same is said once. */
export function tellPresence(caseName: string, item: string | null): void {
  if (item === lastPresence) return;
  lastPresence = item;
  void sayPresence(caseName, item).catch(() => {});
}
