import { useState } from "preact/hooks";
import { type KeyLine, type Scope, addKey, listKeys, revokeKey, scopes } from "../api/keys";
import { refused } from "../state/messages";
import { Check, Field } from "../ui/fields";
import { day, typedNumber } from "../ui/format";
import { Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

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
    const days = typedNumber(draft.days);
    addKey({ name, tenant, scopes: draft.scopes, ...(days ? { days } : {}) })
      .then((key) => {
        setMade(key);
        setDraft(none);
        onAdded();
      })
      .catch(refused("Not made."));
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
        <Field
          label="What it is for"
          required
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
        />
        <Field
          label="Whose uploads"
          required
          value={draft.tenant}
          onChange={(tenant) => setDraft({ ...draft, tenant })}
        />
        <Field
          label="Expires after days (empty: never)"
          type="number"
          min="1"
          value={draft.days}
          onChange={(days) => setDraft({ ...draft, days })}
        />
      </div>
      {scopes.map((scope) => (
        <Check
          key={scope}
          words={scopeWords[scope]}
          checked={draft.scopes.includes(scope)}
          onChange={() => toggle(scope)}
        />
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
  const keys = useRead(listKeys);
  const revoke = (id: number): void => {
    revokeKey(id).catch(refused("Not revoked.")).finally(keys.again);
  };
  return (
    <>
      <section class="panel">
        <Read of={keys}>
          {(all) =>
            all.length === 0 ? (
              <p class="none">No program has a key.</p>
            ) : (
              <Table label="Keys" head={["For", "Whose uploads", "May", "Used", "State", "Revoke"]}>
                {all.map((key) => (
                  <tr key={key.id}>
                    <th scope="row">{key.name}</th>
                    <td>{key.tenant}</td>
                    <td>{key.scopes.map((scope) => scopeWords[scope]).join("; ")}</td>
                    <td>{key.last_used === null ? "never" : day(key.last_used)}</td>
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
              </Table>
            )
          }
        </Read>
      </section>
      <AddKey onAdded={keys.again} />
    </>
  );
}
