import { createHash } from "node:crypto";

const day = 86400000;
const inDays = (n) => new Date(Date.now() + n * day).toISOString();
const kept = { reason: "asked for by a court", by: "fay", placed: inDays(-2), expires: inDays(88) };

/** What lies beside the review: approvals, held uploads, lists, audit logs; all of it invented. */
export class Office {
  constructor() {
    this.approvals = [];
    this.settled = []; // {approval, how, by, state}
    this.files = new Map();
    this.held = Array.from({ length: 5 }, (_, i) => ({
      upload: `${i}a`.repeat(16),
      bytes: 20_000 + 777_777 * i,
      received: inDays(-i),
      tenant: i % 2 === 0 ? "forum" : "shop",
      is_held: i === 1,
      holds: i === 1 ? [{ number: 1, ...kept }] : [],
    }));
    const asked = { looked_up: 0, told: 0, refused_types: 3, over_rate: 0 };
    this.activity = [
      { id: 1, name: "upload gate", tenant: "forum", accepted: 120_345, held: 12, near_queries: 0, ...asked },
      { id: 2, name: "upload gate", tenant: "shop", accepted: 9_001, held: 40, near_queries: 31, ...asked },
    ];
    this.thresholds = { radius_bits: 31, holds_from: "review" };
    const changed = inDays(-30);
    this.lists = [
      { list: "known", entries: 120_400, digests: 120_000, fingerprints: 98_000, changed, screening: true },
      { list: "ordinary", entries: 4_000_000, digests: 4_000_000, fingerprints: 0, screening: false },
    ];
    this.log = Array.from({ length: 130 }, (_, i) => ({
      record: i,
      at: new Date(Date.now() - (130 - i) * 60_000).toISOString(),
      kind: ["session.open", "people.add", "audit.read"][i % 3],
      says: { details: { person: ["ana", "dora", "cleo"][i % 3] }, number: i },
    }));
  }

  ask(kind, what, by) {
    const approval = this.approvals.length + this.settled.length + 1;
    const one = { approval, kind, state: "pending", what, by, asked: inDays(0), expires: inDays(7) };
    this.approvals.push(one);
    return { ...one, mine: true };
  }

  /** Those that `who` of this role may do, each said to be theirs or not. */
  seenBy(who, role) {
    const approved = this.settled.filter((one) => one.how === "approved");
    return [...this.approvals, ...approved]
      .filter((one) => (one.kind === "list_change") === (role === "list_curator"))
      .map((one) => ({ ...one, mine: one.by === who }));
  }

  settle(approval, how, by) {
    const at = this.approvals.findIndex((one) => one.approval === approval);
    if (at < 0) return undefined;
    const [one] = this.approvals.splice(at, 1);
    const settled = { ...one, how, approved_by: by, state: "doing" };
    this.settled.push(settled);
    return settled;
  }

  end(one, state, outcome) {
    Object.assign(one, { state, ended: inDays(0), outcome });
  }

  stage(bytes) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const file = sha256.slice(0, 32);
    this.files.set(file, bytes);
    return { file, bytes: bytes.length, sha256 };
  }

  /** Adds a list of so many entries as the file has lines; false where it is no text. */
  addList({ list, file }) {
    const text = this.files.get(file).toString("latin1");
    const entries = text.trim().split("\n").length;
    if (!text.includes("\0"))
      this.lists.push({ list, entries, digests: entries, fingerprints: 0, screening: false });
    return !text.includes("\0");
  }

  /** Records from `from`; the newest where it is null. */
  read(from, count) {
    this.log.push({
      record: this.log.length,
      at: inDays(0),
      kind: "audit.read",
      says: { details: { person: "cleo" } },
    });
    const first = from ?? Math.max(0, this.log.length - count);
    return { total: this.log.length, records: this.log.slice(first, first + count) };
  }
}
