import { caseRoot, getJson, sendJson } from "./http";

export interface Decision {
  category: string;
  by: string;
  at: string;
  settled: boolean;
}

export type Coverage = "full" | "partial" | "none";

/** What stands for one group in the queue. */
export interface Card {
  item: string;
  /** 1 for the first of the whole case. */
  rank: number;
  /** "" or "unranked" while triage has not seen it. */
  class: string;
  /** Items in its group; 1 where it is alone. */
  members: number;
  type: string;
  width: number | null;
  height: number | null;
  size: number | null;
  modified: string | null;
  /** Only for those who may see paths. */
  name: string | null;
  /** Only for those who may see lists. */
  list: { name: string; category: string }[] | null;
  grades: string[];
  known: boolean;
  coverage: Coverage;
  /** Null, too, while a second look is wanted of this person, who does not see the first one. */
  decision: Decision | null;
  flags: string[];
  notes: number;
  passed: boolean;
  conflict: boolean;
  second_look: "wanted" | "done" | null;
}

export interface QueuePage {
  version: number;
  total: number;
  items_total: number;
  from: number;
  cards: Card[];
}

export type Facet = "state" | "list" | "category" | "grade" | "source" | "type" | "class" | "folder";

export interface QueueCounts {
  version: number;
  by: Record<Facet, Record<string, number>>;
  /** What the names of folders stand for; empty for those who may not see paths. */
  folders: Record<string, string>;
}

export const pageCards = 200;

/** As the server takes it: no name comes twice, so further values of one are `name.2`, `name.3` ... */
function asQuery(filters: string): string {
  const seen = new Map<string, number>();
  const out = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(filters)) {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    out.append(times === 1 ? name : `${name}.${times}`, value);
  }
  return out.toString();
}

export function getQueue(
  caseName: string,
  filters: string,
  from: number,
  signal: AbortSignal,
): Promise<QueuePage> {
  const rest = filters === "" ? "" : `&${asQuery(filters)}`;
  const path = `${caseRoot(caseName)}/queue?from=${from}&count=${pageCards}${rest}`;
  return getJson<QueuePage>(path, { signal });
}

export function getCounts(caseName: string, filters: string, signal: AbortSignal): Promise<QueueCounts> {
  const rest = filters === "" ? "" : `?${asQuery(filters)}`;
  return getJson<QueueCounts>(`${caseRoot(caseName)}/queue/counts${rest}`, { signal });
}

/** The place of the item's card, counted from 0; a refusal with 404 where it has none. */
export async function getPlace(caseName: string, filters: string, item: string): Promise<number> {
  const rest = filters === "" ? "" : `&${asQuery(filters)}`;
  const path = `${caseRoot(caseName)}/queue/place?item=${item}${rest}`;
  return (await getJson<{ place: number }>(path)).place;
}

/** Keeps words to look for on the server, so that no name of a file stands in an address. */
export async function keepSearch(caseName: string, text: string): Promise<string> {
  const path = `${caseRoot(caseName)}/searches`;
  return (await sendJson<{ search: string }>("POST", path, { text })).search;
}
