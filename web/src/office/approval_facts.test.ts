import { expect, it } from "vitest";
import { factsOf } from "./approval_facts";

it("says what a request will do, member for member", () => {
  const what = { list: "known", change: "add", reason: "this month’s", sha256: "ab", bytes: 2_500_000 };
  expect(factsOf(what)).toEqual([
    ["List", "known"],
    ["Change", "add"],
    ["Reason", "this month’s"],
    ["SHA-256 of the file", "ab"],
    ["Size of the file", "2.5 MB"],
  ]);
});

it("hides nothing that it does not know", () => {
  expect(factsOf({ new_thing: { a: 1 }, holds: true })).toEqual([
    ["New thing", '{"a":1}'],
    ["Holds", "true"],
  ]);
});

it("leaves items to their own list", () => {
  expect(factsOf({ case: "demo", items: ["ab"] })).toEqual([["Case", "demo"]]);
});

it("lets no text turn its own direction", () => {
  expect(factsOf({ reason: "\u202etxt" })).toEqual([["Reason", "⟨202E⟩txt"]]);
});
