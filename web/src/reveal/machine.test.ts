import { describe, expect, it } from "vitest";
import { type RevealEffect, type RevealEvent, type RevealState, covered, step } from "./machine";

const limits = { idleMs: 10_000 };

function run(events: RevealEvent[], from: RevealState = covered) {
  let state = from;
  const effects: RevealEffect[] = [];
  for (const event of events) {
    const [next, done] = step(state, event, limits);
    state = next;
    effects.push(...done);
  }
  return { state, effects };
}

const press = 7;

function asked() {
  return run([{ is: "press", press, item: "a", now: 0 }]).state;
}

function shown(now = 1000) {
  const state = asked();
  return run(
    [
      { is: "granted", press, reveal: "r1", url: "/once", maxMs: 30_000 },
      { is: "painted", press, now },
    ],
    state,
  ).state;
}

describe("a reveal", () => {
  it("asks, fetches and shows", () => {
    const state = asked();
    const after = run([{ is: "granted", press, reveal: "r1", url: "/once", maxMs: 30_000 }], state);
    expect(after.effects).toEqual([{ do: "fetch", press, url: "/once" }]);
    expect(shown().at).toBe("shown");
  });

  it("is asked for once, however often the key repeats", () => {
    const state = asked();
    const again = run([{ is: "press", press: 8, item: "a", now: 50 }], state);
    expect(again.effects).toEqual([]);
    expect(again.state).toBe(state);
  });

  for (const cause of ["release", "hidden", "blur", "blank", "left"] as const) {
    it(`is covered on ${cause}, and says how long it was shown`, () => {
      const after = run([{ is: "cover", cause, now: 3500.4 }], shown(1000));
      expect(after.state).toEqual(covered);
      expect(after.effects).toEqual([{ do: "cover" }, { do: "end", reveal: "r1", shownMs: 2500 }]);
    });
  }

  it("is covered after idle seconds, counted from the last activity", () => {
    const moved = run([{ is: "activity", now: 9000 }], shown(1000)).state;
    expect(run([{ is: "tick", now: 18_900 }], moved).state.at).toBe("shown");
    expect(run([{ is: "tick", now: 19_000 }], moved).state.at).toBe("covered");
  });

  it("is covered when its time is over, activity or not", () => {
    const moved = run([{ is: "activity", now: 30_500 }], shown(1000)).state;
    const after = run([{ is: "tick", now: 31_000 }], moved);
    expect(after.effects).toContainEqual({ do: "end", reveal: "r1", shownMs: 30_000 });
  });

  it("that was let go before the answer ends with nothing shown", () => {
    const state = asked();
    const gone = run([{ is: "cover", cause: "release", now: 5 }], state);
    expect(gone.effects).toEqual([]);
    const late = run([{ is: "granted", press, reveal: "r9", url: "/once", maxMs: 1 }], gone.state);
    expect(late.effects).toEqual([{ do: "end", reveal: "r9", shownMs: 0 }]);
    expect(late.state).toEqual(covered);
  });

  it("that was let go while the picture came ends with nothing shown", () => {
    const state = asked();
    const fetching = run([{ is: "granted", press, reveal: "r1", url: "/once", maxMs: 30_000 }], state).state;
    const gone = run([{ is: "cover", cause: "release", now: 99 }], fetching);
    expect(gone.effects).toContainEqual({ do: "end", reveal: "r1", shownMs: 0 });
    expect(run([{ is: "painted", press, now: 120 }], gone.state).state).toEqual(covered);
  });

  it("of another item covers the first", () => {
    const after = run([{ is: "press", press: 8, item: "b", now: 2000 }], shown(1000));
    expect(after.effects.slice(0, 2)).toEqual([{ do: "cover" }, { do: "end", reveal: "r1", shownMs: 1000 }]);
    expect(after.state.at).toBe("asking");
  });

  it("that is refused leaves the picture covered", () => {
    const state = asked();
    expect(run([{ is: "refused", press }], state).state).toEqual(covered);
  });
});
