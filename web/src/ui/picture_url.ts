import { useEffect, useState } from "preact/hooks";

/** The address of a picture that `load` fetches, "" until it is here; it is given back when the picture
 * is no longer shown, or another one is. */
export function usePictureUrl(load: (signal: AbortSignal) => Promise<Blob> | null, of: unknown): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    setUrl("");
    const stop = new AbortController();
    let made = "";
    load(stop.signal)
      ?.then((blob) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch(() => {});
    return () => {
      stop.abort();
      if (made !== "") URL.revokeObjectURL(made);
    };
  }, [of]);
  return url;
}
