import { describe, expect, it } from "vitest";
import type { ActRequest } from "../api/acts";
import type { Card } from "../api/queue";
import { ActQueue, type Op } from "./act_queue";

const base = {
  flags: [] as string[],
  notes: 0,
  passed: false,
  conflict: false,
  second_look: null,
  decision: null,
};
const a = { ...base, item: "a" } as unknown as Card;
const b = { ...base, item: "b" } as unknown as Card;

function category(code: string | null, ...items: string[]): ActRequest {
  return { id: "i", kind: "category", items, whole_groups: false, category: code, seen: 0 };
}

function put(queue: ActQueue, code: string, ...cards: Card[]): void {
  const items = cards.map((card) => card.item);
  queue.act(category(code, ...items), cards, "me", "now");
}

function take(queue: ActQueue): Op {
  const op = queue.next();
  if (op === undefined) throw new Error("nothing to send");
  return op;
}

describe("acts that the server has yet to hear of", () => {
  it("are shown at once, and change no card that they do not name", () => {
    const queue = new ActQueue();
    put(queue, "2", a);
    expect(queue.shown(a).decision?.category).toBe("2");
    expect(queue.shown(b)).toBe(b);
  });

  it("leave one at a time, in the order of the keys", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    put(queue, "2", b);
    const first = take(queue);
    expect(queue.next()).toBeUndefined();
    queue.done(first, { act: 5, items: 1, version: 2 });
    const second = take(queue);
    expect(second.entry?.request.category).toBe("2");
  });

  it("become what the card is when the server has them", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const changes = queue.done(take(queue), { act: 5, items: 1, version: 2 });
    expect(changes?.get("a")?.decision?.category).toBe("1");
    expect(queue.shown(a)).toBe(a);
  });

  it("are rolled back when the server refuses, and later ones stand", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    put(queue, "2", b);
    queue.refused(take(queue));
    expect(queue.shown(a)).toBe(a);
    expect(queue.shown(b).decision?.category).toBe("2");
  });

  it("are sent again when the server could not be reached", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const op = take(queue);
    queue.postponed();
    expect(take(queue)).toBe(op);
  });

  it("add up on one card", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const shown = queue.shown(a);
    const flag: ActRequest = {
      id: "i",
      kind: "flag",
      items: ["a"],
      whole_groups: false,
      flag: "urgent",
      seen: 0,
    };
    queue.act(flag, [shown], "me", "now");
    expect(queue.shown(a)).toMatchObject({ decision: { category: "1" }, flags: ["urgent"] });
  });
});

describe("undo", () => {
  it("drops what has not left the page", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    expect(queue.undo()).toBe("dropped");
    expect(queue.length).toBe(0);
    expect(queue.shown(a)).toBe(a);
  });

  it("waits behind what is under way, and shows at once what was before", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const sent = take(queue);
    expect(queue.undo()).toBe("asked");
    expect(queue.shown(a).decision).toBeNull();
    queue.done(sent, { act: 9, items: 1, version: 2 });
    const undo = take(queue);
    expect(undo.is).toBe("undo");
    const changes = queue.done(undo, { act: 9, kind: "category", items: ["a"], category: null });
    expect(changes?.get("a")?.decision).toBeNull();
  });

  it("has no end: what this page does not know is asked of the server", () => {
    const queue = new ActQueue();
    expect(queue.undo()).toBe("asked");
    const changes = queue.done(take(queue), { act: 1, kind: "category", items: ["z"], category: null });
    expect(changes).toBeUndefined();
  });

  it("of something else than the page thought tells the page that it does not know", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    queue.done(take(queue), { act: 9, items: 1, version: 2 });
    queue.undo();
    expect(queue.done(take(queue), { act: 4, kind: "flag", items: ["q"], category: null })).toBeUndefined();
  });

  it("that was refused can be asked again", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    queue.done(take(queue), { act: 9, items: 1, version: 2 });
    queue.undo();
    queue.refused(take(queue));
    queue.undo();
    expect(take(queue).entry?.act).toBe(9);
  });

  it("of an act that is then refused is dropped with it", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const sent = take(queue);
    queue.undo();
    queue.refused(sent);
    expect(queue.length).toBe(0);
  });
});

describe("an act that left and got no answer", () => {
  it("is sent again before it is undone, since the server may have it", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    const sent = take(queue);
    queue.postponed();
    expect(queue.undo()).toBe("asked");
    expect(take(queue)).toBe(sent);
    queue.done(sent, { act: 9, items: 1, version: 2 });
    expect(take(queue).is).toBe("undo");
  });

  it("is not done anew where it is done again while it is under way", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    take(queue);
    queue.undo();
    expect(queue.redo()).toBe("asked");
  });
});

describe("settling", () => {
  it("ends the conflict of a card", () => {
    const queue = new ActQueue();
    const card = { ...a, conflict: true };
    queue.act({ ...category("2", "a"), kind: "settle" }, [card], "me", "now");
    expect(queue.shown(card)).toMatchObject({ conflict: false, decision: { settled: true } });
  });
});

describe("redo", () => {
  it("does again what was undone", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    queue.done(take(queue), { act: 9, items: 1, version: 2 });
    queue.undo();
    queue.done(take(queue), { act: 9, kind: "category", items: ["a"], category: null });
    expect(queue.redo()).toBe("asked");
    expect(queue.shown(a).decision?.category).toBe("1");
  });

  it("sends again what never left the page", () => {
    const queue = new ActQueue();
    put(queue, "1", a);
    queue.undo();
    expect(queue.redo()).toBe("kept");
    expect(take(queue).is).toBe("act");
  });
});
