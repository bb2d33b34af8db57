import { describe, expect, it } from "vitest";
import { type Command, chordOf, chordWords, keysOf, makeKeymap } from "./keymap";

const commands: Command[] = [
  { id: "note", title: "Write a note", group: "Decide", keys: ["n"] },
  { id: "left", title: "Left", group: "Move", keys: ["ArrowLeft", "h"] },
  { id: "undo", title: "Undo", group: "Decide", keys: ["u"] },
];

function category(code: string, key: string) {
  return { code, key, name: code, hint: "", colour: "red", grave: false, second_look: false };
}

function key(text: string, with_: Partial<Record<"ctrl" | "alt" | "shift", true>> = {}) {
  return {
    key: text,
    ctrlKey: with_.ctrl === true,
    metaKey: false,
    altKey: with_.alt === true,
    shiftKey: with_.shift === true,
  };
}

describe("a chord", () => {
  it("names shift only where the text does not show it", () => {
    expect(chordOf(key("?", { shift: true }))).toBe("?");
    expect(chordOf(key("U", { shift: true }))).toBe("U");
    expect(chordOf(key("ArrowDown", { shift: true }))).toBe("Shift+ArrowDown");
    expect(chordOf(key("Z", { ctrl: true, shift: true }))).toBe("Ctrl+Shift+z");
    expect(chordOf(key(" "))).toBe("Space");
  });

  it("is read out as people say it", () => {
    expect(chordWords("Ctrl+k")).toBe("Ctrl K");
    expect(chordWords("U")).toBe("Shift U");
    expect(chordWords("g")).toBe("G");
    expect(chordWords("+")).toBe("+");
  });
});

describe("the key map of a case", () => {
  it("follows the scheme, whatever it is", () => {
    const scheme = { name: "own", categories: [category("A1", "q"), category("B2", "7")] };
    const map = makeKeymap(commands, scheme, "single");
    expect(map.does.get("q")).toBe("category:A1");
    expect(map.does.get("7")).toBe("category:B2");
    expect(map.does.get("1")).toBeUndefined();
  });

  it("lets a category have the key of a command, and says so", () => {
    const scheme = { name: "own", categories: [category("N", "n")] };
    const map = makeKeymap(commands, scheme, "single");
    expect(map.does.get("n")).toBe("category:N");
    expect(map.without).toEqual(["note"]);
  });

  it("keeps a command's other keys", () => {
    const map = makeKeymap(commands, { name: "own", categories: [category("H", "h")] }, "single");
    expect(keysOf(map, "left")).toEqual(["ArrowLeft"]);
    expect(map.without).toEqual([]);
  });

  it("never gives away the keys to stop, look, move and undo", () => {
    const scheme = { name: "own", categories: [category("X", "u"), category("Y", " ")] };
    const map = makeKeymap(commands, scheme, "single");
    expect(map.does.get("u")).toBe("undo");
    expect(map.without).toEqual(["category:X", "category:Y"]);
  });

  it("gives a key twice asked for to the first", () => {
    const scheme = { name: "own", categories: [category("X", "1"), category("Y", "1")] };
    const map = makeKeymap([], scheme, "single");
    expect(map.does.get("1")).toBe("category:X");
    expect(map.without).toEqual(["category:Y"]);
  });

  it("asks for Alt with single keys where a person wants that", () => {
    const scheme = { name: "own", categories: [category("X", "1")] };
    const map = makeKeymap(commands, scheme, "with_alt");
    expect(map.does.get("1")).toBeUndefined();
    expect(map.does.get("Alt+1")).toBe("category:X");
    expect(map.does.get("ArrowLeft")).toBe("left");
  });
});
