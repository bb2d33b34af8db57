import { expect, it } from "vitest";
import { best, fit } from "./match";

it("finds the starts of words before letters in the middle", () => {
  const titles = ["Compare side by side", "Cover style: blur", "Open the case charts"];
  expect(best("cs", titles, (one) => one)[0]).toBe("Cover style: blur");
  expect(best("charts", titles, (one) => one)).toEqual(["Open the case charts"]);
});

it("refuses letters that are not there in that order", () => {
  expect(fit("xyz", "Exposure")).toBeNull();
  expect(fit("erusopxe", "Exposure")).toBeNull();
});

it("keeps the order where nothing was typed", () => {
  expect(best(" ", ["b", "a"], (one) => one)).toEqual(["b", "a"]);
});
