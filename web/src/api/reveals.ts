import { caseRoot, getBlob, sendJson } from "./http";

export type RevealRendition = "grey" | "colour" | "original";

/** Null is without a limit. */
export interface BudgetLeft {
  reveals_left: number | null;
  seconds_left: number | null;
}

export interface Granted {
  reveal: string;
  /** Gives the picture once. */
  url: string;
  max_seconds: number;
  budget: BudgetLeft;
}

export function askReveal(
  caseName: string,
  item: string,
  rendition: RevealRendition,
  reason: string | undefined,
): Promise<Granted> {
  const body = reason === undefined ? { rendition } : { rendition, reason };
  return sendJson<Granted>("POST", `${caseRoot(caseName)}/items/${item}/reveals`, body);
}

export function fetchRevealed(url: string, signal: AbortSignal): Promise<Blob> {
  return getBlob(url, { signal });
}

/** Says how long the picture was on the screen. Sent even while the page goes away. */
export function endReveal(caseName: string, reveal: string, shownMs: number): Promise<void> {
  const path = `${caseRoot(caseName)}/reveals/${encodeURIComponent(reveal)}/end`;
  return sendJson<void>("POST", path, { shown_ms: shownMs }, { outlivesPage: "yes" });
}
