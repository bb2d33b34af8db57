import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { answer } from "../keys/commands";
import { revealWith } from "../keys/dispatch";
import { Strip } from "../keys/strip";
import { cover, press } from "../reveal/reveal";
import { Stage } from "../reveal/stage";
import { actsRevision } from "../state/acts";
import { caseInfo } from "../state/case";
import { tellPresence } from "../state/live";
import { copy, say } from "../state/messages";
import { type Route, amend, go, route, routeToText } from "../state/route";
import { settings } from "../state/settings";
import { count, counted } from "../ui/format";
import { Icon } from "../ui/icons";
import { Banner, Empty } from "../ui/pieces";
import { decide, usualCommands, wholeGroup } from "./decide";
import { Facets, valueWords } from "./facets";
import { type Filter, facetNames, filterSize, filterToText, toggled } from "./filter";
import { Grid, type GridMoves } from "./grid";
import {
  cardAt,
  cardsRevision,
  failure,
  focus,
  itemsTotal,
  loading,
  moveTo,
  openQueue,
  refresh,
  retry,
  selected,
  selectedCards,
  total,
} from "./queue_state";

/** How long a press on a card must last before it reveals, so that a click does not. */
const holdMs = 280;

/** Filters stand beside the cards where there is room for both. */
const filtersOpen = signal(window.matchMedia("(min-width: 60rem)").matches);

type QueueRoute = Extract<Route, { page: "queue" }>;

function Chips({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const chips = facetNames.flatMap((facet) =>
    filter[facet].map((value) => (
      <button key={`${facet}:${value}`} class="chip" onClick={() => onChange(toggled(filter, facet, value))}>
        {valueWords(facet, value)}
        <Icon name="close" />
        <span class="sr">: take this filter away</span>
      </button>
    )),
  );
  if (filter.search !== "") {
    chips.push(
      <button key="search" class="chip" onClick={() => onChange({ ...filter, search: "" })}>
        Part of a path
        <Icon name="close" />
        <span class="sr">: take this filter away</span>
      </button>,
    );
  }
  return <div class="chips">{chips}</div>;
}

function copyLink(): void {
  const card = cardAt(focus.value);
  const here = route.value;
  if (here.page !== "queue") return;
  const link = `${location.origin}/${routeToText({ ...here, at: card?.item ?? "" })}`;
  copy(link, "Link to this view copied. It holds filters and an id, no names.");
}

function QueueBanners() {
  const info = caseInfo.value;
  return (
    <>
      {info?.scan.state === "running" && (
        <Banner tone="info">
          <span class="pulse" /> A scan is running: cards keep coming, at the end until they are ranked, and
          can be reviewed already.
        </Banner>
      )}
      {info?.ranking.state === "stale" && info.scan.state === "idle" && (
        <Banner tone="warn">
          <Icon name="warn" /> The order is from before the last scan: new items stand at the end.
        </Banner>
      )}
      {failure.value !== "" && loading.value !== "failed" && (
        <Banner tone="bad">
          <Icon name="away" /> Some cards could not be read: {failure.value} Trying again.
        </Banner>
      )}
    </>
  );
}

function Middle({ filter, children }: { filter: Filter; children: preact.ComponentChildren }) {
  if (loading.value === "failed") {
    return (
      <Empty icon="away" title="The queue could not be read" retry={retry}>
        <p>{failure.value}</p>
      </Empty>
    );
  }
  if (loading.value === "first")
    return <div class="grid-loading" aria-busy="true" aria-label="Loading the queue" />;
  if (total.value > 0) return <>{children}</>;
  const isToDo = filterSize(filter) === 1 && filter.state[0] === "open";
  return (
    <Empty icon="check" title={isToDo ? "Nothing left to review here" : "No card fits these filters"}>
      <p>
        {isToDo
          ? "Every group has a decision. The report says what was decided, and what was not examined."
          : "Take a filter away on the left, or go back to what is to be done."}
      </p>
    </Empty>
  );
}

export function QueuePage({ at }: { at: QueueRoute }) {
  const moves = useRef<GridMoves>({ columns: 1, rowsInView: 1 });
  const text = filterToText(at.filter);

  useEffect(() => openQueue(at.case, at.filter, at.at), [at.case, text, at.at]);

  const change = (filter: Filter): void => amend({ ...at, filter, at: "" });
  const open = (place: number): void => {
    const card = cardAt(place);
    if (card === undefined) return;
    amend({ ...at, at: card.item });
    go({ page: "item", case: at.case, item: card.item });
  };
  const step = (by: number, extend?: "extend") => () => {
    wholeGroup.value = false;
    moveTo(focus.value + by, extend);
  };
  const columns = (): number => moves.current.columns;

  useEffect(() => {
    const stopReveal = revealWith(() => cardAt(focus.value)?.item ?? null);
    const stop = answer(
      {
        ...usualCommands(selectedCards),
        left: step(-1),
        right: step(1),
        up: () => step(-columns())(),
        down: () => step(columns())(),
        "extend-left": step(-1, "extend"),
        "extend-right": step(1, "extend"),
        "extend-up": () => step(-columns(), "extend")(),
        "extend-down": () => step(columns(), "extend")(),
        "page-up": () => step(-columns() * moves.current.rowsInView)(),
        "page-down": () => step(columns() * moves.current.rowsInView)(),
        first: () => moveTo(0),
        last: () => moveTo(total.value - 1),
        open: () => open(focus.value),
        refresh,
        filters: () => {
          filtersOpen.value = true;
          setTimeout(() => document.querySelector<HTMLElement>(".facets input, .facets summary")?.focus());
        },
        "copy-link": copyLink,
        compare: () => {
          const cards = selectedCards();
          const one = cards[0];
          const other = cards.at(-1);
          if (one === undefined || other === undefined || one === other) {
            say("quiet", "Select two cards with Shift and an arrow, then compare them.");
          } else go({ page: "pair", case: at.case, item: one.item, other: other.item });
        },
      },
      (code) => {
        const { end } = selected();
        if (decide(code, selectedCards()) === "done" && code !== null) moveTo(end);
      },
      selectedCards,
    );
    return () => {
      stop();
      stopReveal();
      cover("left");
    };
  }, [at.case, text]);

  void cardsRevision.value;
  void actsRevision.value;
  const cards = selectedCards();
  const focused = cardAt(focus.value)?.item ?? null;
  useEffect(() => {
    const timer = setTimeout(() => tellPresence(at.case, focused), 600);
    return () => clearTimeout(timer);
  }, [focused]);

  const hold = (place: number): void => {
    const card = cardAt(place);
    if (card === undefined || settings.value.reveal === "hold_key_only") return;
    const timer = setTimeout(() => press(card.item), holdMs);
    const stop = (): void => clearTimeout(timer);
    window.addEventListener("pointerup", stop, { once: true });
    window.addEventListener("pointercancel", stop, { once: true });
  };

  // Keys draw the strip anew; what stands beside it follows its own signals.
  const facets = useMemo(() => <Facets filter={at.filter} onChange={change} />, [at.case, text]);
  const grid = useMemo(() => <Grid onOpen={open} onHold={hold} moves={moves} />, [at.case, text]);

  return (
    <div class={`queue${filtersOpen.value ? "" : " no-filters"}`}>
      {filtersOpen.value && facets}
      <main class="queue-main">
        <header class="queue-head">
          <h1>
            {counted(total.value, "group")}
            <small>{count(itemsTotal.value)} items</small>
          </h1>
          <Chips filter={at.filter} onChange={change} />
          <button
            class="button quiet filters-toggle"
            aria-expanded={filtersOpen.value}
            onClick={() => {
              filtersOpen.value = !filtersOpen.value;
            }}
          >
            <Icon name="filter" /> Filters
          </button>
          <button class="button quiet" onClick={copyLink}>
            <Icon name="link" /> Copy link
          </button>
        </header>
        <QueueBanners />
        <Middle filter={at.filter}>{grid}</Middle>
        <Stage item={null} kind="over" />
      </main>
      <Strip cards={cards} />
    </div>
  );
}
