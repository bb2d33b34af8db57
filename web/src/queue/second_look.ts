import type { Card, Decision } from "../api/queue";
import { me } from "../state/session";

/** The decision that a person may see on a card. While a second look is wanted of them, the first
 * person's stays out of sight, so that the second look is one. */
export function decisionToShow(card: Card): Decision | null {
  const decision = card.decision ?? null;
  if (decision === null || card.second_look !== "wanted") return decision;
  return decision.by === me.value ? decision : null;
}
