import { expect, it } from "vitest";
import type { Approval } from "../api/approvals";
import { factsOf, outcomeOf } from "./approval_facts";

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

const approved: Approval = {
  approval: 1,
  kind: "export_originals",
  state: "doing",
  what: {},
  by: "Ana",
  mine: true,
  asked: "",
  expires: "",
  approved_by: "Fay",
};

it("says what is being done, and never that it is done before it is", () => {
  expect(outcomeOf(approved)).toEqual([
    ["Approved by", "Fay"],
    ["Being done", "now"],
  ]);
});

it("says how it ended, with what was left", () => {
  const outcome = { code: "interrupted", unfinished: "demo-approval-1-x.unfinished" };
  expect(outcomeOf({ ...approved, state: "interrupted", ended: "on a day", outcome })).toEqual([
    ["Approved by", "Fay"],
    ["Interrupted", "on a day"],
    ["Code", "interrupted"],
    ["Unfinished", "demo-approval-1-x.unfinished"],
  ]);
  const words = (state: Approval["state"]) =>
    outcomeOf({ ...approved, state, ended: "", outcome: {} })[1]?.[0];
  expect([words("failed"), words("executed")]).toEqual(["Failed", "Executed"]);
});
