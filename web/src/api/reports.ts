import { caseRoot, getBlob, getJson, sendJson } from "./http";

export type ReportFormat = "html" | "csv" | "json";

export interface Report {
  url: string;
  sha256: string;
}

export function makeReport(caseName: string, format: ReportFormat): Promise<Report> {
  return sendJson<Report>("POST", `${caseRoot(caseName)}/reports`, { format });
}

export function fetchReport(url: string): Promise<Blob> {
  return getBlob(url);
}

/** The manifest of what was reported, signed; as the server wrote it. */
export function getSummary(caseName: string): Promise<Record<string, unknown>> {
  return getJson<Record<string, unknown>>(`${caseRoot(caseName)}/reports/summary`);
}
