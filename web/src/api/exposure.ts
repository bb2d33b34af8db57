import type { Budget } from "./cases";
import { getJson, sendJson } from "./http";

export interface Day {
  day: string;
  reveals: number;
  seconds: number;
}

export interface Exposure {
  today: { reveals: number; seconds: number; by_category: Record<string, number> };
  days: Day[];
  budget: Budget;
  next_break_at: string | null;
  /** While a break is running. */
  break_until: string | null;
}

export interface TeamExposure {
  today: { reveals: number; seconds: number };
  days: Day[];
  people: number;
}

export function getMyExposure(): Promise<Exposure> {
  return getJson<Exposure>("/v1/me/exposure");
}

export function getTeamExposure(): Promise<TeamExposure> {
  return getJson<TeamExposure>("/v1/team/exposure");
}

/** One person's, by login; the server writes down who asked, and why. */
export function getPersonExposure(login: string, reason: string): Promise<Exposure> {
  const path = `/v1/people/${encodeURIComponent(login)}/exposure`;
  return sendJson<Exposure>("POST", path, { reason });
}

export function startBreak(minutes: number): Promise<void> {
  return sendJson<void>("POST", "/v1/me/break", { minutes });
}
