import { getBlob } from "./http";

/** An ordinary picture that the server draws: a chart or a landscape. */
export function getInterlude(number: number, signal: AbortSignal): Promise<Blob> {
  return getBlob(`/v1/interludes/${number}`, { signal });
}
