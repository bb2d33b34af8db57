import type { Item } from "../api/items";
import { findCard } from "../queue/queue_state";
import { categoryOf } from "../state/case";
import { go } from "../state/route";
import { count, short } from "../ui/format";
import { Section } from "../ui/pieces";

interface Props {
  item: Item;
  caseName: string;
}

function NearLine({ caseName, of, id, how }: { caseName: string; of: string; id: string; how: string }) {
  const card = findCard(id);
  const category = categoryOf(card?.decision?.category);
  return (
    <li>
      <button class="near-open" onClick={() => go({ page: "item", case: caseName, item: id })}>
        <code>{short(id)}</code>
        {card && <span>rank {count(card.rank)}</span>}
        {category && <span class={`pill c-${category.colour}`}>{category.name}</span>}
      </button>
      <span class="near-distance">{how}</span>
      <button
        class="button quiet small"
        onClick={() => go({ page: "pair", case: caseName, item: of, other: id })}
      >
        Compare
      </button>
    </li>
  );
}

/** Others that look alike or have the same bytes; none of them is shown here. */
export function Near({ item, caseName }: Props) {
  const others = item.near.length + item.copies.length;
  return (
    <Section title="Alike" aside={others > 0 ? <small>{count(others)}</small> : undefined}>
      {others === 0 ? (
        <p class="none">No other item looks like it or has its bytes.</p>
      ) : (
        <ul class="near">
          {item.copies.map((id) => (
            <NearLine key={id} caseName={caseName} of={item.item} id={id} how="same bytes" />
          ))}
          {item.near.map((one) => (
            <NearLine key={one.item} caseName={caseName} of={item.item} id={one.item} how="looks like it" />
          ))}
        </ul>
      )}
    </Section>
  );
}
