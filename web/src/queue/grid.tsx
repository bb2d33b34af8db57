import { useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { actsRevision } from "../state/acts";
import { others } from "../state/live";
import { coverStyle, settings } from "../state/settings";
import { CardCell } from "./card";
import { moveTo, need, cardAt, cardsRevision, focus, scrollTo, selected, total } from "./queue_state";
import { ScrollSpace } from "./scroll_space";

/** Sizes of a card in rem: the least width, and the height that all rows have. */
const sizes = {
  small: { width: 10.5, height: 13.4 },
  medium: { width: 13, height: 15.6 },
  large: { width: 18, height: 19.5 },
};
const overRows = 1;

export interface GridMoves {
  columns: number;
  rowsInView: number;
}

interface Props {
  onOpen: (place: number) => void;
  onHold: (place: number) => void;
  /** Tells the page how far a screen of cards reaches. */
  moves: { current: GridMoves };
}

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** A grid of any number of cards, of which only those near the window exist. */
export function Grid({ onOpen, onHold, moves }: Props) {
  const view = useRef<HTMLDivElement>(null);
  const space = useMemo(() => new ScrollSpace(), []);
  const [box, setBox] = useState({ width: 0, height: 0, rem: 14 });
  const [, redraw] = useState(0);
  const isPlaced = useRef(false);
  const revision = cardsRevision.value + actsRevision.value;

  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return;
    const measure = (): void =>
      setBox({ width: element.clientWidth, height: element.clientHeight, rem: rem() });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const size = sizes[settings.value.size];
  const gap = 0.75 * box.rem;
  const fitting = Math.max(1, Math.floor((box.width - gap) / (size.width * box.rem + gap)));
  const columns = settings.value.columns > 0 ? settings.value.columns : fitting;
  const rowHeight = Math.round(size.height * box.rem + gap);
  moves.current = { columns, rowsInView: Math.max(1, Math.floor(box.height / rowHeight)) };

  useLayoutEffect(() => {
    const element = view.current;
    if (element === null || box.height === 0) return;
    let top = space.resize({ total: total.value, columns, rowHeight, viewHeight: box.height });
    if (!isPlaced.current && total.value > 0) {
      // Opened again, or anew: the card that keys mean is in view, and keys reach the grid.
      isPlaced.current = true;
      top = space.goTo(space.topToShow(focus.value));
      if (document.activeElement === document.body) element.focus({ preventScroll: true });
    }
    if (Math.abs(element.scrollTop - top) > 1) element.scrollTop = top;
    space.settled(element.scrollTop);
    redraw((n) => n + 1);
  }, [columns, rowHeight, box.height, total.value]);

  const shown = useRef({ first: -1, end: -1 });
  const follow = (): void => {
    const rows = space.visible(0);
    if (rows.first === shown.current.first && rows.end === shown.current.end) return;
    redraw((n) => n + 1);
  };

  const onScroll = (): void => {
    const element = view.current;
    if (element === null) return;
    const before = space.elementTop(0);
    const set = space.scrolled(element.scrollTop);
    if (set !== null) {
      element.scrollTop = set;
      space.settled(element.scrollTop);
    }
    // In a paged space rows move within the element when the position is laid anew.
    if (space.elementTop(0) !== before) shown.current = { first: -1, end: -1 };
    follow();
  };

  useSignalEffect(() => {
    const wish = scrollTo.value;
    const element = view.current;
    if (wish === null || element === null || box.height === 0) return;
    element.scrollTop = space.goTo(space.topToShow(wish.place));
    space.settled(element.scrollTop);
    shown.current = { first: -1, end: -1 };
    follow();
  });

  const rows = space.visible(overRows);
  const seen = space.visible(0);
  shown.current = seen;
  useEffect(() => {
    if (total.value > 0) need({ first: rows.first * columns, end: rows.end * columns });
  }, [rows.first, rows.end, columns, revision]);

  // Facts ask for nothing, so their cards are drawn once.
  const factsOnly = coverStyle.value === "card";
  const range = selected();
  const many = range.end - range.first > 1;
  const here = new Map<string, string>();
  for (const one of others.value) if (one.item) here.set(one.item, one.name);

  const poolRows = Math.ceil(box.height / rowHeight) + 2 * overRows + 1;
  const drawn = [];
  for (let row = rows.first; row < rows.end; ++row) {
    const cells = [];
    for (let column = 0; column < columns; ++column) {
      const place = row * columns + column;
      if (place >= total.value) break;
      const card = cardAt(place);
      cells.push(
        <CardCell
          key={column}
          card={card}
          place={place}
          column={column}
          focused={place === focus.value}
          selected={place === focus.value || (many && place >= range.first && place < range.end)}
          seen={factsOnly || (row >= seen.first && row < seen.end)}
          others={card === undefined ? "" : (here.get(card.item) ?? "")}
          onPick={(at, extend) => moveTo(at, extend ? "extend" : undefined)}
          onOpen={onOpen}
          onHold={onHold}
        />,
      );
    }
    // Rows are used again for others as the window moves on, so that few elements are made.
    drawn.push(
      <div
        class="grid-row"
        role="row"
        aria-rowindex={row + 1}
        key={row % poolRows}
        style={{
          transform: `translateY(${space.elementTop(row)}px)`,
          height: `${rowHeight}px`,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        }}
      >
        {cells}
      </div>,
    );
  }

  return (
    <div
      ref={view}
      class={`grid size-${settings.value.size}`}
      role="grid"
      tabIndex={0}
      data-home=""
      aria-label="Queue of groups, in the order of review"
      aria-rowcount={space.rows}
      aria-colcount={columns}
      aria-multiselectable="true"
      aria-activedescendant={`card-${focus.value}`}
      onScroll={onScroll}
    >
      <div class="grid-space" role="presentation" style={{ height: `${space.elementHeight}px` }}>
        {drawn}
      </div>
    </div>
  );
}
