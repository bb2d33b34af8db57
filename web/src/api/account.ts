import { sendJson } from "./http";

/** Ends all sessions of the person, this one too. */
export function setPassword(password: string, newPassword: string): Promise<void> {
  return sendJson("PUT", "/v1/me/password", { password, new_password: newPassword });
}

export interface FactorSecret {
  /** Base32, to be typed into an authenticator. */
  secret: string;
  /** otpauth://... */
  uri: string;
}

/** A new secret; it counts once a code of it was given. */
export function offerSecondFactor(password: string): Promise<FactorSecret> {
  return sendJson("POST", "/v1/me/second-factor", { password });
}

export function confirmSecondFactor(code: string): Promise<void> {
  return sendJson("POST", "/v1/me/second-factor/confirm", { code });
}
