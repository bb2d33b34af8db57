import { codeOf, wordsOf } from "../api/problem";

const refusals: Readonly<Record<string, string>> = {
  "accounts.login": "A login has small letters, digits, dots, hyphens and underscores: 64 at most.",
  "accounts.login-taken": "Somebody has this login already.",
  "accounts.name": "A name has 1 to 128 characters, and none that is not seen.",
  "accounts.password-short": "A password has 12 characters or more.",
  "accounts.password-long": "A password has 128 bytes at most.",
  "accounts.password-login": "A password is not the login.",
  "accounts.last-admin": "Nobody would be left to manage people.",
  "accounts.scopes": "A key needs something that it may do.",
  "accounts.key-expiry": "A key expires after a day or more.",
};

/** Why something about people or keys was refused. */
export function refusalWords(error: unknown): string {
  return refusals[codeOf(error)] ?? wordsOf(error);
}
