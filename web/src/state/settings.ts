import { computed, signal } from "@preact/signals";
import type { CoverStyle } from "../api/cases";
import { wordsOf } from "../api/problem";
import { type Settings, getSettings, putSettings, usualSettings } from "../api/settings";
import { caseInfo } from "./case";
import { refused, say } from "./messages";

export const settings = signal<Settings>(usualSettings);

/** What each is called, from the most covering to the least. */
export const styleWords: Readonly<Record<CoverStyle, string>> = {
  card: "Facts only",
  drawing: "Line drawing",
  blur: "Blurred grey",
  grey: "Grey",
};
const coverStyles = Object.keys(styleWords) as readonly CoverStyle[];

export function isAllowedStyle(style: CoverStyle, floor: CoverStyle): boolean {
  return coverStyles.indexOf(style) <= coverStyles.indexOf(floor);
}

/** How cards are covered: as the person wants it, and never less than the policy says. */
export const coverStyle = computed<CoverStyle>(() => {
  const floor = caseInfo.value?.policy.floor ?? "card";
  const own = settings.value.style;
  return isAllowedStyle(own, floor) ? own : floor;
});

function applyTheme(): void {
  document.documentElement.dataset["theme"] = settings.value.theme;
}

export async function loadSettings(): Promise<void> {
  try {
    settings.value = await getSettings();
  } catch (error) {
    // Those that it starts with cover most, so that a failure shows less and not more.
    say("warn", `Your settings could not be read. ${wordsOf(error)}`);
  }
  applyTheme();
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  const before = settings.value;
  settings.value = { ...before, ...change };
  applyTheme();
  try {
    await putSettings(settings.value);
  } catch (error) {
    settings.value = before;
    applyTheme();
    refused("Not saved.")(error);
  }
}

export function nextCoverStyle(): void {
  const floor = caseInfo.value?.policy.floor ?? "card";
  const allowed = coverStyles.filter((style) => isAllowedStyle(style, floor));
  const at = allowed.indexOf(coverStyle.value);
  const style = allowed[(at + 1) % allowed.length] ?? "card";
  void changeSettings({ style });
}
