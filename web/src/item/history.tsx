import type { Item } from "../api/items";
import type { Card } from "../api/queue";
import { settle } from "../queue/decide";
import { categoryName, categoryOf } from "../state/case";
import { may } from "../state/session";
import { moment, plain } from "../ui/format";
import { Section } from "../ui/pieces";
import { words } from "../ui/words";

/** Who says what of an item that they do not agree on, and the way out of it. */
export function Conflict({ item, card }: { item: Item; card: Card }) {
  if (!card.conflict) return null;
  const said = new Map<string, string>();
  for (const { kind, by, category, undone } of item.history) {
    if (undone || (kind !== "category" && kind !== "settle")) continue;
    if (kind === "settle") said.clear();
    said.delete(by);
    if (category !== null) said.set(by, category);
  }
  return (
    <Section title="In conflict">
      <ul class="conflicts">
        {[...said].map(([by, code]) => (
          <li key={by}>
            <strong>{by}</strong> says <strong>{categoryName(code)}</strong>
          </li>
        ))}
      </ul>
      {may("set_policy") ? (
        <div class="flag-choices">
          {[...new Set(said.values())].map((code) => (
            <button key={code} class="button" onClick={() => settle(code, card)}>
              Settle as {categoryName(code)}
            </button>
          ))}
        </div>
      ) : (
        <p class="hint">Until you agree, or a lead settles it.</p>
      )}
    </Section>
  );
}

/** What people did to the item, the newest first; what was undone stays on record and is struck. */
export function History({ item, timeZone }: { item: Item; timeZone: string | undefined }) {
  const isSecond = item.card.second_look === "wanted" && item.card.decision === null;
  const lines = [...item.history].reverse();
  return (
    <Section title="History">
      {isSecond && (
        <p class="warn-line">
          A second look is wanted: the first decision is shown once you have made yours.
        </p>
      )}
      {lines.length === 0 ? (
        <p class="none">Nobody has decided or written anything yet.</p>
      ) : (
        <ol class="history">
          {lines.map((line) => {
            const category = categoryOf(line.category);
            return (
              <li key={line.act} class={line.undone ? "undone" : ""}>
                <span class="history-what">
                  {line.kind === "settle" && "Settled: "}
                  {line.kind === "category" || line.kind === "settle" ? (
                    category ? (
                      <span class={`pill c-${category.colour}`}>{category.name}</span>
                    ) : (
                      "Category taken away"
                    )
                  ) : (
                    words("act", line.kind)
                  )}
                  {line.flag && <span class="pill warn">{plain(line.flag)}</span>}
                  {line.to && <span class="pill">to {plain(line.to)}</span>}
                  {line.undone && <small>undone</small>}
                </span>
                {line.text && <p class="history-text">{plain(line.text)}</p>}
                <small>
                  {line.by}, {moment(line.at, timeZone)}
                </small>
              </li>
            );
          })}
        </ol>
      )}
    </Section>
  );
}
