import type { Item } from "../api/items";
import { categoryOf } from "../state/case";
import { me } from "../state/session";
import { moment, plain } from "../ui/format";
import { Section } from "../ui/pieces";
import { words } from "../ui/words";

/** What people did to the item, the newest first; what was undone stays on record and is struck. */
export function History({ item, timeZone }: { item: Item; timeZone: string | undefined }) {
  const isSecond = item.card.second_look === "wanted";
  const lines = item.history
    .filter((line) => !(isSecond && line.kind === "category" && line.by !== me.value))
    .reverse();
  const hidden = item.history.length - lines.length;
  return (
    <Section title="History">
      {hidden > 0 && (
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
                  {line.kind === "category" ? (
                    category ? (
                      <span class={`pill c-${category.colour}`}>{category.name}</span>
                    ) : (
                      "Category taken away"
                    )
                  ) : (
                    words("act", line.kind)
                  )}
                  {line.flag && <span class="pill warn">{plain(line.flag)}</span>}
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
