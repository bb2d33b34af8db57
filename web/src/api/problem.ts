/** A refusal of the server in the form of RFC 9457, or one that never reached it (`status` 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** Stable and in kebab-case; callers branch on it, never on text. */
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    /** The whole body, for those codes that carry more. */
    readonly body: Readonly<Record<string, unknown>>,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(title);
    this.name = "Problem";
  }

  /** The server could not be reached, or answered with something that is no answer of its own. */
  get isUnreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

const wrongCode = "This code is wrong, or was used before.";

/** Refusals that a person meets often, in plainer words than the server's. */
const plainer: Readonly<Record<string, string>> = {
  "wrong-login": "Login or password is wrong.",
  "wrong-code": wrongCode,
  "accounts.code": wrongCode,
  "accounts.login": "A login has small letters, digits, dots, hyphens and underscores: 64 at most.",
  "accounts.login-taken": "Somebody has this login already.",
  "accounts.name-taken": "Somebody is shown by this name already.",
  "accounts.name": "A name has 1 to 128 characters, and none that is not seen.",
  "accounts.password-short": "A password has 12 characters or more.",
  "accounts.password-long": "A password has 128 bytes at most.",
  "accounts.password-login": "A password is not the login.",
  "accounts.last-admin": "Nobody would be left to manage people.",
  "accounts.scopes": "A key needs something that it may do.",
  "accounts.key-expiry": "A key expires after a day or more.",
};

/** A sentence for a person, whatever was thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof Problem) {
    const { code, detail, title } = error;
    // A rule of a format, such as "vics.json", says more than any sentence about it.
    const rule = detail === undefined || code.includes(".") ? ` (${code})` : "";
    return plainer[code] ?? `${detail ?? title}${rule}`;
  }
  return "Something went wrong in this page. Reload it; nothing that was saved is lost.";
}

/** The code of a refusal, "" where it is none. */
export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "";
}
