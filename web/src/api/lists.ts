import type { Approval } from "./approvals";
import { getJson, sendJson } from "./http";

export interface ListLine {
  list: string;
  entries: number;
  digests: number;
  fingerprints: number;
  changed?: string;
  /** The rule that it breaks, where it cannot be opened. */
  problem?: string;
  /** Uploads are screened against it. */
  screening: boolean;
}

export type Change = "add" | "remove" | "drop";
/** What 64 hexadecimal digits are, where the file does not tell. */
export type Digits = "ask" | "sha256" | "pdq";

export interface ListChange {
  change: Change;
  /** A staged file; none where the list is dropped. */
  file?: string;
  reason: string;
  digits: Digits;
}

export async function listLists(): Promise<ListLine[]> {
  return (await getJson<{ lists: ListLine[] }>("/v1/lists")).lists;
}

/** Gives the server a file for a change; gives what the change names it by. */
export async function stageFile(file: File): Promise<string> {
  return (await sendJson<{ file: string }>("POST", "/v1/lists/files", file)).file;
}

export function askChange(list: string, change: ListChange): Promise<Approval> {
  return sendJson("POST", `/v1/lists/${encodeURIComponent(list)}/changes`, change);
}
