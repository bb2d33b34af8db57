import { describe, expect, it } from "vitest";
import { Renditions } from "./renditions";

function fake() {
  const asked: string[] = [];
  const open = new Map<string, (blob: Blob) => void>();
  const aborted: string[] = [];
  const renditions = new Renditions((item, _style, signal) => {
    asked.push(item);
    return new Promise((resolve, reject) => {
      open.set(item, resolve);
      signal.addEventListener("abort", () => {
        aborted.push(item);
        reject(new DOMException("gone", "AbortError"));
      });
    });
  }, 2);
  const got: string[] = [];
  const wish = (item: string) =>
    renditions.wish(
      item,
      "blur",
      () => got.push(item),
      () => got.push(`${item} failed`),
    );
  return { asked, open, aborted, got, wish };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("covered renditions", () => {
  it("are fetched few at a time, in the order in which they came into view", async () => {
    const { asked, open, got, wish } = fake();
    for (const item of ["a", "b", "c", "d"]) wish(item);
    expect(asked).toEqual(["a", "b"]);
    open.get("a")?.(new Blob());
    await settle();
    expect(asked).toEqual(["a", "b", "c"]);
    expect(got).toEqual(["a"]);
  });

  it("are cancelled when their card leaves", async () => {
    const { asked, aborted, got, wish } = fake();
    const a = wish("a");
    wish("b");
    const c = wish("c");
    c.leave();
    a.leave();
    await settle();
    expect(aborted).toEqual(["a"]);
    expect(asked).toEqual(["a", "b"]);
    expect(got).toEqual([]);
  });
});
