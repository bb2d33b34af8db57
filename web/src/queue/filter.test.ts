import { describe, expect, it } from "vitest";
import { everything, filterFromText, filterSize, filterToText, toDo, toggled } from "./filter";

describe("a filter and its text", () => {
  it("come back as they went", () => {
    const filter = {
      ...everything,
      state: ["flagged", "open"],
      list: ["charts & drawings", "100 %"],
      folder: ["f0a1"],
      search: "s-7",
      size_min: 1024,
      after: "2024-01-31",
      known: "shown" as const,
    };
    const text = filterToText(filter);
    expect(filterFromText(text)).toEqual({ ...filter, list: ["100 %", "charts & drawings"] });
  });

  it("do not depend on the order of choosing", () => {
    const one = toggled(toggled(everything, "type", "png"), "type", "jpeg");
    const other = toggled(toggled(everything, "type", "jpeg"), "type", "png");
    expect(filterToText(one)).toBe(filterToText(other));
  });

  it("are empty where nothing is asked for", () => {
    expect(filterToText(everything)).toBe("");
    expect(filterFromText("")).toEqual(everything);
  });

  it("let no name of a folder or file through a link", () => {
    expect(filterFromText("folder=holiday%2Fbeach.jpg&search=a%20name").folder).toEqual([]);
    expect(filterFromText("folder=holiday%2Fbeach.jpg&search=a%20name").search).toBe("");
  });

  it("leave out what is not understood", () => {
    const text = "size_min=-4&size_max=1e9&after=yesterday&known=maybe&unheard=of&state=";
    expect(filterFromText(text)).toEqual(everything);
  });

  it("bound how much a link may ask for", () => {
    const many = Array.from({ length: 500 }, (_, i) => `type=t${i}`).join("&");
    expect(filterFromText(many).type).toHaveLength(64);
    expect(filterFromText(`type=${"x".repeat(201)}`).type).toEqual([]);
  });
});

describe("choosing a value", () => {
  it("takes it out where it was in", () => {
    expect(toggled(toDo, "state", "open").state).toEqual([]);
    expect(toggled(toDo, "state", "passed").state).toEqual(["open", "passed"]);
  });

  it("counts a range of sizes as one thing", () => {
    expect(filterSize({ ...toDo, size_min: 1, size_max: 2 })).toBe(2);
  });
});
