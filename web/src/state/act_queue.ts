import type { ActDone, ActRequest, Undone } from "../api/acts";
import type { Card } from "../api/queue";

/** What an act changes of a card. */
export type CardChange = Partial<
  Pick<Card, "decision" | "flags" | "notes" | "passed" | "conflict" | "second_look">
>;
export type Changes = ReadonlyMap<string, CardChange>;

/** Something that a person did, and what the cards were before and are after. */
export interface Entry {
  readonly request: ActRequest;
  readonly before: Changes;
  readonly after: Changes;
  /** Its number, once the server has it. */
  act: number | undefined;
  /** It left this page once, so that the server may have it although no answer came. */
  wasSent: boolean;
}

/** Something to tell the server, in the order in which the keys were pressed. */
export type Op =
  | { readonly id: number; readonly is: "act"; readonly entry: Entry }
  | { readonly id: number; readonly is: "undo" | "redo"; readonly entry: Entry | undefined };

const notes = (card: Card, request: ActRequest): CardChange => ({
  notes: card.notes + (request.kind === "note" ? 1 : 0),
});

/** The card's fields that an act sets, as they will be. */
export function changeOf(card: Card, request: ActRequest, by: string, at: string): CardChange {
  switch (request.kind) {
    case "settle":
    case "category": {
      const code = request.category ?? null;
      const settled = request.kind === "settle";
      const decision = code === null ? null : { category: code, by, at, settled };
      return settled ? { decision, conflict: false } : { decision };
    }
    case "flag":
      return { flags: [...new Set([...card.flags, request.flag ?? ""])] };
    case "unflag":
      return { flags: card.flags.filter((flag) => flag !== request.flag) };
    case "note":
      return notes(card, request);
    case "pass_on":
      return { passed: true };
    case "take_back":
      return { passed: false };
  }
}

function fieldsBefore(card: Card, change: CardChange): CardChange {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(change) as (keyof CardChange)[]) out[name] = card[name];
  return out;
}

/** The acts of one person that the page shows at once and the server has yet to hear of. One at a
 * time is under way, so that the server sees them in the order of the keys. */
export class ActQueue {
  private ops: Op[] = [];
  private inHand: Op | undefined;
  private past: Entry[] = [];
  private future: Entry[] = [];
  private ids = 0;

  /** What the page should show for a card: what the server said, with what it has yet to hear. */
  shown(card: Card): Card {
    let out = card;
    for (const op of this.ops) {
      const changes = op.is === "undo" ? op.entry?.before : op.entry?.after;
      const change = changes?.get(card.item);
      if (change !== undefined) out = { ...out, ...change };
    }
    return out;
  }

  get length(): number {
    return this.ops.length;
  }

  /** `cards` are those that the act's items stand on, as they are shown now. */
  act(request: ActRequest, cards: readonly Card[], by: string, at: string): Entry {
    const after = new Map(cards.map((card) => [card.item, changeOf(card, request, by, at)]));
    const before = new Map(cards.map((card) => [card.item, fieldsBefore(card, after.get(card.item) ?? {})]));
    const entry: Entry = { request, before, after, act: undefined, wasSent: false };
    this.ops.push({ id: ++this.ids, is: "act", entry });
    this.past.push(entry);
    this.future = [];
    return entry;
  }

  /** Takes back the last act: one that never left the page is dropped, else the server is asked. */
  undo(): "dropped" | "asked" {
    const last = this.ops.at(-1);
    const entry = this.past.pop();
    if (entry !== undefined) this.future.push(entry);
    if (last?.is === "act" && !last.entry.wasSent && last.entry === entry) {
      this.ops.pop();
      return "dropped";
    }
    this.ops.push({ id: ++this.ids, is: "undo", entry });
    return "asked";
  }

  redo(): "kept" | "asked" {
    const entry = this.future.pop();
    if (entry !== undefined) this.past.push(entry);
    if (entry !== undefined && !entry.wasSent) {
      // It was dropped before it left, so the server cannot know it: it is done again.
      this.ops.push({ id: ++this.ids, is: "act", entry });
      return "kept";
    }
    this.ops.push({ id: ++this.ids, is: "redo", entry });
    return "asked";
  }

  /** The next to send, none while one is under way. */
  next(): Op | undefined {
    if (this.inHand !== undefined) return undefined;
    this.inHand = this.ops[0];
    if (this.inHand?.is === "act") this.inHand.entry.wasSent = true;
    return this.inHand;
  }

  /** The server did it. Gives what its cards are now; undefined where this page does not know. */
  done(op: Op, answer: ActDone | Undone): Changes | undefined {
    this.finish(op);
    if (op.entry === undefined) return undefined;
    if (op.is === "act") op.entry.act = answer.act;
    else if (op.entry.act !== answer.act) return undefined;
    return op.is === "undo" ? op.entry.before : op.entry.after;
  }

  /** The server would not: the page shows what was before. Later acts stand. */
  refused(op: Op): void {
    this.finish(op);
    const without = (list: Entry[]): Entry[] => list.filter((one) => one !== op.entry);
    if (op.is === "act") {
      this.past = without(this.past);
      this.future = without(this.future);
      // An undo of it that waits has nothing to undo any more.
      this.ops = this.ops.filter((one) => one.entry !== op.entry);
    } else if (op.is === "undo" && op.entry !== undefined) {
      this.future = without(this.future);
      this.past.push(op.entry);
    } else if (op.entry !== undefined) {
      this.past = without(this.past);
      this.future.push(op.entry);
    }
  }

  /** The server could not be reached, or could not write: the same is sent again. */
  postponed(): void {
    this.inHand = undefined;
  }

  private finish(op: Op): void {
    this.ops = this.ops.filter((one) => one !== op);
    this.inHand = undefined;
  }
}
