import { useState } from "preact/hooks";
import { type Budget, type CoverStyle, type Policy, putPolicy } from "../api/cases";
import { wordsOf } from "../api/problem";
import { loadCase } from "../state/case";
import { say } from "../state/messages";
import { coverStyles } from "../state/settings";
import { words } from "../ui/words";

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
  const number = (text: string): number | null => {
    const value = Number.parseInt(text, 10);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  const save = (event: Event): void => {
    event.preventDefault();
    putPolicy(caseName, draft)
      .then(() => loadCase(caseName))
      .then(() => say("good", "The policy is saved."))
      .catch((error) => say("bad", `Not saved. ${wordsOf(error)}`));
  };
  return (
    <form class="panel" onSubmit={save}>
      <h2>Policy</h2>
      <p class="hint">People can make it tighter for themselves, never looser.</p>
      <div class="limits">
        <label class="field">
          Covered at the least as
          <select
            value={draft.floor}
            onChange={(event) => setDraft({ ...draft, floor: event.currentTarget.value as CoverStyle })}
          >
            {coverStyles.map((style) => (
              <option key={style} value={style}>
                {words("style", style)}
              </option>
            ))}
          </select>
        </label>
        {numbers.map(({ name, words: title, least }) => (
          <label class="field" key={name}>
            {title}
            <input
              type="number"
              min={least}
              required
              value={draft[name]}
              onInput={(event) =>
                setDraft({ ...draft, [name]: number(event.currentTarget.value) ?? draft[name] })
              }
            />
          </label>
        ))}
        {budgets.map(({ name, words: title }) => (
          <label class="field" key={name}>
            {title}
            <input
              type="number"
              min="0"
              required={!mayBeEmpty.includes(name)}
              placeholder="no limit"
              value={draft.budget[name] ?? ""}
              onInput={(event) => {
                const value = number(event.currentTarget.value) ?? (mayBeEmpty.includes(name) ? null : 0);
                setDraft({ ...draft, budget: { ...draft.budget, [name]: value } });
              }}
            />
          </label>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.second_look}
          onChange={() => setDraft({ ...draft, second_look: !draft.second_look })}
        />
        A second person looks at every category, not only at those that ask for it
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.known_needs_reason}
          onChange={() => setDraft({ ...draft, known_needs_reason: !draft.known_needs_reason })}
        />
        Known material is shown only with a reason
      </label>
      <div class="panel-foot">
        <button class="button primary" disabled={draft === policy}>
          Save policy
        </button>
      </div>
    </form>
  );
}
