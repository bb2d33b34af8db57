import { signal } from "@preact/signals";
import * as api from "../api/acts";
import { Problem, codeOf, wordsOf } from "../api/problem";
import type { Card } from "../api/queue";
import { ActQueue, type CardChange, type Op } from "./act_queue";
import { categoryOf } from "./case";
import { say, speak } from "./messages";
import { me } from "./session";

/** The acts of one person on one case. They keep both, whoever logs in meanwhile and whatever is
 * opened: nobody's decision is ever sent in another's name. */
interface Line {
  person: string;
  caseName: string;
  queue: ActQueue;
  /** The last act that this page knows of. */
  seen: number;
}

const lines = new Map<string, Line>();
let line: Line = { person: "", caseName: "", queue: new ActQueue(), seen: 0 };
let retryMs = 1000;

/** Counts up whenever what cards show may have changed. */
export const actsRevision = signal(0);
/** Acts that the server has yet to hear of. */
export const unsent = signal(0);
/** Why they wait, "" while they do not. */
export const waitingFor = signal("");
/** An act that met what somebody else decided meanwhile. */
export const conflict = signal<{ line: Line; op: Op; others: api.Conflict[] } | null>(null);

export interface Hearers {
  /** The server's own card is now as the change says. */
  changed(item: string, change: CardChange): void;
  /** Something changed that this page cannot tell: cards must be read again. */
  unknown(version: number | undefined): void;
}
let hearers: Hearers = { changed: () => {}, unknown: () => {} };
export function hearActs(to: Hearers): void {
  hearers = to;
}

/** Opens a case's acts. Those that wait since before, as after a log-out, are sent now. */
export function startActs(caseName: string, lastKnown: number): void {
  const name = `${me.value} ${caseName}`;
  const had = lines.get(name);
  line = had ?? { person: me.value, caseName, queue: new ActQueue(), seen: 0 };
  line.seen = Math.max(line.seen, lastKnown);
  lines.set(name, line);
  waitingFor.value = "";
  bump();
  void pump(line);
}

export function sawAct(act: number): void {
  line.seen = Math.max(line.seen, act);
}

export function shownCard(card: Card): Card {
  return line.queue.shown(card);
}

function bump(): void {
  unsent.value = [...lines.values()].reduce((sum, one) => sum + one.queue.length, 0);
  ++actsRevision.value;
}

export type ActWish = Pick<api.ActRequest, "kind" | "whole_groups"> &
  Partial<Pick<api.ActRequest, "category" | "flag" | "text" | "to">>;

/** Tells what this page asks from what another does. */
const pageId = newId();

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Does something to the cards at once, and tells the server behind it. */
export function act(wish: ActWish, cards: readonly Card[]): void {
  if (cards.length === 0) return;
  const items = cards.map((card) => card.item);
  const request = { ...wish, id: newId(), items, seen: line.seen };
  line.queue.act(request, cards, me.value, new Date().toISOString());
  bump();
  void pump(line);
}

export function undo(): void {
  const done = line.queue.undo();
  bump();
  if (done === "dropped") say("quiet", "Undone.");
  void pump(line);
}

export function redo(): void {
  line.queue.redo();
  bump();
  void pump(line);
}

const kindWords: Record<api.ActKind, string> = {
  category: "Category",
  flag: "Flag",
  unflag: "Flag taken away",
  note: "Note",
  pass_on: "Passing on",
  take_back: "Taking back",
  settle: "Settling",
};

function wordsOfUndone(undone: api.Undone): string {
  const name = categoryOf(undone.category)?.name;
  const what = name === undefined ? kindWords[undone.kind] : `“${name}”`;
  const count = undone.items.length;
  return `${what}, ${count === 1 ? "1 item" : `${count} items`}`;
}

async function send(of: Line, op: Op): Promise<void> {
  const { caseName } = of;
  if (op.is === "act") {
    const done = await api.sendAct(caseName, op.entry.request);
    of.seen = Math.max(of.seen, done.act);
    apply(of, op, done);
    if (op.entry.request.whole_groups) hearers.unknown(done.version);
    return;
  }
  const turn = op.is === "undo" ? api.undoAct : api.redoAct;
  const undone = await turn(caseName, `${pageId}-${op.id}`);
  apply(of, op, undone);
  say("quiet", `${op.is === "undo" ? "Undone" : "Done again"}: ${wordsOfUndone(undone)}`);
}

function apply(of: Line, op: Op, answer: api.ActDone | api.Undone): void {
  const changes = of.queue.done(op, answer);
  if (of !== line) return;
  if (changes === undefined) hearers.unknown(undefined);
  else for (const [item, change] of changes) hearers.changed(item, change);
}

async function pump(of: Line): Promise<void> {
  if (of.caseName === "" || of.person !== me.value || conflict.value !== null) return;
  const op = of.queue.next();
  if (op === undefined) return;
  try {
    await send(of, op);
    waitingFor.value = "";
    retryMs = 1000;
  } catch (error) {
    refused(of, op, error);
    if (waitingFor.value !== "" || conflict.value !== null) return;
  }
  bump();
  void pump(of);
}

function refused(of: Line, op: Op, error: unknown): void {
  if (codeOf(error) === "no-session") {
    // It is sent when the same person opens the case again.
    of.queue.postponed();
    waitingFor.value = "You are logged out.";
    return;
  }
  const isPaused = error instanceof Problem && (error.isUnreachable || error.status === 429);
  if (isPaused) {
    of.queue.postponed();
    const waitMs = Math.max(retryMs, (error.retryAfterSeconds ?? 0) * 1000);
    retryMs = Math.min(retryMs * 2, 30_000);
    waitingFor.value = wordsOf(error);
    setTimeout(() => {
      waitingFor.value = "";
      void pump(of);
    }, waitMs);
    return;
  }
  if (codeOf(error) === "conflict" && op.is === "act") {
    const body = (error as Problem).body as { conflicts?: api.Conflict[] };
    conflict.value = { line: of, op, others: body.conflicts ?? [] };
    return;
  }
  of.queue.refused(op);
  const nothing = codeOf(error) === "nothing-to-undo" || codeOf(error) === "nothing-to-redo";
  if (nothing) say("quiet", op.is === "undo" ? "Nothing to undo." : "Nothing to do again.");
  else {
    const what = op.is === "act" ? kindWords[op.entry.request.kind] : "Undo";
    say("bad", `${what} was not saved, and is taken back here. ${wordsOf(error)}`);
    speak("The last decision was not saved.");
  }
}

/** Leaves what the other person decided: the act is taken back here. */
export function leaveTheirs(): void {
  const met = conflict.value;
  if (met === null) return;
  conflict.value = null;
  met.line.queue.refused(met.op);
  for (const other of met.others) {
    sawAct(other.act);
    const decision =
      other.category === null
        ? null
        : { category: other.category, by: other.by, at: other.at, settled: false };
    hearers.changed(other.item, { decision });
  }
  bump();
  void pump(met.line);
}

/** Puts the act beside the other person's: both stay on record until a lead settles it. A lead may
 * settle it at once. */
export function keepBoth(how: "category" | "settle" = "category"): void {
  const met = conflict.value;
  if (met === null || met.op.is !== "act") return;
  conflict.value = null;
  for (const other of met.others) sawAct(other.act);
  met.op.entry.request.seen = met.line.seen;
  met.op.entry.request.kind = how;
  met.line.queue.postponed();
  hearers.unknown(undefined);
  bump();
  void pump(met.line);
}
