/** What a press-and-hold reveal is doing. Nothing here touches a page or a clock, so that every way
 * in which a picture must be covered again can be tested. */
export type RevealState =
  | { at: "covered" }
  | { at: "asking"; press: number; item: string }
  | { at: "fetching"; press: number; item: string; reveal: string; maxMs: number }
  | {
      at: "shown";
      press: number;
      item: string;
      reveal: string;
      maxMs: number;
      since: number;
      activity: number;
    };

export type CoverCause = "release" | "hidden" | "blur" | "blank" | "left";

export type RevealEvent =
  | { is: "press"; press: number; item: string; now: number }
  | { is: "granted"; press: number; reveal: string; url: string; maxMs: number }
  | { is: "painted"; press: number; now: number }
  | { is: "refused"; press: number }
  | { is: "cover"; cause: CoverCause; now: number }
  | { is: "activity"; now: number }
  | { is: "tick"; now: number };

export type RevealEffect =
  | { do: "ask"; press: number; item: string }
  | { do: "fetch"; press: number; url: string }
  | { do: "cover" }
  | { do: "end"; reveal: string; shownMs: number };

export interface RevealLimits {
  idleMs: number;
}

export type Step = [RevealState, RevealEffect[]];

export const covered: RevealState = { at: "covered" };

function ended(state: RevealState, now: number): RevealEffect[] {
  switch (state.at) {
    case "covered":
    case "asking":
      return [];
    case "fetching":
      return [{ do: "cover" }, { do: "end", reveal: state.reveal, shownMs: 0 }];
    case "shown": {
      const shownMs = Math.max(0, Math.round(now - state.since));
      return [{ do: "cover" }, { do: "end", reveal: state.reveal, shownMs }];
    }
  }
}

export function step(state: RevealState, event: RevealEvent, limits: RevealLimits): Step {
  switch (event.is) {
    case "press": {
      if (state.at !== "covered" && state.item === event.item) return [state, []];
      const { press, item } = event;
      const next: RevealState = { at: "asking", press, item };
      return [next, [...ended(state, event.now), { do: "ask", press, item }]];
    }
    case "granted": {
      // Let go before the server answered: the reveal ends with nothing shown.
      if (state.at !== "asking" || state.press !== event.press) {
        return [state, [{ do: "end", reveal: event.reveal, shownMs: 0 }]];
      }
      const { press, item } = state;
      const next: RevealState = {
        at: "fetching",
        press,
        item,
        reveal: event.reveal,
        maxMs: event.maxMs,
      };
      return [next, [{ do: "fetch", press, url: event.url }]];
    }
    case "painted": {
      if (state.at !== "fetching" || state.press !== event.press) return [state, []];
      return [{ ...state, at: "shown", since: event.now, activity: event.now }, []];
    }
    case "refused": {
      if (state.at === "covered" || state.press !== event.press) return [state, []];
      return [covered, ended(state, 0)];
    }
    case "cover":
      return [covered, ended(state, event.now)];
    case "activity":
      if (state.at !== "shown") return [state, []];
      return [{ ...state, activity: event.now }, []];
    case "tick": {
      if (state.at !== "shown") return [state, []];
      const isOver = event.now - state.since >= state.maxMs;
      const isIdle = event.now - state.activity >= limits.idleMs;
      return isOver || isIdle ? [covered, ended(state, event.now)] : [state, []];
    }
  }
}
