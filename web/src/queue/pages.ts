import { type Card, type QueuePage, pageCards } from "../api/queue";

interface Kept {
  cards: Card[];
  version: number;
}

export interface Span {
  first: number;
  end: number;
}

/** The part of a filtered queue that this page holds. Pages of an older version stay in sight until
 * newer ones have come, so that nothing flickers. */
export class Pages {
  version = 0;
  total = 0;
  itemsTotal = 0;
  private kept = new Map<number, Kept>();
  private asked = new Set<number>();
  private placeOf = new Map<string, number>();

  constructor(private readonly keep = 60) {}

  clear(): void {
    this.version = 0;
    this.total = 0;
    this.itemsTotal = 0;
    this.kept.clear();
    this.asked.clear();
    this.placeOf.clear();
  }

  /** Says that the server has a newer order; all pages are asked for again when they are needed. */
  outdated(version: number): void {
    if (version > this.version) this.version = version;
  }

  /** Says that what is held may be of any age. */
  distrust(): void {
    for (const kept of this.kept.values()) kept.version = -1;
  }

  at(place: number): Card | undefined {
    return this.kept.get(Math.floor(place / pageCards))?.cards[place % pageCards];
  }

  /** Where an item's card stands, among those that are held. */
  find(item: string): number | undefined {
    const place = this.placeOf.get(item);
    return place !== undefined && this.at(place)?.item === item ? place : undefined;
  }

  /** The pages that must be asked for to show `span`; they count as asked for from now on. */
  missing(span: Span): number[] {
    const out: number[] = [];
    const first = Math.max(0, Math.floor(span.first / pageCards));
    const end = Math.ceil(Math.min(span.end, Math.max(this.total, 1)) / pageCards);
    for (let page = first; page < end; ++page) {
      const had = this.kept.get(page);
      const isFresh = had !== undefined && had.version >= this.version;
      if (isFresh || this.asked.has(page)) continue;
      this.asked.add(page);
      out.push(page);
    }
    return out;
  }

  /** Takes a page. Says whether it came from another version than the one known so far. */
  take(page: number, got: QueuePage): "same" | "moved" {
    this.asked.delete(page);
    const moved = this.version !== 0 && got.version > this.version;
    this.version = Math.max(this.version, got.version);
    this.total = got.total;
    this.itemsTotal = got.items_total;
    this.kept.delete(page);
    this.kept.set(page, { cards: got.cards, version: got.version });
    got.cards.forEach((card, i) => this.placeOf.set(card.item, page * pageCards + i));
    while (this.kept.size > this.keep) {
      const oldest = this.kept.keys().next().value as number;
      for (const card of this.kept.get(oldest)?.cards ?? []) this.placeOf.delete(card.item);
      this.kept.delete(oldest);
    }
    return moved ? "moved" : "same";
  }

  failed(page: number): void {
    this.asked.delete(page);
  }

  /** Puts a changed card in the place of the one that was. */
  replace(card: Card): void {
    const place = this.find(card.item);
    if (place === undefined) return;
    const kept = this.kept.get(Math.floor(place / pageCards));
    if (kept !== undefined) kept.cards[place % pageCards] = card;
  }
}
