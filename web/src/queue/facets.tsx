import type { TargetedEvent } from "preact";
import { useRef } from "preact/hooks";
import { keepSearch } from "../api/queue";
import { wordsOf } from "../api/problem";
import { categoryName, scheme } from "../state/case";
import { say } from "../state/messages";
import { may } from "../state/session";
import { count, plain, typedNumber } from "../ui/format";
import { Icon } from "../ui/icons";
import { order, typeWords, words } from "../ui/words";
import { type FacetName, type Filter, facetNames, filterSize, toDo, toggled } from "./filter";
import { counts, queueCase } from "./queue_state";

interface Props {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** The order in which values of a facet stand, where it means something. */
const orders: Partial<Record<FacetName, readonly string[]>> = {
  state: ["open", "flagged", "passed", "conflict", "second_look", "decided"],
  class: order("class"),
  grade: order("grade"),
};

export function valueWords(facet: FacetName, value: string): string {
  switch (facet) {
    case "state":
    case "class":
    case "grade":
      return words(facet, value);
    case "category":
      return categoryName(value);
    case "type":
      return typeWords(value);
    case "folder":
      return plain(counts.value?.folders[value] ?? value);
    default:
      return plain(value);
  }
}

function valuesOf(facet: FacetName, filter: Filter): [string, number][] {
  const known = counts.value?.by[facet] ?? {};
  const all = new Map(Object.entries(known));
  for (const value of filter[facet]) if (!all.has(value)) all.set(value, 0);
  if (facet === "state") for (const state of orders.state ?? []) if (!all.has(state)) all.set(state, 0);
  const first = facet === "category" ? scheme.value.categories.map((one) => one.code) : orders[facet];
  const place = (value: string): number => {
    const at = first?.indexOf(value) ?? -1;
    return at < 0 ? 999 : at;
  };
  return [...all].sort((x, y) => place(x[0]) - place(y[0]) || y[1] - x[1] || x[0].localeCompare(y[0]));
}

function FacetGroup({ facet, filter, onChange }: Props & { facet: FacetName }) {
  const values = valuesOf(facet, filter);
  if (values.length === 0) return null;
  const chosen = filter[facet].length;
  return (
    <details class="facet" open={facet === "state" || facet === "class" || chosen > 0}>
      <summary>
        <span>{words("facet", facet)}</span>
        {chosen > 0 && <span class="facet-chosen">{chosen}</span>}
      </summary>
      <div role="group" aria-label={words("facet", facet)}>
        {values.slice(0, 40).map(([value, n]) => (
          <label key={value} class={n === 0 ? "none" : ""}>
            <input
              type="checkbox"
              checked={filter[facet].includes(value)}
              onChange={() => onChange(toggled(filter, facet, value))}
            />
            <span class="facet-value">{valueWords(facet, value)}</span>
            <span class="facet-count">{counts.value === null ? "" : count(n)}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

const kb = 1000;

function Ranges({ filter, onChange }: Props) {
  const size = (name: "size_min" | "size_max") => (event: TargetedEvent<HTMLInputElement>) => {
    const value = typedNumber(event.currentTarget.value);
    onChange({ ...filter, [name]: value === null ? null : value * kb });
  };
  const day = (name: "after" | "before") => (event: TargetedEvent<HTMLInputElement>) =>
    onChange({ ...filter, [name]: event.currentTarget.value });
  const shown = (value: number | null): string => (value === null ? "" : String(value / kb));
  const isUsed = filter.size_min !== null || filter.size_max !== null || filter.after + filter.before !== "";
  return (
    <details class="facet" open={isUsed}>
      <summary>
        <span>Size and time</span>
      </summary>
      <div class="ranges">
        <label>
          From, KB
          <input type="number" min="0" value={shown(filter.size_min)} onChange={size("size_min")} />
        </label>
        <label>
          To, KB
          <input type="number" min="0" value={shown(filter.size_max)} onChange={size("size_max")} />
        </label>
        <label>
          After
          <input type="date" value={filter.after} onChange={day("after")} />
        </label>
        <label>
          Before
          <input type="date" value={filter.before} onChange={day("before")} />
        </label>
      </div>
    </details>
  );
}

function Search({ filter, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const find = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    try {
      onChange({ ...filter, search: text === "" ? "" : await keepSearch(queueCase.value, text) });
    } catch (error) {
      say("bad", `Not searched. ${wordsOf(error)}`);
    }
  };
  return (
    <form class="search" role="search" onSubmit={(event) => void find(event)}>
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        id="filter-search"
        placeholder="Part of a path"
        aria-label="Part of a path"
        autocomplete="off"
        spellcheck={false}
      />
    </form>
  );
}

/** What the queue can be narrowed by, with how many cards each would leave. */
export function Facets({ filter, onChange }: Props) {
  const used = filterSize(filter);
  return (
    <aside class="facets" aria-label="Filters">
      {may("see_path") && <Search filter={filter} onChange={onChange} />}
      {facetNames.map((facet) => (
        <FacetGroup key={facet} facet={facet} filter={filter} onChange={onChange} />
      ))}
      <Ranges filter={filter} onChange={onChange} />
      <label class="facet-known">
        <input
          type="checkbox"
          checked={filter.known === "shown"}
          onChange={() => onChange({ ...filter, known: filter.known === "shown" ? "hidden" : "shown" })}
        />
        <span>List known material too</span>
      </label>
      {used > 0 && (
        <button class="button quiet" onClick={() => onChange({ ...toDo })}>
          Back to what is to be done
        </button>
      )}
    </aside>
  );
}
