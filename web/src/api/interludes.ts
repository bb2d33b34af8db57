import type { CoverStyle } from "./cases";
import { getBlob } from "./http";

/** An ordinary picture that the server draws, a chart or a landscape; in colour, or covered as items
 * would be, to show what a setting does. */
export function getInterlude(
  number: number,
  signal: AbortSignal,
  style?: Exclude<CoverStyle, "card">,
): Promise<Blob> {
  const how = style === undefined ? "" : `?style=${style}`;
  return getBlob(`/v1/interludes/${number}${how}`, { signal });
}
