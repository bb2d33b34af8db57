import { signal } from "@preact/signals";
import { type Filter, filterFromText, filterToText, toDo } from "../queue/filter";

/** Pages that belong to no case. */
const alone = ["exposure", "settings", "people", "keys", "audit", "lists", "approvals", "held"] as const;
export type Alone = (typeof alone)[number];

/** Which page stands before the person. Its text form is the part of the address behind "#", which
 * no browser sends anywhere; it holds ids and filters, never a name of a file. */
export type Route =
  | { page: "cases" }
  | { page: Alone }
  | { page: "queue"; case: string; filter: Filter; at: string }
  | { page: "item"; case: string; item: string }
  | { page: "pair"; case: string; item: string; other: string }
  | { page: "charts" | "report" | "case"; case: string };

const itemId = /^[0-9a-f]{64}$/;
const maxCaseName = 200;

/** The name of a case as it stands in an address; "" where it is none. */
function caseFromText(text: string): string {
  try {
    const name = decodeURIComponent(text);
    return name.length <= maxCaseName ? name : "";
  } catch {
    return "";
  }
}

export function routeToText(route: Route): string {
  switch (route.page) {
    case "cases":
      return "#/";
    case "queue": {
      const query = new URLSearchParams(filterToText(route.filter));
      if (query.size === 0) query.set("all", "");
      if (route.at !== "") query.set("at", route.at);
      return `#/${encodeURIComponent(route.case)}/queue?${query.toString()}`;
    }
    case "item":
      return `#/${encodeURIComponent(route.case)}/item/${route.item}`;
    case "pair":
      return `#/${encodeURIComponent(route.case)}/pair/${route.item}/${route.other}`;
    default:
      return `#/${"case" in route ? `${encodeURIComponent(route.case)}/` : ""}${route.page}`;
  }
}

function isAlone(page: string): page is Alone {
  return (alone as readonly string[]).includes(page);
}

export function routeFromText(text: string): Route {
  const [path = "", query = ""] = text.replace(/^#\/?/, "").split("?", 2);
  const [first = "", page = "", item = "", other = ""] = path.split("/");
  if (page === "" && isAlone(first)) return { page: first };
  const name = caseFromText(first);
  if (name === "" || page === "") return { page: "cases" };
  if (page === "item" && itemId.test(item)) return { page, case: name, item };
  if (page === "pair" && itemId.test(item) && itemId.test(other)) {
    return { page, case: name, item, other };
  }
  if (page === "charts" || page === "report" || page === "case") return { page, case: name };
  const asked = new URLSearchParams(query);
  const at = asked.get("at") ?? "";
  asked.delete("at");
  const filter = asked.size === 0 ? toDo : filterFromText(asked.toString());
  return { page: "queue", case: name, filter, at: itemId.test(at) ? at : "" };
}

export const route = signal<Route>({ page: "cases" });

/** Goes to a page; the way back leads here. */
export function go(to: Route): void {
  location.hash = routeToText(to);
}

/** Changes the address of this page without a way back to what it was. */
export function amend(to: Route): void {
  history.replaceState(null, "", routeToText(to));
  route.value = to;
}

export function followAddress(): void {
  const read = (): void => {
    route.value = routeFromText(location.hash);
  };
  window.addEventListener("hashchange", read);
  read();
}

/** Takes the token of a one-time link out of the address, so that neither history nor a glance over
 * the shoulder finds it. */
export function takeLinkToken(): string | null {
  const found = /^#link=([0-9A-Za-z_-]+)$/.exec(location.hash);
  if (found === null) return null;
  history.replaceState(null, "", "#/");
  return found[1] ?? null;
}
