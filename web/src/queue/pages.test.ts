import { describe, expect, it } from "vitest";
import { type Card, pageCards } from "../api/queue";
import { Pages } from "./pages";

function card(item: string): Card {
  return { item } as Card;
}

function page(from: number, version = 1, total = 1000) {
  const cards = Array.from({ length: pageCards }, (_, i) => card(`${version}:${from + i}`));
  return { version, total, items_total: total, from, cards };
}

describe("the pages of a queue", () => {
  it("are asked for once", () => {
    const pages = new Pages();
    pages.take(0, page(0));
    expect(pages.missing({ first: 150, end: 450 })).toEqual([1, 2]);
    expect(pages.missing({ first: 150, end: 450 })).toEqual([]);
    pages.failed(2);
    expect(pages.missing({ first: 150, end: 450 })).toEqual([2]);
  });

  it("are not asked for behind the end", () => {
    const pages = new Pages();
    pages.take(0, page(0, 1, 250));
    expect(pages.missing({ first: 0, end: 5000 })).toEqual([1]);
  });

  it("find a card by its item", () => {
    const pages = new Pages();
    pages.take(1, page(200));
    expect(pages.find("1:215")).toBe(215);
    expect(pages.find("nowhere")).toBeUndefined();
  });

  it("stay in sight while newer ones are fetched", () => {
    const pages = new Pages();
    pages.take(0, page(0));
    pages.outdated(2);
    expect(pages.at(3)?.item).toBe("1:3");
    expect(pages.missing({ first: 0, end: 10 })).toEqual([0]);
    expect(pages.take(0, page(0, 2))).toBe("same");
    expect(pages.at(3)?.item).toBe("2:3");
    expect(pages.find("1:3")).toBeUndefined();
  });

  it("say when the order moved under them", () => {
    const pages = new Pages();
    pages.take(0, page(0));
    expect(pages.take(1, page(200, 5))).toBe("moved");
    expect(pages.missing({ first: 0, end: 10 })).toEqual([0]);
  });

  it("forget the oldest", () => {
    const pages = new Pages(2);
    for (const i of [0, 1, 2]) pages.take(i, page(i * pageCards));
    expect(pages.at(0)).toBeUndefined();
    expect(pages.find("1:0")).toBeUndefined();
    expect(pages.at(2 * pageCards)?.item).toBe("1:400");
  });
});
