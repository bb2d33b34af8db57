import { itemsMeant, wholeGroup } from "../queue/decide";
import { chosenRendition } from "../reveal/reveal";
import type { Card } from "../api/queue";
import { unsent, waitingFor } from "../state/acts";
import { scheme } from "../state/case";
import { counted } from "../ui/format";
import { Icon } from "../ui/icons";
import { Key } from "../ui/pieces";
import { words } from "../ui/words";
import { keymap, runCommand } from "./commands";
import { keysOf } from "./keymap";

function KeyButton({ id, children }: { id: string; children: string }) {
  const key = keysOf(keymap.value, id)[0];
  return (
    <button class="strip-button" onClick={() => runCommand(id)}>
      {key !== undefined && <Key chord={key} />}
      {children}
    </button>
  );
}

function Scope({ cards }: { cards: readonly Card[] }) {
  const isGroup = cards.some((card) => card.members > 1);
  const meant = itemsMeant(cards);
  return (
    <button
      class={`strip-button scope${wholeGroup.value ? " on" : ""}`}
      aria-pressed={wholeGroup.value}
      disabled={!isGroup}
      onClick={() => {
        wholeGroup.value = !wholeGroup.value;
      }}
    >
      <Key chord="g" />
      {wholeGroup.value ? `Whole group: ${counted(meant, "item")}` : "Whole group"}
    </button>
  );
}

/** The categories of the case with their keys, and what else a hand needs to know. `cards` are those
 * that a key means now. */
export function Strip({ cards }: { cards: readonly Card[] }) {
  const current = cards.length === 1 ? cards[0]?.decision?.category : undefined;
  return (
    <footer class="strip" aria-label="Decide">
      <div class="strip-categories" role="group" aria-label="Categories">
        {scheme.value.categories.map((category) => {
          const id = `category:${category.code}`;
          const key = keysOf(keymap.value, id)[0];
          return (
            <button
              key={category.code}
              class={`category c-${category.colour}${current === category.code ? " on" : ""}`}
              title={category.hint}
              aria-pressed={current === category.code}
              onClick={() => runCommand(id)}
            >
              {key !== undefined && <Key chord={key} />}
              <span>{category.name}</span>
            </button>
          );
        })}
      </div>
      <div class="strip-more">
        <Scope cards={cards} />
        {cards.length > 1 ? (
          <span class="strip-count">A key means {counted(cards.length, "card")}</span>
        ) : (
          <span class="strip-hint">
            <Key chord="Space" /> hold to reveal {words("rendition", chosenRendition())}
          </span>
        )}
        <KeyButton id="undo">Undo</KeyButton>
        <span
          class={`unsent${unsent.value > 0 ? " some" : ""}${waitingFor.value !== "" ? " waiting" : ""}`}
          role="status"
          title={waitingFor.value}
        >
          {unsent.value > 0 ? (
            <>
              <Icon name={waitingFor.value === "" ? "clock" : "away"} />
              {unsent.value} unsaved
            </>
          ) : (
            <>
              <Icon name="check" />
              Saved
            </>
          )}
        </span>
      </div>
    </footer>
  );
}
