import { useState } from "preact/hooks";
import { type Budget, type CoverStyle, type Policy, putPolicy } from "../api/cases";
import { wordsOf } from "../api/problem";
import { loadCase } from "../state/case";
import { say } from "../state/messages";
import { coverStyles } from "../state/settings";
import { words } from "../ui/words";

type PolicyNumber = "reveal_max_seconds" | "cover_after_idle_seconds" | "interleave_every";

const numbers: { name: PolicyNumber; words: string }[] = [
  { name: "reveal_max_seconds", words: "Longest reveal, seconds" },
  { name: "cover_after_idle_seconds", words: "Cover when idle for, seconds" },
  { name: "interleave_every", words: "Ordinary picture after reveals (0: never)" },
];
const budgets: { name: keyof Budget; words: string }[] = [
  { name: "reveals_per_day", words: "Reveals a person a day" },
  { name: "seconds_per_day", words: "Seconds a person a day" },
  { name: "break_every_minutes", words: "Break every, minutes" },
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
        {numbers.map(({ name, words: title }) => (
          <label class="field" key={name}>
            {title}
            <input
              type="number"
              min="0"
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
              placeholder="no limit"
              value={draft.budget[name] ?? ""}
              onInput={(event) =>
                setDraft({ ...draft, budget: { ...draft.budget, [name]: number(event.currentTarget.value) } })
              }
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
        A second person looks at categories that ask for it
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.known_need_reason}
          onChange={() => setDraft({ ...draft, known_need_reason: !draft.known_need_reason })}
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
