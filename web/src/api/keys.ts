import { getJson, sendJson } from "./http";

export const scopes = ["screen", "lookup", "review"] as const;
export type Scope = (typeof scopes)[number];

export interface KeyLine {
  id: number;
  name: string;
  tenant: string;
  scopes: Scope[];
  created: string;
  expires: string | null;
  last_used: string | null;
  revoked: string | null;
  /** Client certificates that stand for it, by SHA-256. */
  certificates: string[];
}

export interface NewKey {
  name: string;
  tenant: string;
  scopes: Scope[];
  /** After so many days it expires. */
  days?: number;
}

export async function listKeys(): Promise<KeyLine[]> {
  return (await getJson<{ keys: KeyLine[] }>("/v1/keys")).keys;
}

/** Gives the key's text, which nobody can read again. */
export async function addKey(key: NewKey): Promise<string> {
  return (await sendJson<{ id: number; key: string }>("POST", "/v1/keys", key)).key;
}

export function addCertificate(id: number, sha256: string): Promise<void> {
  return sendJson("POST", `/v1/keys/${id}/certificates`, { sha256 });
}

export function removeCertificate(sha256: string): Promise<void> {
  return sendJson("DELETE", `/v1/certificates/${sha256}`, undefined);
}

export function revokeKey(id: number): Promise<void> {
  return sendJson<void>("DELETE", `/v1/keys/${id}`, undefined);
}
