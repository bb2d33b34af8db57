import { signal } from "@preact/signals";

/** What stands above the page. Blanking the screen closes all of it. */
export type Overlay =
  | { is: "none" }
  | { is: "palette" }
  | { is: "help" }
  | { is: "note" }
  | { is: "flag" }
  | { is: "pass" }
  | { is: "originals" }
  | { is: "reason"; item: string }
  | { is: "interlude"; number: number };

export const overlay = signal<Overlay>({ is: "none" });
/** A note that is being written; it outlives the blank screen. */
export const noteDraft = signal("");

export function closeOverlay(): void {
  overlay.value = { is: "none" };
}

/** What opens it, as the answer to a command. */
export function opens(is: "note" | "flag" | "originals"): () => void {
  return () => {
    overlay.value = { is };
  };
}

export function toggleOverlay(is: "palette" | "help"): void {
  overlay.value = overlay.value.is === is ? { is: "none" } : { is };
}
