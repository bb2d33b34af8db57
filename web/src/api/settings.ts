import type { Budget, CoverStyle } from "./cases";
import { getJson, sendJson } from "./http";

export type OwnBudget = { [Limit in keyof Budget]: number | null };

export interface Settings {
  /** How items are covered; never less than the policy's floor. */
  style: CoverStyle;
  /** Cards side by side; 0 for as many as fit. */
  columns: number;
  size: "small" | "medium" | "large";
  theme: "dark" | "light" | "system";
  reveal: "hold" | "hold_key_only";
  rendition: "grey" | "colour";
  /** Whether single keys act by themselves or only with Alt. */
  keys: "single" | "with_alt";
  /** Only tighter than the policy's; null is as the policy has it. */
  budget: OwnBudget;
  interleave: boolean;
}

export const usualSettings: Settings = {
  style: "card",
  columns: 0,
  size: "medium",
  theme: "dark",
  reveal: "hold",
  rendition: "grey",
  keys: "single",
  budget: { reveals_a_day: null, seconds_a_day: null, break_every_minutes: null, break_minutes: null },
  interleave: true,
};

export function getSettings(): Promise<Settings> {
  return getJson<Settings>("/v1/me/settings");
}

export function putSettings(settings: Settings): Promise<void> {
  return sendJson<void>("PUT", "/v1/me/settings", settings);
}
