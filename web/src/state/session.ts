import { computed, signal } from "@preact/signals";
import { whenSessionLost } from "../api/http";
import { codeOf, isAbort, wordsOf } from "../api/problem";
import * as api from "../api/session";
import { takeLinkToken } from "./route";

export const session = signal<api.Session | null>(null);
/** Why nobody is logged in, where there is more to say than that. */
export const loginWords = signal("");
export const startFailed = signal("");

export const me = computed(() => session.value?.person?.name ?? "");
export const isOpen = computed(() => session.value?.state === "open");
/** Whether others use this server too; a local one is one person's. */
export const isTeam = computed(() => session.value?.server.mode === "team");

export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}

/** The session is over; `words` say why. */
export function lost(words: string): void {
  if (session.value === null || session.value.state === "none") return;
  session.value = { ...session.value, state: "none", permissions: [] };
  loginWords.value = words;
}

const wasIdle = "You were logged out, because nothing was done for a while.";

/** Asks whether the server still knows this session, after its events stopped coming. */
export async function checkSession(): Promise<void> {
  try {
    if ((await api.getSession()).state === "none") lost(wasIdle);
  } catch {
    // It cannot be reached: the page says so elsewhere.
  }
}

/** Finds out who is here; redeems a one-time link if the page was opened by one. */
export async function startSession(): Promise<void> {
  startFailed.value = "";
  const token = takeLinkToken();
  whenSessionLost(() => lost(wasIdle));
  try {
    session.value = await api.getSession();
    if (token !== null) session.value = await api.redeemLink(token);
  } catch (error) {
    if (isAbort(error)) return;
    if (codeOf(error) === "wrong-link") {
      loginWords.value = "This link was used before, or is too old. Start Safelight again for a new one.";
    } else {
      startFailed.value = wordsOf(error);
    }
  }
}

export async function logIn(login: string, password: string): Promise<void> {
  session.value = await api.logIn(login, password);
  loginWords.value = "";
}

export async function giveSecondFactor(code: string): Promise<void> {
  session.value = await api.giveSecondFactor(code.replace(/\s/g, ""));
}

export async function logOut(): Promise<void> {
  await api.logOut();
  session.value = await api.getSession();
  location.hash = "#/";
}
