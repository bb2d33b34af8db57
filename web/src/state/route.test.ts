import { describe, expect, it } from "vitest";
import { everything, toDo } from "../queue/filter";
import { type Route, routeFromText, routeToText } from "./route";

const item = "ab".repeat(32);
const other = "cd".repeat(32);

describe("an address", () => {
  const routes: Route[] = [
    { page: "cases" },
    { page: "exposure" },
    { page: "settings" },
    { page: "people" },
    { page: "keys" },
    { page: "audit" },
    { page: "lists" },
    { page: "approvals" },
    { page: "held" },
    { page: "queue", case: "2026-001", filter: everything, at: "" },
    { page: "queue", case: "2026-001", filter: { ...toDo, type: ["png"] }, at: item },
    { page: "item", case: "2026-001", item },
    { page: "pair", case: "2026-001", item, other },
    { page: "charts", case: "2026-001" },
    { page: "report", case: "2026-001" },
    { page: "case", case: "2026-001" },
    { page: "queue", case: "Fall 7/ü #2", filter: toDo, at: item },
  ];
  for (const route of routes) {
    it(`comes back as it went: ${routeToText(route).slice(0, 40)}`, () => {
      expect(routeFromText(routeToText(route))).toEqual(route);
    });
  }

  it("without a filter opens what is to be done", () => {
    expect(routeFromText("#/c1/queue")).toEqual({ page: "queue", case: "c1", filter: toDo, at: "" });
  });

  it("with an id that is none opens the queue", () => {
    expect(routeFromText("#/c1/item/../../x").page).toBe("queue");
    expect(routeFromText(`#/c1/pair/${item}/zz`).page).toBe("queue");
  });

  it("with a case that cannot be one opens the list of cases", () => {
    expect(routeFromText("#/%E0%A4%A/queue").page).toBe("cases");
    expect(routeFromText(`#/${"x".repeat(201)}/queue`).page).toBe("cases");
    expect(routeFromText("#").page).toBe("cases");
  });
});
