import { baseCard, classOf, folderOf, folders, period, sourceOf } from "./case_data.mjs";
import { numberOf } from "./rand.mjs";

/** The queue of the invented case: what was decided, and which cards a filter leaves. */
export class Queue {
  constructor(total) {
    this.total = total;
    this.version = 1;
    this.changed = new Map(); // number -> what acts changed of its card
    this.columns = null;
    this.lists = new Map(); // filter text -> {version, numbers}
  }

  card(number) {
    return { ...baseCard(number, this.total), ...this.changed.get(number) };
  }

  change(number, change) {
    this.changed.set(number, { ...this.changed.get(number), ...change });
  }

  /** Facets of all cards as small numbers, so that a million are filtered in milliseconds. */
  facets() {
    if (this.columns !== null) return this.columns;
    const names = ["class", "type", "grade", "source", "folder", "list"];
    const columns = Object.fromEntries(
      names.map((name) => [name, { values: [], of: new Uint8Array(this.total) }]),
    );
    const known = new Uint8Array(this.total);
    const indexOf = (name, value) => {
      const { values } = columns[name];
      const i = values.indexOf(value);
      return i >= 0 ? i : values.push(value) - 1;
    };
    const seen = new Map();
    for (let n = 0; n < this.total; ++n) {
      const cls = classOf(n, this.total);
      const key = indexOf("class", cls) * period + (n % period);
      let row = seen.get(key);
      if (row === undefined) {
        const card = baseCard(n, this.total);
        const values = {
          class: cls,
          type: card.type,
          grade: card.grades[0] ?? "none",
          source: sourceOf(n),
          folder: folderOf(n),
          list: card.list?.[0]?.name ?? "",
        };
        row = names.map((name) => indexOf(name, values[name]));
        seen.set(key, row);
      }
      names.forEach((name, i) => (columns[name].of[n] = row[i]));
      known[n] = cls === "known" ? 1 : 0;
    }
    this.columns = { ...columns, known };
    return this.columns;
  }

  statesOf(number) {
    const change = this.changed.get(number);
    if (change === undefined) return ["open"];
    const out = [];
    if (change.decision) out.push("decided");
    else out.push("open");
    if (change.flags?.length) out.push("flagged");
    if (change.passed) out.push("passed");
    if (change.conflict) out.push("conflict");
    if (change.second_look === "wanted") out.push("second_look");
    return out;
  }

  /** A test of card numbers for a filter, one facet of it left out. */
  keeper(asked, except) {
    const columns = this.facets();
    const tests = [];
    for (const name of ["class", "type", "grade", "source", "folder", "list"]) {
      const want = asked.getAll(name);
      if (want.length === 0 || name === except) continue;
      const { of, values } = columns[name];
      const wanted = values.map((value) => want.includes(value));
      tests.push((n) => wanted[of[n]]);
    }
    if (asked.get("known") !== "shown") tests.push((n) => columns.known[n] === 0);
    const states = asked.getAll("state");
    if (states.length > 0 && except !== "state") {
      const open = states.includes("open");
      tests.push((n) =>
        this.changed.has(n) ? this.statesOf(n).some((state) => states.includes(state)) : open,
      );
    }
    const categories = asked.getAll("category");
    if (categories.length > 0 && except !== "category") {
      tests.push((n) => categories.includes(this.changed.get(n)?.decision?.category ?? ""));
    }
    if (asked.has("size_min")) tests.push((n) => this.card(n).size >= Number(asked.get("size_min")));
    if (asked.has("size_max")) tests.push((n) => this.card(n).size <= Number(asked.get("size_max")));
    return (n) => tests.every((test) => test(n));
  }

  numbers(asked) {
    const filter = new URLSearchParams(asked);
    for (const name of ["from", "count", "item"]) filter.delete(name);
    const key = filter.toString();
    const had = this.lists.get(key);
    const depends = filter.has("state") || filter.has("category");
    if (had !== undefined && (had.version === this.version || !depends)) return had.numbers;
    const out = new Uint32Array(this.total);
    let count = 0;
    const keeps = this.keeper(filter, "");
    for (let n = 0; n < this.total; ++n) if (keeps(n)) out[count++] = n;
    const numbers = out.subarray(0, count);
    this.lists.set(key, { version: this.version, numbers });
    return numbers;
  }

  page(asked) {
    const numbers = this.numbers(asked);
    const from = Number(asked.get("from") ?? 0);
    const count = Math.min(500, Number(asked.get("count") ?? 200));
    const cards = [...numbers.subarray(from, from + count)].map((n) => this.card(n));
    return { version: this.version, total: numbers.length, items_total: numbers.length * 3, from, cards };
  }

  place(asked) {
    const number = numberOf(asked.get("item") ?? "");
    const place = this.numbers(asked).indexOf(number);
    return place < 0 ? null : { place };
  }

  counts(asked) {
    const by = { state: {}, list: {}, category: {}, grade: {}, source: {}, type: {}, class: {}, folder: {} };
    const columns = this.facets();
    for (const name of Object.keys(by)) {
      const step = Math.max(1, Math.floor(this.total / 50000)); // near enough for a stub
      const keeps = this.keeper(asked, name);
      for (let n = 0; n < this.total; n += step) {
        if (!keeps(n)) continue;
        let values;
        if (name === "state") values = this.statesOf(n);
        else if (name === "category") values = [this.changed.get(n)?.decision?.category ?? ""];
        else values = [columns[name].values[columns[name].of[n]]];
        for (const value of values) if (value !== "") by[name][value] = (by[name][value] ?? 0) + step;
      }
    }
    return { version: this.version, by, folders };
  }
}
