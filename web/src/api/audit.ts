import { caseRoot, getJson } from "./http";

export interface AuditRecord {
  record: number;
  at: string;
  kind: string;
  says: Readonly<Record<string, unknown>>;
}

export interface AuditRecords {
  total: number;
  records: AuditRecord[];
  /** How the log stands, signed. */
  head?: string;
}

/** Records of a case's log, or of the server's own where no case is named, from record `from` or the newest
 * ones. That they were read is a record itself. */
export function getAudit(caseName: string, from: number | null, count: number): Promise<AuditRecords> {
  const log = caseName === "" ? "/v1" : caseRoot(caseName);
  return getJson<AuditRecords>(`${log}/audit?count=${count}${from === null ? "" : `&from=${from}`}`);
}
