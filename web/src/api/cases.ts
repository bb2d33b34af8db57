import { caseRoot, getJson, sendJson } from "./http";

export interface CaseLine {
  case: string;
  number: string;
  exhibit: string;
  agency: string;
  examiner: string;
  time_zone: string;
  items: number;
  groups: number;
  /** Groups that somebody decided something of. */
  reviewed: number;
  scan: "idle" | "running";
}

/** One way in which an item may be categorised; the case says which there are. */
export interface Category {
  code: string;
  /** "" for none. */
  key: string;
  name: string;
  hint: string;
  colour: string;
  grave: boolean;
  second_look: boolean;
}

export interface Scheme {
  name: string;
  categories: Category[];
}

/** How an item is covered before a reveal, the most covering first. */
export type CoverStyle = "card" | "drawing" | "blur" | "grey";

/** Null is without a limit; breaks every 0 minutes are none. */
export interface Budget {
  reveals_a_day: number | null;
  seconds_a_day: number | null;
  break_every_minutes: number;
  break_minutes: number;
}

export interface Policy {
  second_look: boolean;
  known_needs_reason: boolean;
  reveal_max_seconds: number;
  cover_after_idle_seconds: number;
  budget: Budget;
  floor: CoverStyle;
  interleave_every: number;
}

export interface CaseInfo {
  case: string;
  number: string;
  exhibit: string;
  agency: string;
  examiner: string;
  time_zone: string;
  created: string;
  items: number;
  groups: number;
  lists: { name: string; version: string; entries: number }[];
  sources: { source: string; kind: string }[];
  scan: { state: "idle" | "running"; run?: number; started?: string };
  ranking: { state: "current" | "stale" | "none" };
  scheme: Scheme;
  policy: Policy;
  version: number;
  /** The number of the last act that is on record. */
  last_act: number;
}

export async function listCases(): Promise<CaseLine[]> {
  return (await getJson<{ cases: CaseLine[] }>("/v1/cases")).cases;
}

export function getCase(caseName: string): Promise<CaseInfo> {
  return getJson<CaseInfo>(caseRoot(caseName));
}

export function putScheme(caseName: string, scheme: Scheme): Promise<void> {
  return sendJson<void>("PUT", `${caseRoot(caseName)}/scheme`, scheme);
}

export function putPolicy(caseName: string, policy: Policy): Promise<void> {
  return sendJson<void>("PUT", `${caseRoot(caseName)}/policy`, policy);
}
