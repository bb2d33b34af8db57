import { signal } from "@preact/signals";
import type { ActEvent } from "../api/events";
import { isAbort, wordsOf } from "../api/problem";
import { type Card, type QueueCounts, getCounts, getPlace, getQueue } from "../api/queue";
import { type CardChange } from "../state/act_queue";
import { actsRevision, hearActs, shownCard } from "../state/acts";
import { caseInfo, categoryOf } from "../state/case";
import { say } from "../state/messages";
import { me } from "../state/session";
import { type Filter, filterToText, toDo } from "./filter";
import { Pages, type Span } from "./pages";

/** The queue as this page sees it: which filter, which cards are held, and where the person is. */
const pages = new Pages();

export const filter = signal<Filter>(toDo);
export const queueCase = signal("");
/** Counts up whenever cards, their number or their order may have changed. */
export const cardsRevision = signal(0);
export const total = signal(0);
export const itemsTotal = signal(0);
export const loading = signal<"first" | "no" | "failed">("first");
export const failure = signal("");
export const counts = signal<QueueCounts | null>(null);
/** The place of the card that keys mean. */
export const focus = signal(0);
/** Where a range began, null while one card alone is meant. */
export const anchor = signal<number | null>(null);
/** The other end moved under the person: it is to be brought into view. */
export const scrollTo = signal<{ place: number } | null>(null);

let fetching = new AbortController();
let countsTimer: ReturnType<typeof setTimeout> | undefined;
let lastSpan: Span = { first: 0, end: 1 };
/** The item that the person is on; undefined until its card has come. */
let focusItem: string | undefined;
let anchorItem: string | undefined;
let isUnsettled = false;
let quietUntil = 0;
/** Long enough to see that the card is another one. */
const quietMs = 700;

function bump(): void {
  total.value = pages.total;
  itemsTotal.value = pages.itemsTotal;
  ++cardsRevision.value;
}

/** Shows a filter's queue of a case from its start, or from an item. */
export function openQueue(caseName: string, wanted: Filter, at: string): void {
  const isSame = caseName === queueCase.peek() && filterToText(wanted) === filterToText(filter.peek());
  if (isSame && loading.peek() !== "failed") {
    if (at !== "") void goToItem(at);
    return;
  }
  fetching.abort();
  fetching = new AbortController();
  queueCase.value = caseName;
  filter.value = wanted;
  pages.clear();
  counts.value = null;
  loading.value = "first";
  focus.value = 0;
  focusItem = undefined;
  anchor.value = null;
  bump();
  need({ first: 0, end: 1 });
  if (at !== "") void goToItem(at);
  readCounts(0);
}

/** Sees to it that the cards of `span` are here, or on their way. */
export function need(span: Span): void {
  lastSpan = span;
  for (const page of pages.missing(span)) void fetchPage(page);
}

async function fetchPage(page: number): Promise<void> {
  const { signal: stop } = fetching;
  try {
    const got = await getQueue(queueCase.value, filterToText(filter.value), page * 200, stop);
    if (stop.aborted) return;
    const moved = pages.take(page, got);
    loading.value = "no";
    failure.value = "";
    settleFocus();
    bump();
    if (moved === "moved") need(lastSpan);
  } catch (error) {
    if (isAbort(error)) return;
    pages.failed(page);
    failure.value = wordsOf(error);
    if (loading.value === "first") loading.value = "failed";
    else setTimeout(() => need(lastSpan), 3000);
    bump();
  }
}

/** Cards may have moved: the person stays on the item that they were on, wherever it stands now.
 * Until that is known a key means nothing, for it would mean a card that they have not seen. */
function settleFocus(): void {
  const wanted = focusItem;
  const here = pages.at(focus.value)?.item;
  if (wanted === undefined || here === wanted) {
    focusItem = here;
    return;
  }
  const place = pages.find(wanted);
  const begun = anchorItem === undefined ? undefined : pages.find(anchorItem);
  anchor.value = anchor.value === null || place === undefined || begun === undefined ? null : begun;
  if (place !== undefined) {
    focus.value = place;
    scrollTo.value = { place };
    return;
  }
  isUnsettled = true;
  const asked = queueCase.value + filterToText(filter.value);
  void getPlace(queueCase.value, filterToText(filter.value), wanted)
    .then((found) => {
      if (asked === queueCase.value + filterToText(filter.value)) moveTo(found);
    })
    .catch(() => otherCard(wanted))
    .finally(() => {
      isUnsettled = false;
      ++cardsRevision.value;
    });
}

/** The item left the queue, and another stands in its place: keys wait for a moment. */
function otherCard(was: string): void {
  if (focusItem !== was) return;
  moveTo(focus.value);
  quietUntil = performance.now() + quietMs;
  setTimeout(() => ++cardsRevision.value, quietMs);
  say("quiet", "That card left this view. Another stands in its place.");
}

/** Nothing of what one person saw is left for the next one of this browser. */
export function forgetQueue(): void {
  fetching.abort();
  queueCase.value = "";
  pages.clear();
  counts.value = null;
  bump();
}

export async function goToItem(item: string): Promise<void> {
  const known = pages.find(item);
  try {
    const place = known ?? (await getPlace(queueCase.value, filterToText(filter.value), item));
    moveTo(place);
  } catch {
    // The link's item is not in this filter.
  }
}

export function retry(): void {
  loading.value = "first";
  need(lastSpan);
  readCounts(0);
}

function refreshCards(): void {
  pages.distrust();
  need(lastSpan);
}

/** Reads everything again, as after "r". */
export function refresh(): void {
  refreshCards();
  readCounts(0);
}

export function readCounts(afterMs: number): void {
  clearTimeout(countsTimer);
  const { signal: stop } = fetching;
  countsTimer = setTimeout(() => {
    void getCounts(queueCase.value, filterToText(filter.value), stop)
      .then((got) => {
        counts.value = got;
      })
      .catch(() => {});
  }, afterMs);
}

/** The card of a place as it is to be shown. */
export function cardAt(place: number): Card | undefined {
  const card = pages.at(place);
  return card === undefined ? undefined : shownCard(card);
}

export function findCard(item: string): Card | undefined {
  const place = pages.find(item);
  return place === undefined ? undefined : cardAt(place);
}

/** The place of an item that is held. */
export function placeOf(item: string): number | undefined {
  return pages.find(item);
}

export function moveTo(place: number, extend?: "extend"): void {
  const to = Math.min(Math.max(0, place), Math.max(0, total.value - 1));
  if (extend === undefined) anchor.value = null;
  else if (anchor.value === null) {
    anchor.value = focus.value;
    anchorItem = focusItem;
  }
  focus.value = to;
  focusItem = pages.at(to)?.item;
  scrollTo.value = { place: to };
}

/** The places that an act means, the first and one behind the last. */
export function selected(): Span {
  const from = anchor.value ?? focus.value;
  return { first: Math.min(from, focus.value), end: Math.max(from, focus.value) + 1 };
}

/** At most so many cards are decided by one key. */
export const maxRange = 500;

/** The cards that a key means now; none while they are not certain. */
export function selectedCards(): Card[] {
  if (isUnsettled || performance.now() < quietUntil) return [];
  const { first, end } = selected();
  const out: Card[] = [];
  for (let place = first; place < Math.min(end, first + maxRange); ++place) {
    const card = cardAt(place);
    if (card !== undefined) out.push(card);
  }
  return out;
}

function change(item: string, to: CardChange): void {
  const place = pages.find(item);
  const card = place === undefined ? undefined : pages.at(place);
  if (card === undefined) return;
  pages.replace({ ...card, ...to });
}

/** Somebody did something: what can be told is shown at once, the rest is read again. */
export function hearAct(event: ActEvent): void {
  readCounts(1500);
  if (event.by === me.value) return;
  const { category } = event;
  const asksSecond = caseInfo.value?.policy.second_look || categoryOf(category)?.second_look;
  // Of what a second look is wanted the server says who may see it.
  if (event.kind !== "category" || event.more || asksSecond) {
    refreshCards();
    return;
  }
  const isConflict = event.items.some((item) => {
    const had = findCard(item)?.decision;
    return had !== undefined && had !== null && had.by !== event.by;
  });
  if (isConflict) refreshCards();
  const at = new Date().toISOString();
  const decision = category === null ? null : { category, by: event.by, at, settled: false };
  for (const item of event.items) change(item, { decision });
  ++cardsRevision.value;
}

export function hearQueue(version: number | undefined): void {
  if (version === undefined) pages.distrust();
  else pages.outdated(version);
  need(lastSpan);
  readCounts(1500);
}

hearActs({
  changed(item, to) {
    change(item, to);
    ++actsRevision.value;
    readCounts(1500);
  },
  unknown(version) {
    hearQueue(version);
  },
});
