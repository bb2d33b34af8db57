import type { Card } from "../api/queue";
import { Cover } from "../reveal/cover";
import { chosenRendition, budgetLeft, cover, nextRendition, press, revealState } from "../reveal/reveal";
import { Stage } from "../reveal/stage";
import { categoryOf } from "../state/case";
import { settings } from "../state/settings";
import { count } from "../ui/format";
import { Icon } from "../ui/icons";
import { Key } from "../ui/pieces";
import { words } from "../ui/words";

function Left() {
  const { reveals_left: reveals } = budgetLeft.value;
  if (reveals === null) return null;
  return (
    <span class="pane-left">{reveals === 0 ? "Budget used up" : `${count(reveals)} reveals left today`}</span>
  );
}

/** The place of the picture: covered, and the button that reveals it as long as it is held. */
export function Pane({ card }: { card: Card }) {
  const { decision } = card;
  const category = categoryOf(decision?.category);
  const isPicture = card.width !== null && card.coverage !== "none";
  const byPointer = settings.value.reveal === "hold";
  const isUp = revealState.value.at !== "covered" && revealState.value.item === card.item;
  return (
    <div class="pane">
      <div class="pane-picture" data-item={card.item}>
        <Cover card={card} seen />
        <Stage item={card.item} kind="inside" />
        {decision && (
          <span class={`stamp big c-${category?.colour ?? "grey"}`}>
            <b>{category?.key ?? decision.category}</b>
            {category?.name ?? "Decided"}
            <small>{decision.by}</small>
          </span>
        )}
      </div>
      <div class="pane-foot">
        {isPicture ? (
          <button
            class={`button hold${isUp ? " held" : ""}`}
            disabled={!byPointer}
            onPointerDown={(event) => {
              if (event.button === 0) press(card.item);
            }}
            onKeyDown={(event) => {
              if (event.key === " " || event.key === "Enter") {
                event.preventDefault();
                if (!event.repeat) press(card.item);
              }
            }}
            onKeyUp={() => cover("release")}
            onContextMenu={(event) => event.preventDefault()}
          >
            <Icon name="eye" />
            {isUp ? "Let go to cover" : byPointer ? "Hold to reveal" : "Hold Space to reveal"}
          </button>
        ) : (
          <span class="pane-none">There is no picture to reveal.</span>
        )}
        <button class="button quiet" onClick={nextRendition}>
          {words("rendition", chosenRendition())} <Key chord="v" />
        </button>
        <Left />
      </div>
    </div>
  );
}
