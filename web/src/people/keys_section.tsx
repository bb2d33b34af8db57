import { useState } from "preact/hooks";
import {
  type KeyLine,
  type Scope,
  addCertificate,
  addKey,
  listKeys,
  removeCertificate,
  revokeKey,
  scopes,
} from "../api/keys";
import { refused } from "../state/messages";
import { Question } from "../ui/dialog";
import { Check, Field } from "../ui/fields";
import { day, short, typedNumber } from "../ui/format";
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

/** Lets the holder of a client certificate do what a key may. */
function CertificateDialog({ of, onClose }: { of: KeyLine; onClose: () => void }) {
  const [digest, setDigest] = useState("");
  const typed = digest.replace(/[\s:]/g, "").toLowerCase();
  return (
    <Question
      title={`Client certificate for ${of.name}`}
      does="Add it"
      disabled={!/^[0-9a-f]{64}$/.test(typed)}
      onClose={onClose}
      onAnswer={() => {
        addCertificate(of.id, typed).catch(refused("Not added.")).finally(onClose);
      }}
    >
      <Field label="SHA-256 of the certificate (DER)" autofocus value={digest} onChange={setDigest} />
    </Question>
  );
}

export function KeysSection() {
  const keys = useRead(listKeys);
  const [chosen, setChosen] = useState<KeyLine | null>(null);
  const change = (sent: Promise<void>): void => {
    sent.catch(refused("Not done.")).finally(keys.again);
  };
  return (
    <>
      <section class="panel">
        <Read of={keys}>
          {(all) =>
            all.length === 0 ? (
              <p class="none">No program has a key.</p>
            ) : (
              <Table
                label="Keys"
                head={["For", "Whose uploads", "May", "Used", "State", "Certificates", "Revoke"]}
              >
                {all.map((key) => (
                  <tr key={key.id}>
                    <th scope="row">{key.name}</th>
                    <td>{key.tenant}</td>
                    <td>{key.scopes.map((scope) => scopeWords[scope]).join("; ")}</td>
                    <td>{key.last_used === null ? "never" : day(key.last_used)}</td>
                    <td>{stateWords(key)}</td>
                    <td>
                      {key.certificates.map((one) => (
                        <p key={one}>
                          <code title={one}>{short(one)}</code>{" "}
                          <button class="button small" onClick={() => change(removeCertificate(one))}>
                            Remove<span class="sr"> {short(one)}</span>
                          </button>
                        </p>
                      ))}
                      {key.revoked === null && (
                        <button class="button small" onClick={() => setChosen(key)}>
                          Add<span class="sr"> to {key.name}</span>
                        </button>
                      )}
                    </td>
                    <td>
                      {key.revoked === null && (
                        <button class="button small" onClick={() => change(revokeKey(key.id))}>
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
      {chosen !== null && (
        <CertificateDialog
          of={chosen}
          onClose={() => {
            setChosen(null);
            keys.again();
          }}
        />
      )}
    </>
  );
}
