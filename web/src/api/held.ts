import type { Approval } from "./approvals";
import { getJson, sendJson } from "./http";

export interface LegalHold {
  number: number;
  reason: string;
  by: string;
  placed: string;
  expires: string;
}

export interface HeldUpload {
  upload: string;
  bytes: number;
  received: string;
  /** Whose it is. */
  tenant: string;
  /** A legal hold keeps it. */
  is_held: boolean;
  holds: LegalHold[];
}

/** The first thousand, and how many there are. Not found where the server screens nothing. */
export function listHeld(): Promise<{ total: number; uploads: HeldUpload[] }> {
  return getJson("/v1/held");
}

export function placeHold(upload: string, reason: string, days: number): Promise<{ number: number }> {
  return sendJson("POST", `/v1/held/${upload}/holds`, { reason, days });
}

export function liftHold(upload: string, number: number): Promise<void> {
  return sendJson("DELETE", `/v1/held/${upload}/holds/${number}`, undefined);
}

/** What was asked with a key since the server began. */
export interface KeyCounts {
  id: number;
  name: string;
  tenant: string;
  accepted: number;
  held: number;
  near_queries: number;
  refused_types: number;
  over_rate: number;
}

export async function readActivity(): Promise<KeyCounts[]> {
  return (await getJson<{ keys: KeyCounts[] }>("/v1/screening/activity")).keys;
}

/** From where on uploads are held. */
export interface Thresholds {
  radius_bits: number;
  holds_from: "unknown" | "review" | "known";
}

export function readThresholds(): Promise<Thresholds> {
  return getJson("/v1/screening/thresholds");
}

export function askThresholds(to: Thresholds, reason: string): Promise<Approval> {
  return sendJson("POST", "/v1/screening/thresholds", { ...to, reason });
}

export function askPurge(upload: string, reason: string): Promise<Approval> {
  return sendJson("POST", `/v1/held/${upload}/purge`, { reason });
}
