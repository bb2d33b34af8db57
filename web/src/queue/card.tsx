import { Component } from "preact";
import type { Card } from "../api/queue";
import { Cover } from "../reveal/cover";
import { categoryOf } from "../state/case";
import { count } from "../ui/format";
import { Icon } from "../ui/icons";
import { words } from "../ui/words";

interface Props {
  card: Card | undefined;
  place: number;
  column: number;
  focused: boolean;
  selected: boolean;
  /** It is in view, not only near it. */
  seen: boolean;
  /** Who else has it before them. */
  others: string;
  onPick: (place: number, extend: boolean) => void;
  onOpen: (place: number) => void;
  onHold: (place: number) => void;
}

const gradeTone: Readonly<Record<string, string>> = {
  contradicted: "bad",
  "verified-trusted": "good",
  verified: "good",
  declared: "plain",
  watermark: "plain",
  weak: "plain",
};

/** What stands out of a card or an item, in a few words each. */
export function Marks({ card }: { card: Card }) {
  return (
    <div class="card-marks">
      {card.members > 1 && (
        <span class="pill" title={`${card.members} items in its group`}>
          <Icon name="group" />
          {count(card.members)}
          <span class="sr"> items in its group</span>
        </span>
      )}
      {card.conflict && <span class="pill bad">Conflict</span>}
      {card.second_look === "wanted" && <span class="pill warn">Second look</span>}
      {card.passed && <span class="pill">Passed on</span>}
      {card.flags.length > 0 && (
        <span class="pill warn" title={card.flags.join(", ")}>
          <Icon name="flag" />
          {card.flags.length > 1 ? card.flags.length : card.flags[0]}
        </span>
      )}
      {card.notes > 0 && (
        <span class="pill">
          <Icon name="note" />
          {card.notes}
          <span class="sr"> notes</span>
        </span>
      )}
      {card.grades.slice(0, 1).map((grade) => (
        <span class={`pill ${gradeTone[grade] ?? "plain"}`} key={grade}>
          {words("grade", grade)}
        </span>
      ))}
    </div>
  );
}

/** One card of the grid. Cards that did not change are not drawn again while a person scrolls. */
export class CardCell extends Component<Props> {
  override shouldComponentUpdate(next: Readonly<Props>): boolean {
    const now = this.props;
    return (
      next.card !== now.card ||
      next.place !== now.place ||
      next.focused !== now.focused ||
      next.selected !== now.selected ||
      next.seen !== now.seen ||
      next.others !== now.others
    );
  }

  override render({ card, place, column, focused, selected, seen, others, onPick, onOpen, onHold }: Props) {
    const state = `${focused ? " focused" : ""}${selected ? " selected" : ""}`;
    if (card === undefined) {
      return (
        <div
          class={`card empty-card${state}`}
          role="gridcell"
          id={`card-${place}`}
          aria-colindex={column + 1}
          aria-label="Loading"
        />
      );
    }
    const { decision } = card;
    const category = categoryOf(decision?.category);
    return (
      <div
        class={`card${state}${decision ? " decided" : ""}`}
        role="gridcell"
        id={`card-${place}`}
        aria-colindex={column + 1}
        aria-selected={selected}
        data-item={card.item}
        onClick={(event) => onPick(place, event.shiftKey)}
        onDblClick={() => onOpen(place)}
      >
        <div
          class="card-cover"
          onContextMenu={(event) => event.preventDefault()}
          onPointerDown={(event) => {
            if (event.button === 0) onHold(place);
          }}
        >
          <Cover card={card} seen={seen} />
          {others !== "" && <span class="card-other">{others}</span>}
          {decision && (
            <span class={`stamp c-${category?.colour ?? "grey"}`}>
              <span class="sr">Decided: </span>
              <b>{category?.key ?? decision.category}</b>
              {category?.name ?? "Decided"}
            </span>
          )}
        </div>
        <div class="card-head">
          <span class="sr">Rank </span>
          <span class="card-rank">{count(card.rank)}</span>
          <span class={`class-dot k-${card.class}`} />
          <span class="card-class">{words("class", card.class)}</span>
        </div>
        <p class="card-reason">{words("classMeaning", card.class)}</p>
        <Marks card={card} />
      </div>
    );
  }
}
