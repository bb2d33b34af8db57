import { useEffect, useMemo } from "preact/hooks";
import type { Item } from "../api/items";
import { answer, canRun, runCommand } from "../keys/commands";
import { revealWith } from "../keys/dispatch";
import { Strip } from "../keys/strip";
import { Marks } from "../queue/card";
import { decide, usualCommands, wholeGroup } from "../queue/decide";
import {
  cardAt,
  cardsRevision,
  filter,
  focus,
  moveTo,
  need,
  placeOf,
  queueCase,
  total,
} from "../queue/queue_state";
import { cover, revealsDone } from "../reveal/reveal";
import { actsRevision } from "../state/acts";
import { caseInfo } from "../state/case";
import { others, tellPresence } from "../state/live";
import { say } from "../state/messages";
import { amend, go } from "../state/route";
import { count, plain, short } from "../ui/format";
import { Icon } from "../ui/icons";
import { Empty, Key, Section } from "../ui/pieces";
import { words } from "../ui/words";
import { Facts, PathSection } from "./facts";
import { Findings, Hits } from "./findings";
import { Conflict, History } from "./history";
import { ItemReader } from "./item_state";
import { Near } from "./near";
import { Pane } from "./pane";

function Reasons({ item }: { item: Item }) {
  return (
    <Section title="Why it stands here" aside={<small>{words("class", item.card.class)}</small>}>
      <p class="class-meaning">{words("classMeaning", item.card.class)}</p>
      <ul class="reasons">
        {item.reasons.map((reason, i) => (
          <li key={i}>{plain(reason.words)}</li>
        ))}
      </ul>
    </Section>
  );
}

/** Goes to the item that stands so many places on in the queue that this page came from. */
function stepTo(caseName: string, item: string, by: number): void {
  const at = placeOf(item);
  if (at === undefined) {
    say("quiet", "This item is not in the queue that is open.");
    return;
  }
  const next = cardAt(at + by);
  need({ first: at + by - 4, end: at + by + 8 });
  if (next === undefined) {
    if (by > 0 && at + by >= total.value) say("quiet", "This was the last of the queue.");
    return;
  }
  moveTo(at + by);
  amend({ page: "item", case: caseName, item: next.item });
}

export function ItemPage({ caseName, id }: { caseName: string; id: string }) {
  const reader = useMemo(() => new ItemReader(() => caseName), [caseName]);
  if (queueCase.value !== caseName) queueCase.value = caseName;
  void actsRevision.value;

  useEffect(() => {
    wholeGroup.value = false;
    reader.open(id);
    const timer = setTimeout(() => tellPresence(caseName, id), 300);
    return () => {
      clearTimeout(timer);
      cover("left");
      reader.close();
    };
  }, [id, caseName]);

  // Decisions and reveals of anybody change what the item says of itself.
  useEffect(() => {
    const timer = setTimeout(() => reader.open(id), 400);
    return () => clearTimeout(timer);
  }, [actsRevision.value, cardsRevision.value, revealsDone.value]);

  const back = (): void =>
    go({ page: "queue", case: caseName, filter: filter.value, at: cardAt(focus.value)?.item ?? "" });
  const meant = () => {
    const card = reader.card();
    return card === null ? [] : [card];
  };
  useEffect(() => {
    const stopReveal = revealWith(() => id);
    const step = (by: number) => () => stepTo(caseName, id, by);
    const stop = answer(
      {
        ...usualCommands(meant),
        back,
        left: step(-1),
        right: step(1),
        "next-item": step(1),
        "previous-item": step(-1),
        compare: () => {
          const other = reader.opened.value.item?.near[0]?.item;
          if (other === undefined) say("quiet", "No other item looks like it.");
          else go({ page: "pair", case: caseName, item: id, other });
        },
      },
      (code) => {
        if (decide(code, meant()) === "done" && code !== null && placeOf(id) !== undefined) step(1)();
      },
      meant,
    );
    return () => {
      stop();
      stopReveal();
    };
  }, [id, caseName]);

  const { item, failure } = reader.opened.value;
  const card = reader.card();
  const timeZone = caseInfo.value?.time_zone;
  const watching = others.value.filter((one) => one.item === id).map((one) => one.name);
  const place = placeOf(id);
  return (
    <div class="item">
      <header class="item-head">
        <button class="button quiet" onClick={back}>
          <Icon name="left" /> Queue <Key chord="b" />
        </button>
        <h1 tabIndex={-1} data-home="">
          {card?.name ? <bdi>{plain(card.name)}</bdi> : <code>{short(id)}</code>}
          {card && <small>rank {count(card.rank)}</small>}
        </h1>
        {card && <Marks card={card} />}
        {watching.length > 0 && (
          <span class="pill warn">
            <Icon name="people" />
            {watching.join(", ")} too
          </span>
        )}
        <div class="item-steps">
          {place !== undefined && (
            <span>
              {count(place + 1)} of {count(total.value)}
            </span>
          )}
          <button
            class="button quiet square"
            aria-label="Previous item"
            onClick={() => stepTo(caseName, id, -1)}
          >
            <Icon name="left" />
          </button>
          <button class="button quiet square" aria-label="Next item" onClick={() => stepTo(caseName, id, 1)}>
            <Icon name="right" />
          </button>
        </div>
      </header>
      {failure !== "" && (
        <Empty icon="warn" title="This item could not be read" retry={() => reader.open(id)}>
          <p>{failure}</p>
        </Empty>
      )}
      {failure === "" && (
        <main class="item-main">
          <div class="item-left">
            {card ? (
              <Pane card={card} />
            ) : (
              <div class="pane">
                <div class="pane-picture" aria-busy="true" />
              </div>
            )}
          </div>
          <div class="item-right" tabIndex={0} role="region" aria-label="What is known of the item">
            {item ? (
              <>
                {card && <Conflict item={item} card={card} />}
                <Reasons item={item} />
                <Hits item={item} />
                <Findings item={item} />
                <Near item={item} caseName={caseName} />
                <PathSection item={item} />
                <Facts item={item} timeZone={timeZone} />
                {canRun("originals") && (
                  <button class="button" onClick={() => runCommand("originals")}>
                    Ask for an export of the original
                  </button>
                )}
                <History item={item} timeZone={timeZone} />
              </>
            ) : (
              <div class="skeleton" aria-busy="true" aria-label="Loading the item">
                <div />
                <div />
                <div />
              </div>
            )}
          </div>
        </main>
      )}
      <Strip cards={card === null ? [] : [card]} />
    </div>
  );
}
