import { getJson, rememberCsrf, sendJson } from "./http";

export interface Person {
  id: string;
  login: string;
  name: string;
  role: string;
}

export interface Session {
  state: "none" | "second_factor" | "open";
  csrf: string;
  person?: Person;
  /** The only case that is open to the person, where there is no choice. */
  case?: string;
  permissions: string[];
  idle_seconds: number;
  server: { version: string; mode: "local" | "team" };
}

async function remembered(session: Promise<Session>): Promise<Session> {
  const known = await session;
  rememberCsrf(known.csrf);
  return known;
}

export function getSession(): Promise<Session> {
  return remembered(getJson<Session>("/v1/session"));
}

export function logIn(login: string, password: string): Promise<Session> {
  return remembered(sendJson<Session>("POST", "/v1/session", { login, password }));
}

export function giveSecondFactor(code: string): Promise<Session> {
  return remembered(sendJson<Session>("POST", "/v1/session/second-factor", { code }));
}

export function redeemLink(token: string): Promise<Session> {
  return remembered(sendJson<Session>("POST", "/v1/session/link", { token }));
}

export function logOut(): Promise<void> {
  return sendJson<void>("DELETE", "/v1/session", undefined);
}
