import { Problem } from "./problem";

/** The token that each request that changes something carries; GET /v1/session gives it. */
let csrf = "";
export function rememberCsrf(token: string): void {
  csrf = token;
}

let onSessionLost: () => void = () => {};
/** Called when the server no longer knows this session. */
export function whenSessionLost(then: () => void): void {
  onSessionLost = then;
}

export interface Options {
  signal?: AbortSignal | undefined;
  /** Sent although the page goes away. */
  outlivesPage?: "yes";
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // An answer without a body of ours: a proxy, or a server that is going away.
  }
  const text = (name: string): string | undefined =>
    typeof body[name] === "string" ? (body[name] as string) : undefined;
  const retry = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(
    response.status,
    text("code") ?? "no-answer",
    text("title") ?? `The server answered ${response.status}`,
    text("detail"),
    body,
    Number.isFinite(retry) ? retry : undefined,
  );
}

async function send(method: Method, path: string, body: unknown, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json, image/*" };
  const init: RequestInit = {
    method,
    headers,
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: options.signal ?? null,
  };
  if (method !== "GET") headers["X-Safelight-CSRF"] = csrf;
  if (body !== undefined) {
    const isFile = body instanceof Blob;
    headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
    init.body = isFile ? body : JSON.stringify(body);
  }
  if (options.outlivesPage) init.keepalive = true;
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "The server cannot be reached", undefined, {}, undefined);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && problem.code === "no-session") onSessionLost();
  throw problem;
}

export async function getJson<T>(path: string, options: Options = {}): Promise<T> {
  return (await (await send("GET", path, undefined, options)).json()) as T;
}

/** Sends `body` as JSON, or as it is where it is a file. The answer's body, undefined where it has none
 * (204). */
export async function sendJson<T>(
  method: Exclude<Method, "GET">,
  path: string,
  body: unknown,
  options: Options = {},
): Promise<T> {
  const response = await send(method, path, body, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export async function getBlob(path: string, options: Options = {}): Promise<Blob> {
  return (await send("GET", path, undefined, options)).blob();
}

/** The start of every address of a case. */
export function caseRoot(caseName: string): string {
  return `/v1/cases/${encodeURIComponent(caseName)}`;
}
