import { signal } from "@preact/signals";
import * as api from "../api/acts";
import { Problem, codeOf, wordsOf } from "../api/problem";
import type { Card } from "../api/queue";
import { ActQueue, type CardChange, type Op } from "./act_queue";
import { caseInfo, categoryOf } from "./case";
import { say, speak } from "./messages";
import { me } from "./session";

let queue = new ActQueue();
/** The last act that this page knows of. */
let seen = 0;
let retryMs = 1000;

/** Counts up whenever what cards show may have changed. */
export const actsRevision = signal(0);
/** Acts that the server has yet to hear of. */
export const unsent = signal(0);
/** Why they wait, "" while they do not. */
export const waitingFor = signal("");
/** An act that met what somebody else decided meanwhile. */
export const conflict = signal<{ op: Op; others: api.Conflict[] } | null>(null);

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

export function startActs(lastKnown: number): void {
  queue = new ActQueue();
  seen = lastKnown;
  bump();
}

export function sawAct(act: number): void {
  seen = Math.max(seen, act);
}

export function shownCard(card: Card): Card {
  return queue.shown(card);
}

function bump(): void {
  unsent.value = queue.length;
  ++actsRevision.value;
}

export type ActWish = Pick<api.ActRequest, "kind" | "whole_groups"> &
  Partial<Pick<api.ActRequest, "category" | "flag" | "text">>;

/** Does something to the cards at once, and tells the server behind it. */
export function act(wish: ActWish, cards: readonly Card[]): void {
  if (cards.length === 0) return;
  const items = cards.map((card) => card.item);
  queue.act({ ...wish, items, seen }, cards, me.value, new Date().toISOString());
  bump();
  void pump();
}

export function undo(): void {
  const done = queue.undo();
  bump();
  if (done === "dropped") say("quiet", "Undone.");
  void pump();
}

export function redo(): void {
  queue.redo();
  bump();
  void pump();
}

const kindWords: Record<api.ActKind, string> = {
  category: "Category", flag: "Flag", unflag: "Flag taken away", note: "Note",
  pass_on: "Passing on", take_back: "Taking back",
};

function wordsOfUndone(undone: api.Undone): string {
  const name = categoryOf(undone.category)?.name;
  const what = name === undefined ? kindWords[undone.kind] : `“${name}”`;
  const count = undone.items.length;
  return `${what}, ${count === 1 ? "1 item" : `${count} items`}`;
}

async function send(caseName: string, op: Op): Promise<void> {
  if (op.is === "act") {
    const done = await api.sendAct(caseName, op.entry.request);
    sawAct(done.act);
    apply(op, done);
    if (op.entry.request.whole_groups) hearers.unknown(done.version);
    return;
  }
  const undone = await (op.is === "undo" ? api.undoAct(caseName) : api.redoAct(caseName));
  apply(op, undone);
  say("quiet", `${op.is === "undo" ? "Undone" : "Done again"}: ${wordsOfUndone(undone)}`);
}

function apply(op: Op, answer: api.ActDone | api.Undone): void {
  const changes = queue.done(op, answer);
  if (changes === undefined) hearers.unknown(undefined);
  else for (const [item, change] of changes) hearers.changed(item, change);
}

async function pump(): Promise<void> {
  const caseName = caseInfo.value?.case;
  if (caseName === undefined || conflict.value !== null) return;
  const op = queue.next();
  if (op === undefined) return;
  try {
    await send(caseName, op);
    waitingFor.value = "";
    retryMs = 1000;
  } catch (error) {
    refused(op, error);
    if (waitingFor.value !== "" || conflict.value !== null) return;
  }
  bump();
  void pump();
}

function refused(op: Op, error: unknown): void {
  const isPaused = error instanceof Problem && (error.isUnreachable || error.status === 429);
  if (isPaused) {
    queue.postponed();
    const waitMs = Math.max(retryMs, (error.retryAfterSeconds ?? 0) * 1000);
    retryMs = Math.min(retryMs * 2, 30_000);
    waitingFor.value = wordsOf(error);
    setTimeout(() => {
      waitingFor.value = "";
      void pump();
    }, waitMs);
    return;
  }
  if (codeOf(error) === "conflict" && op.is === "act") {
    const body = (error as Problem).body as { conflicts?: api.Conflict[] };
    conflict.value = { op, others: body.conflicts ?? [] };
    return;
  }
  queue.refused(op);
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
  queue.refused(met.op);
  for (const other of met.others) {
    sawAct(other.act);
    const decision =
      other.category === null
        ? null
        : { category: other.category, by: other.by, at: other.at, settled: false };
    hearers.changed(other.item, { decision });
  }
  bump();
  void pump();
}

/** Puts the act beside the other person's: both stay on record until a lead settles it. */
export function keepBoth(): void {
  const met = conflict.value;
  if (met === null || met.op.is !== "act") return;
  conflict.value = null;
  for (const other of met.others) sawAct(other.act);
  met.op.entry.request.seen = seen;
  queue.postponed();
  hearers.unknown(undefined);
  bump();
  void pump();
}
