import { signal } from "@preact/signals";
import { type Item, getItem } from "../api/items";
import { isAbort, wordsOf } from "../api/problem";
import type { Card } from "../api/queue";
import { findCard } from "../queue/queue_state";
import { shownCard } from "../state/acts";

export interface Opened {
  id: string;
  item: Item | null;
  failure: string;
}

/** Reads one item and keeps reading it anew when it is told that it changed. */
export class ItemReader {
  readonly opened = signal<Opened>({ id: "", item: null, failure: "" });
  private stop = new AbortController();

  constructor(private readonly caseName: () => string) {}

  open(id: string): void {
    if (this.opened.value.id !== id) this.opened.value = { id, item: null, failure: "" };
    this.stop.abort();
    this.stop = new AbortController();
    const { signal: gone } = this.stop;
    void getItem(this.caseName(), id, gone)
      .then((item) => {
        if (!gone.aborted) this.opened.value = { id, item, failure: "" };
      })
      .catch((error) => {
        if (!isAbort(error) && !gone.aborted) this.opened.value = { id, item: null, failure: wordsOf(error) };
      });
  }

  /** The item's card as it is to be shown: what the queue knows is newer than what was read. */
  card(): Card | null {
    const { id, item } = this.opened.value;
    return findCard(id) ?? (item === null ? null : shownCard(item.card));
  }

  close(): void {
    this.stop.abort();
  }
}
