import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Item } from "../api/items";
import { answer } from "../keys/commands";
import { revealWith } from "../keys/dispatch";
import { Strip } from "../keys/strip";
import { decide, usualCommands } from "../queue/decide";
import { cardAt, filter, focus, queueCase } from "../queue/queue_state";
import { cover } from "../reveal/reveal";
import { actsRevision } from "../state/acts";
import { caseInfo } from "../state/case";
import { go } from "../state/route";
import { bytes, moment, pixels, plain, short } from "../ui/format";
import { Icon } from "../ui/icons";
import { Key } from "../ui/pieces";
import { typeWords, words } from "../ui/words";
import { ItemReader } from "./item_state";
import { Pane } from "./pane";

type Side = "left" | "right";

function rows(item: Item | null, timeZone: string | undefined): [string, string][] {
  if (item === null) return [];
  return [
    ["Type", typeWords(item.format)],
    ["Pixels", pixels(item.width, item.height)],
    ["Size", bytes(item.size)],
    ["Modified", item.times["modified"] === undefined ? "" : moment(item.times["modified"], timeZone)],
    ["Examined", words("coverage", item.coverage)],
    ["Origin", item.card.grades.map((grade) => words("grade", grade)).join(", ") || words("grade", "none")],
    ["Hits", item.hits.map((hit) => `${hit.list}, category ${hit.category}`).join("; ") || "none"],
    [
      "Camera",
      item.findings
        .flatMap((one) => one.fields)
        .filter(([name]) => name === "make" || name === "model")
        .map(([, text]) => text)
        .join(" "),
    ],
    ["SHA-256", item.digests.sha256 ?? ""],
    [
      "Lies in",
      item.path
        .slice(0, -1)
        .map((step) => plain(step.name ?? step.kind))
        .join(" / "),
    ],
  ];
}

/** The facts of both, with what differs set off. */
function Table({ left, right }: { left: Item | null; right: Item | null }) {
  const timeZone = caseInfo.value?.time_zone;
  const ours = rows(left, timeZone);
  const theirs = new Map(rows(right, timeZone));
  return (
    <table class="pair-table">
      <caption class="sr">Facts of both items</caption>
      <tbody>
        {ours.map(([name, text]) => {
          const other = theirs.get(name) ?? "";
          if (text === "" && other === "") return null;
          const differs = right !== null && other !== text;
          return (
            <tr key={name} class={differs ? "differs" : ""}>
              <td>{text}</td>
              <th scope="row">
                {name}
                {differs && <span class="sr"> differs</span>}
              </th>
              <td>{other}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Two items side by side. Keys mean the side that is chosen; one reveal at a time. */
export function PairPage({ caseName, id, other }: { caseName: string; id: string; other: string }) {
  const left = useMemo(() => new ItemReader(() => caseName), [caseName]);
  const right = useMemo(() => new ItemReader(() => caseName), [caseName]);
  const side = useSignal<Side>("left");
  if (queueCase.value !== caseName) queueCase.value = caseName;

  useEffect(() => {
    left.open(id);
    right.open(other);
    return () => {
      cover("left");
      left.close();
      right.close();
    };
  }, [id, other, actsRevision.value]);

  const chosen = (): ItemReader => (side.value === "left" ? left : right);
  const meant = () => {
    const card = chosen().card();
    return card === null ? [] : [card];
  };
  useEffect(() => {
    const stopReveal = revealWith(() => chosen().opened.value.id);
    const stop = answer(
      {
        ...usualCommands(meant),
        back: () =>
          go({ page: "queue", case: caseName, filter: filter.value, at: cardAt(focus.value)?.item ?? "" }),
        left: () => {
          side.value = "left";
        },
        right: () => {
          side.value = "right";
        },
        open: () => go({ page: "item", case: caseName, item: chosen().opened.value.id }),
      },
      (code) => decide(code, meant()),
      meant,
    );
    return () => {
      stop();
      stopReveal();
    };
  }, [id, other, caseName]);

  const half = (reader: ItemReader, which: Side) => {
    const card = reader.card();
    return (
      <section
        class={`pair-half${side.value === which ? " on" : ""}`}
        aria-label={which === "left" ? "First item" : "Second item"}
        onPointerDown={() => {
          side.value = which;
        }}
      >
        <h2>
          {card?.name ? <bdi>{plain(card.name)}</bdi> : <code>{short(reader.opened.value.id)}</code>}
          {side.value === which && <span class="pill accent">keys mean this one</span>}
        </h2>
        {card ? (
          <Pane card={card} />
        ) : (
          <div class="pane">
            <div class="pane-picture" aria-busy="true" />
          </div>
        )}
        {reader.opened.value.failure !== "" && <p class="warn-line">{reader.opened.value.failure}</p>}
      </section>
    );
  };

  return (
    <div class="pair">
      <header class="item-head">
        <button class="button quiet" onClick={() => history.back()}>
          <Icon name="left" /> Back
        </button>
        <h1 tabIndex={-1} data-home="">
          Side by side
        </h1>
        <span class="hint">
          <Key chord="ArrowLeft" /> <Key chord="ArrowRight" /> choose a side
        </span>
      </header>
      <main class="pair-main">
        <div class="pair-halves">
          {half(left, "left")}
          {half(right, "right")}
        </div>
        <Table left={left.opened.value.item} right={right.opened.value.item} />
      </main>
      <Strip cards={meant()} />
    </div>
  );
}
