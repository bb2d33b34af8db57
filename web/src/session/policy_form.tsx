import { useState } from "preact/hooks";
import { type Budget, type Policy, putPolicy } from "../api/cases";
import { loadCase } from "../state/case";
import { refused, say } from "../state/messages";
import { styleWords } from "../state/settings";
import { Check, Field, Select } from "../ui/fields";
import { typedNumber } from "../ui/format";

type PolicyNumber = "reveal_max_seconds" | "cover_after_idle_seconds" | "interleave_every";

const numbers: { name: PolicyNumber; words: string; least: number }[] = [
  { name: "reveal_max_seconds", words: "Longest reveal, seconds", least: 1 },
  { name: "cover_after_idle_seconds", words: "Cover when idle for, seconds", least: 1 },
  { name: "interleave_every", words: "Ordinary picture after reveals (0: never)", least: 0 },
];
/** Those that may be empty have no limit then. */
const mayBeEmpty: readonly (keyof Budget)[] = ["reveals_a_day", "seconds_a_day"];
const budgets: { name: keyof Budget; words: string }[] = [
  { name: "reveals_a_day", words: "Reveals a person a day" },
  { name: "seconds_a_day", words: "Seconds a person a day" },
  { name: "break_every_minutes", words: "Break every, minutes (0: never)" },
  { name: "break_minutes", words: "Length of a break, minutes" },
];

/** How much may be shown to whom: the least that protects everybody who works on the case. */
export function PolicyForm({ caseName, policy }: { caseName: string; policy: Policy }) {
  const [draft, setDraft] = useState(policy);
  const save = (event: Event): void => {
    event.preventDefault();
    putPolicy(caseName, draft)
      .then(() => loadCase(caseName))
      .then(() => say("good", "The policy is saved."))
      .catch(refused("Not saved."));
  };
  return (
    <form class="panel" onSubmit={save}>
      <h2>Policy</h2>
      <p class="hint">People can make it tighter for themselves, never looser.</p>
      <div class="limits">
        <Select
          label="Covered at the least as"
          named="named"
          value={draft.floor}
          options={styleWords}
          onChange={(floor) => setDraft({ ...draft, floor })}
        />
        {numbers.map(({ name, words: title, least }) => (
          <Field
            key={name}
            label={title}
            type="number"
            min={least}
            required
            value={String(draft[name])}
            onChange={(text) => setDraft({ ...draft, [name]: typedNumber(text) ?? draft[name] })}
          />
        ))}
        {budgets.map(({ name, words: title }) => (
          <Field
            key={name}
            label={title}
            type="number"
            min="0"
            required={!mayBeEmpty.includes(name)}
            placeholder="no limit"
            value={String(draft.budget[name] ?? "")}
            onChange={(text) => {
              const value = typedNumber(text) ?? (mayBeEmpty.includes(name) ? null : 0);
              setDraft({ ...draft, budget: { ...draft.budget, [name]: value } });
            }}
          />
        ))}
      </div>
      <Check
        words="A second person looks at every category, not only at those that ask for it"
        checked={draft.second_look}
        onChange={() => setDraft({ ...draft, second_look: !draft.second_look })}
      />
      <Check
        words="Known material is shown only with a reason"
        checked={draft.known_needs_reason}
        onChange={() => setDraft({ ...draft, known_needs_reason: !draft.known_needs_reason })}
      />
      <div class="panel-foot">
        <button class="button primary" disabled={draft === policy}>
          Save policy
        </button>
      </div>
    </form>
  );
}
