import type { CoverStyle } from "./cases";
import { caseRoot, getBlob, getJson } from "./http";
import type { Card, Coverage } from "./queue";

export interface Step {
  kind: string;
  name: string | null;
  offset?: number | null;
}

export interface Reason {
  code: string;
  words: string;
}

export interface Finding {
  kind: string;
  grade: string;
  /** What the grade promises and what it does not. */
  grade_words: string;
  statement: string;
  fields: [string, string][];
  offset: number | null;
}

export interface Hit {
  list: string;
  version: string;
  category: string;
  disposition: string;
  kind: string;
  /** Quantised, and only for those who may see it. */
  distance: number | null;
  entry: string;
  victim_identified: string;
}

export interface HistoryLine {
  act: number;
  kind: string;
  by: string;
  at: string;
  category: string | null;
  flag: string | null;
  to: string | null;
  text: string | null;
  undone: boolean;
}

export interface Item {
  item: string;
  card: Card;
  path: Step[];
  /** A time without a zone is of a clock whose zone nobody knows. */
  times: Record<string, string>;
  digests: { md5?: string; sha1?: string; sha256?: string };
  format: string;
  /** "" where it is not known. */
  media_type: string;
  width: number | null;
  height: number | null;
  size: number | null;
  coverage: Coverage;
  error: { code: string; rule: string; offset: number | null } | null;
  reasons: Reason[];
  findings: Finding[];
  hits: Hit[];
  fingerprints: { mode: string; quality: number }[];
  copies: string[];
  near: { item: string }[];
  history: HistoryLine[];
  exposures: number;
}

export function getItem(caseName: string, item: string, signal: AbortSignal): Promise<Item> {
  return getJson<Item>(`${caseRoot(caseName)}/items/${item}`, { signal });
}

/** A picture that the server made to show little; never more than 192 pixels wide or high. */
export function getRendition(
  caseName: string,
  item: string,
  style: Exclude<CoverStyle, "card">,
  signal: AbortSignal,
): Promise<Blob> {
  return getBlob(`${caseRoot(caseName)}/items/${item}/rendition?style=${style}`, { signal });
}
