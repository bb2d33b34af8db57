import { useState } from "preact/hooks";
import { type Category, type Scheme, putScheme } from "../api/cases";
import { caseInfo, loadCase } from "../state/case";
import { refused, say } from "../state/messages";
import { may } from "../state/session";
import { styleWords } from "../state/settings";
import { Select } from "../ui/fields";
import { count, day, plain } from "../ui/format";
import { FactList, Loading, Page, Table } from "../ui/pieces";
import { PolicyForm } from "./policy_form";

const colours = Object.fromEntries(
  ["red", "orange", "yellow", "green", "blue", "violet", "grey"].map((colour) => [colour, colour]),
);

const blankCategory: Category = {
  code: "",
  key: "",
  name: "",
  hint: "",
  colour: "grey",
  grave: false,
  second_look: false,
};

/** What is wrong with a scheme, "" where nothing is. */
function problemOf(scheme: Scheme): string {
  const codes = scheme.categories.map((one) => one.code.trim());
  const keys = scheme.categories.map((one) => one.key).filter((key) => key !== "");
  if (codes.length === 0) return "A case needs a category.";
  if (codes.some((code) => code === "") || scheme.categories.some((one) => one.name.trim() === "")) {
    return "Each category needs a code and a name.";
  }
  if (new Set(codes).size < codes.length) return "Two categories have the same code.";
  if (new Set(keys).size < keys.length) return "Two categories have the same key.";
  return "";
}

function Row(props: { category: Category; onChange: (to: Category) => void; onRemove: () => void }) {
  const { category, onChange, onRemove } = props;
  const text = (name: "code" | "key" | "name" | "hint", label: string, max: number) => (
    <td>
      <input
        type="text"
        aria-label={label}
        maxLength={max}
        class={`in-${name}`}
        value={category[name]}
        onInput={(event) => onChange({ ...category, [name]: event.currentTarget.value })}
      />
    </td>
  );
  const check = (name: "grave" | "second_look", label: string) => (
    <td class="middle">
      <input
        type="checkbox"
        aria-label={label}
        checked={category[name]}
        onChange={() => onChange({ ...category, [name]: !category[name] })}
      />
    </td>
  );
  return (
    <tr>
      {text("key", "Key", 1)}
      {text("code", "Code", 16)}
      {text("name", "Name", 60)}
      {text("hint", "Hint", 200)}
      <td>
        <Select
          label="Colour"
          value={category.colour}
          options={colours}
          onChange={(colour) => onChange({ ...category, colour })}
        />
      </td>
      {check("grave", "Grave")}
      {check("second_look", "Second look")}
      <td>
        <button type="button" class="button quiet small" onClick={onRemove}>
          Remove
        </button>
      </td>
    </tr>
  );
}

/** The categories of the case: any number, with any codes and keys. */
function SchemeEditor({ caseName, scheme }: { caseName: string; scheme: Scheme }) {
  const [draft, setDraft] = useState(scheme);
  const wrong = problemOf(draft);
  const set = (categories: Category[]): void => setDraft({ ...draft, categories });
  const save = (): void => {
    putScheme(caseName, draft)
      .then(() => loadCase(caseName))
      .then(() => say("good", "The categories are saved."))
      .catch(refused("Not saved."));
  };
  return (
    <section class="panel">
      <h2>Categories</h2>
      <p class="hint">
        Decisions keep their code when a name changes. A category that was used should not be removed.
      </p>
      <Table
        label="Categories"
        kind="scheme"
        head={["Key", "Code", "Name", "Hint", "Colour", "Grave", "Second look", "Remove"]}
      >
        {draft.categories.map((category, i) => (
          <Row
            key={i}
            category={category}
            onChange={(to) => set(draft.categories.map((one, k) => (k === i ? to : one)))}
            onRemove={() => set(draft.categories.filter((_, k) => k !== i))}
          />
        ))}
      </Table>
      <div class="panel-foot">
        <button class="button" onClick={() => set([...draft.categories, { ...blankCategory }])}>
          Add a category
        </button>
        {wrong !== "" && (
          <span class="warn" role="status">
            {wrong}
          </span>
        )}
        <button class="button primary" disabled={wrong !== "" || draft === scheme} onClick={save}>
          Save categories
        </button>
      </div>
    </section>
  );
}

function SchemeTable({ scheme }: { scheme: Scheme }) {
  return (
    <section class="panel">
      <h2>Categories</h2>
      <ul class="scheme-list">
        {scheme.categories.map((one) => (
          <li key={one.code}>
            <kbd>{one.key}</kbd>
            <span class={`pill c-${one.colour}`}>{one.name}</span>
            <span>{one.hint}</span>
            {one.second_look && <small>second look</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function CasePage({ caseName }: { caseName: string }) {
  const info = caseInfo.value;
  if (info === null) return <Loading />;
  const lines: [string, string][] = [
    ["Number", info.number],
    ["Exhibit", info.exhibit],
    ["Agency", info.agency],
    ["Examiner", info.examiner],
    ["Time zone", info.time_zone],
    ["Opened", day(info.created, info.time_zone)],
    ["Items", `${count(info.items)}, in ${count(info.groups)} groups`],
    ["Sources", info.sources.map((one) => plain(one.source)).join(", ")],
    [
      "Order of review",
      { current: "current", stale: "from before the last scan", none: "not made yet" }[info.ranking.state],
    ],
    ["Scan", info.scan.state === "running" ? "running" : "none running"],
  ];
  return (
    <Page title={`Case ${info.number}`}>
      <section class="panel">
        <FactList kind="case-facts" facts={lines} />
        <h3>Lists</h3>
        <ul class="made">
          {info.lists.map((list) => (
            <li key={list.name}>
              <span>
                {plain(list.name)} <small>{list.version}</small>
              </span>
              <span>{count(list.entries)} entries</span>
            </li>
          ))}
        </ul>
      </section>
      {may("set_policy") ? (
        <SchemeEditor caseName={caseName} scheme={info.scheme} />
      ) : (
        <SchemeTable scheme={info.scheme} />
      )}
      {may("set_policy") && <PolicyForm caseName={caseName} policy={info.policy} />}
      <p class="hint">How items are covered at the least: {styleWords[info.policy.floor].toLowerCase()}.</p>
    </Page>
  );
}
