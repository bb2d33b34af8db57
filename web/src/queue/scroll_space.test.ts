import { describe, expect, it } from "vitest";
import { ScrollSpace } from "./scroll_space";

const small = { total: 1000, columns: 5, rowHeight: 200, viewHeight: 700 };
const huge = { total: 1_000_000, columns: 5, rowHeight: 200, viewHeight: 700 };

describe("a grid under the cap", () => {
  it("scrolls as the browser says", () => {
    const space = new ScrollSpace();
    space.resize(small);
    expect(space.elementHeight).toBe(200 * 200);
    expect(space.scrolled(450)).toBeNull();
    expect(space.visible(0)).toEqual({ first: 2, end: 6 });
    expect(space.elementTop(2)).toBe(400);
  });

  it("has a last row that is not full", () => {
    const space = new ScrollSpace();
    space.resize({ ...small, total: 11 });
    expect(space.rows).toBe(3);
    expect(space.visible(2)).toEqual({ first: 0, end: 3 });
  });

  it("shows nothing of nothing", () => {
    const space = new ScrollSpace();
    expect(space.resize({ ...small, total: 0 })).toBe(0);
    expect(space.visible(3)).toEqual({ first: 0, end: 0 });
  });

  it("stays inside when it shrinks", () => {
    const space = new ScrollSpace();
    space.resize(small);
    space.goTo(39_000);
    expect(space.resize({ ...small, total: 50 })).toBe(10 * 200 - 700);
  });

  it("moves only as far as a row needs to be seen whole", () => {
    const space = new ScrollSpace();
    space.resize(small);
    space.goTo(1000);
    expect(space.topToShow(5 * 5)).toBe(1000);
    expect(space.topToShow(5 * 4)).toBe(800);
    expect(space.topToShow(5 * 8)).toBe(9 * 200 - 700);
  });
});

describe("a million cards", () => {
  const cap = 12_000_000;
  const height = 200_000 * 200;

  it("fit into an element that browsers allow", () => {
    const space = new ScrollSpace(cap);
    space.resize(huge);
    expect(space.height).toBe(height);
    expect(space.elementHeight).toBe(cap);
  });

  it("are all reached by a drag of the scroll bar", () => {
    const space = new ScrollSpace(cap);
    space.resize(huge);
    space.scrolled(cap - 700);
    expect(space.virtualTop).toBeCloseTo(height - 700, 3);
    expect(space.visible(0).end).toBe(200_000);
    space.scrolled(cap / 2 - 350);
    expect(space.virtualTop).toBeCloseTo(height / 2 - 350, 3);
    space.scrolled(0);
    expect(space.virtualTop).toBe(0);
  });

  it("move by as much as the wheel does", () => {
    const space = new ScrollSpace(cap);
    space.resize(huge);
    const at = space.goTo(20_000_000);
    space.scrolled(at + 120);
    expect(space.virtualTop).toBeCloseTo(20_000_120, 6);
    expect(space.elementTop(100_000)).toBeCloseTo(at, 6);
  });

  it("keep every row in its place on the screen when the position is laid anew", () => {
    const space = new ScrollSpace(cap);
    space.resize(huge);
    let at = space.goTo(39_500_000);
    for (let i = 0; i < 1_000; ++i) {
      const before = space.virtualTop;
      const set = space.scrolled(at + 600);
      at = set ?? at + 600;
      const moved = space.virtualTop - before;
      expect(moved).toBeGreaterThan(0);
      const row = space.visible(0).first;
      expect(space.elementTop(row) - at).toBeCloseTo(row * 200 - space.virtualTop, 4);
      if (space.virtualTop === height - 700) break;
    }
    expect(space.virtualTop).toBe(height - 700);
    expect(at).toBe(cap - 700);
  });

  it("come back to the first row by the wheel alone", () => {
    const space = new ScrollSpace(cap);
    space.resize(huge);
    let at = space.goTo(1_000_000);
    for (let i = 0; i < 20_000 && space.virtualTop > 0; ++i) at = space.scrolled(at - 100) ?? at - 100;
    expect(space.virtualTop).toBe(0);
    expect(at).toBe(0);
  });
});
