import type { CoverStyle } from "../api/cases";

export type PictureStyle = Exclude<CoverStyle, "card">;
export type Fetch = (item: string, style: PictureStyle, signal: AbortSignal) => Promise<Blob>;

/** One wish of a card that is in view. */
export interface Wish {
  /** The card left the view: what is under way is cancelled. */
  leave(): void;
}

interface Waiting {
  item: string;
  style: PictureStyle;
  abort: AbortController;
  then: (blob: Blob) => void;
  failed: (error: unknown) => void;
}

/** Fetches covered renditions for cards in view: few at a time, in the order in which they came
 * into view. Nothing is kept of a card that left. */
export class Renditions {
  private waiting: Waiting[] = [];
  private running = 0;

  constructor(
    private readonly fetch: Fetch,
    private readonly atOnce = 6,
  ) {}

  wish(
    item: string,
    style: PictureStyle,
    then: (blob: Blob) => void,
    failed: (error: unknown) => void,
  ): Wish {
    const wish: Waiting = { item, style, abort: new AbortController(), then, failed };
    this.waiting.push(wish);
    this.pump();
    return {
      leave: () => {
        this.waiting = this.waiting.filter((one) => one !== wish);
        wish.abort.abort();
      },
    };
  }

  private pump(): void {
    while (this.running < this.atOnce) {
      const wish = this.waiting.shift();
      if (wish === undefined) return;
      ++this.running;
      void this.run(wish);
    }
  }

  private async run(wish: Waiting): Promise<void> {
    try {
      const blob = await this.fetch(wish.item, wish.style, wish.abort.signal);
      if (!wish.abort.signal.aborted) wish.then(blob);
    } catch (error) {
      if (!wish.abort.signal.aborted) wish.failed(error);
    } finally {
      --this.running;
      this.pump();
    }
  }
}
