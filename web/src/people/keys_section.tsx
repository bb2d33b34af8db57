import { useEffect, useState } from "preact/hooks";
import { type KeyLine, type Scope, addKey, listKeys, revokeKey, scopes } from "../api/keys";
import { say } from "../state/messages";
import { day } from "../ui/format";
import { Field } from "./field";
import { refusalWords } from "./refusals";

const scopeWords: Readonly<Record<Scope, string>> = {
  screen: "Screen uploads",
  lookup: "Ask whether a list has something",
  review: "See which list and entry it is",
};

const none = { name: "", tenant: "", days: "365", scopes: ["screen"] as Scope[] };

function AddKey({ onAdded }: { onAdded: () => void }) {
  const [draft, setDraft] = useState(none);
  const [made, setMade] = useState("");
  const add = (event: Event): void => {
    event.preventDefault();
    const { name, tenant } = draft;
    const days = Number.parseInt(draft.days, 10);
    addKey({ name, tenant, scopes: draft.scopes, ...(days > 0 ? { days } : {}) })
      .then((key) => {
        setMade(key);
        setDraft(none);
        onAdded();
      })
      .catch((error) => say("bad", `Not made. ${refusalWords(error)}`));
  };
  const toggle = (scope: Scope): void => {
    const has = draft.scopes.includes(scope);
    setDraft({
      ...draft,
      scopes: has ? draft.scopes.filter((one) => one !== scope) : [...draft.scopes, scope],
    });
  };
  return (
    <form class="panel" onSubmit={add}>
      <h2>Make a key</h2>
      {made !== "" && (
        <p class="warn-line" role="status">
          Copy it now; it is shown this once: <code>{made}</code>
        </p>
      )}
      <div class="limits">
        <Field label="What it is for" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        <Field
          label="Whose uploads"
          value={draft.tenant}
          onChange={(tenant) => setDraft({ ...draft, tenant })}
        />
        <Field
          label="Expires after days (empty: never)"
          type="number"
          optional="optional"
          value={draft.days}
          onChange={(days) => setDraft({ ...draft, days })}
        />
      </div>
      {scopes.map((scope) => (
        <label class="check" key={scope}>
          <input type="checkbox" checked={draft.scopes.includes(scope)} onChange={() => toggle(scope)} />
          {scopeWords[scope]}
        </label>
      ))}
      <div class="panel-foot">
        <button class="button primary" disabled={draft.scopes.length === 0}>
          Make
        </button>
      </div>
    </form>
  );
}

/** Whether it is good, and until when. */
function stateWords(key: KeyLine): string {
  if (key.revoked !== null) return `revoked ${day(key.revoked)}`;
  if (key.expires === null) return "good";
  return `${Date.parse(key.expires) < Date.now() ? "expired" : "good until"} ${day(key.expires)}`;
}

export function KeysSection() {
  const [keys, setKeys] = useState<KeyLine[]>([]);
  const read = (): void => {
    listKeys()
      .then(setKeys)
      .catch((error) => say("bad", refusalWords(error)));
  };
  useEffect(read, []);
  const revoke = (id: number): void => {
    revokeKey(id)
      .catch((error) => say("bad", `Not revoked. ${refusalWords(error)}`))
      .finally(read);
  };
  return (
    <>
      <section class="panel">
        {keys.length === 0 && <p class="none">No program has a key.</p>}
        <div class="scroll-x" tabIndex={0} role="region" aria-label="Keys">
          <table class="table">
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name}</th>
                  <td>{key.tenant}</td>
                  <td>{key.scopes.map((scope) => scopeWords[scope]).join("; ")}</td>
                  <td>{key.last_used === null ? "never used" : `used ${day(key.last_used)}`}</td>
                  <td>{stateWords(key)}</td>
                  <td>
                    {key.revoked === null && (
                      <button class="button small" onClick={() => revoke(key.id)}>
                        Revoke<span class="sr"> {key.name}</span>
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <AddKey onAdded={read} />
    </>
  );
}
