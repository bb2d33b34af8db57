import { scheme } from "./case_data.mjs";
import { numberOf } from "./rand.mjs";

/** Acts of people on the invented case, with undo, conflicts and the second look. */
export class Acts {
  constructor(queue) {
    this.queue = queue;
    this.log = [];
    this.done = new Map(); // id of a request -> what was answered
  }

  get last() {
    return this.log.length;
  }

  conflicts(request, by) {
    if (request.kind !== "category") return [];
    return this.log
      .filter((line) => line.act > request.seen && !line.undone && line.kind === "category" && line.by !== by)
      .filter((line) => line.category !== (request.category ?? null))
      .flatMap((line) =>
        line.items
          .filter((item) => request.items.includes(item))
          .map((item) => ({ item, act: line.act, category: line.category, by: line.by, at: line.at })),
      );
  }

  /** Puts an act on record. */
  add(request, by) {
    const had = this.done.get(request.id);
    if (request.id !== undefined && had !== undefined) return had;
    const act = {
      act: this.log.length + 1,
      kind: request.kind,
      by,
      at: new Date().toISOString(),
      items: request.items,
      category: request.category ?? null,
      flag: request.flag ?? null,
      to: request.to ?? null,
      text: request.text ?? null,
      undone: false,
    };
    this.log.push(act);
    for (const item of request.items) this.replay(item);
    ++this.queue.version;
    const done = {
      act: act.act,
      items: request.items.length * (request.whole_groups ? 3 : 1),
      version: this.queue.version,
    };
    this.done.set(request.id, done);
    return done;
  }

  turn(by, to) {
    const mine = this.log.filter((line) => line.by === by);
    const line =
      to === "undone"
        ? mine.filter((one) => !one.undone).at(-1)
        : mine
            .filter((one) => one.undone)
            .sort((x, y) => (x.turned ?? 0) - (y.turned ?? 0))
            .at(-1);
    if (line === undefined) return null;
    line.undone = to === "undone";
    line.turned = ++this.queue.version;
    for (const item of line.items) this.replay(item);
    return { act: line.act, kind: line.kind, items: line.items, category: line.category };
  }

  /** Works out an item's card from the acts that stand. */
  replay(item) {
    const change = { decision: null, flags: [], notes: 0, passed: false, conflict: false, second_look: null };
    const byPerson = new Map();
    for (const line of this.log) {
      if (line.undone || !line.items.includes(item)) continue;
      if (line.kind === "category" || line.kind === "settle") {
        const settled = line.kind === "settle";
        if (settled) byPerson.clear();
        change.decision =
          line.category === null ? null : { category: line.category, by: line.by, at: line.at, settled };
        byPerson.set(line.by, line.category);
      } else if (line.kind === "flag") change.flags = [...new Set([...change.flags, line.flag])];
      else if (line.kind === "unflag") change.flags = change.flags.filter((flag) => flag !== line.flag);
      else if (line.kind === "note") ++change.notes;
      else change.passed = line.kind === "pass_on";
    }
    change.conflict = new Set(byPerson.values()).size > 1;
    const category = scheme.categories.find((one) => one.code === change.decision?.category);
    if (category?.second_look) change.second_look = byPerson.size > 1 ? "done" : "wanted";
    this.queue.change(numberOf(item), change);
  }

  /** A card as a person may see it: not with the first decision while a second look is wanted of them. */
  seenBy(who, card) {
    return this.maySee(who, card) ? card : { ...card, decision: null };
  }

  maySee(who, card) {
    const isTheirs = (line) =>
      !line.undone && line.by === who && line.category !== null && line.items.includes(card.item);
    return card.second_look !== "wanted" || this.log.some(isTheirs);
  }

  history(who, card) {
    const shows = this.maySee(who, card);
    return this.log
      .filter((line) => line.items.includes(card.item))
      .filter((line) => shows || line.by === who || !["category", "settle"].includes(line.kind))
      .map(({ act, kind, by, at, category, flag, to, text, undone }) => ({
        act,
        kind,
        by,
        at,
        category,
        flag,
        to,
        text,
        undone,
      }));
  }
}
