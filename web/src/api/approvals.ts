import { caseRoot, getJson, sendJson } from "./http";

/** What one person asked for, and another has to approve before it is done. */
export interface Approval {
  approval: number;
  kind: "list_change" | "threshold_change" | "export_originals" | "purge";
  /** Only what is executed was done. */
  state: "pending" | "doing" | "executed" | "failed" | "interrupted";
  /** Exactly what will be done, as the server keeps it. */
  what: Readonly<Record<string, unknown>>;
  by: string;
  /** Who asked does not approve. */
  mine: boolean;
  asked: string;
  expires: string;
  /** Who approved it. */
  approved_by?: string;
  ended?: string;
  /** What came of it. */
  outcome?: Approval["what"];
}

export async function listApprovals(): Promise<Approval[]> {
  return (await getJson<{ approvals: Approval[] }>("/v1/approvals")).approvals;
}

/** Once it answers it is done, or is being done: the list says what came of it. */
export function approve(approval: number): Promise<unknown> {
  return sendJson("POST", `/v1/approvals/${approval}/approve`, {});
}

/** Takes one's own back, or refuses another's. */
export function withdraw(approval: number): Promise<undefined> {
  return sendJson("POST", `/v1/approvals/${approval}/withdraw`, {});
}

export function askOriginals(caseName: string, items: readonly string[], reason: string): Promise<Approval> {
  return sendJson<Approval>("POST", `${caseRoot(caseName)}/originals`, { items, reason });
}
