import { useRef, useState } from "preact/hooks";
import { type Change, type Digits, askChange, listLists, stageFile } from "../api/lists";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { Field, ReasonField, Select, isReason } from "../ui/fields";
import { count, moment, plain } from "../ui/format";
import { type Options, Page, Segmented, Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

const changes: Options<Change> = {
  add: "Add what the file has",
  remove: "Remove what the file has",
  drop: "Drop the whole list",
};

const digitWords: Options<Digits> = {
  ask: "what the file says they are",
  sha256: "SHA-256",
  pdq: "PDQ fingerprints",
};

const none = { list: "", change: "add" as Change, digits: "ask" as Digits, reason: "" };

function AskChange({ lists }: { lists: readonly string[] }) {
  const [draft, setDraft] = useState(none);
  const [file, setFile] = useState<File | null>(null);
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { list, change, digits } = draft;
  const reason = draft.reason.trim();
  const needsFile = change !== "drop";
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    setSending(true);
    try {
      const staged = needsFile && file !== null ? { file: await stageFile(file) } : {};
      await askChange(list.trim(), { change, reason, digits, ...staged });
      say("good", "Asked. A second curator has to approve it.");
      setDraft(none);
      setFile(null);
      form.current?.reset();
      void readApprovals();
    } catch (error) {
      refused("Not asked.")(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <form class="panel" ref={form} onSubmit={(event) => void ask(event)}>
      <h2>Change a list</h2>
      <p class="hint">A second curator approves it; until then nothing changes.</p>
      <Segmented
        label="Change"
        value={change}
        options={changes}
        onChange={(to) => setDraft({ ...draft, change: to })}
      />
      <div class="limits">
        <Field
          label={change === "add" ? "List; another name makes a new one" : "List"}
          list="lists"
          required
          value={list}
          onChange={(to) => setDraft({ ...draft, list: to })}
        />
        <datalist id="lists">
          {lists.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {needsFile && (
          <>
            <label class="field">
              File
              <input
                type="file"
                required
                onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
              />
            </label>
            <Select
              label="64 hexadecimal digits in it are"
              named="named"
              value={digits}
              options={digitWords}
              onChange={(to) => setDraft({ ...draft, digits: to })}
            />
          </>
        )}
      </div>
      <ReasonField value={draft.reason} onChange={(to) => setDraft({ ...draft, reason: to })} />
      <div class="panel-foot">
        <button
          class="button primary"
          disabled={isSending || list.trim() === "" || !isReason(reason) || (needsFile && file === null)}
        >
          {isSending ? "Being sent…" : "Ask for it"}
        </button>
      </div>
    </form>
  );
}

/** The lists of known material and how they change. No entry is shown: a list is a secret. */
export function ListsPage() {
  const lists = useRead(listLists);
  return (
    <Page title="Lists">
      <section class="panel">
        <Read of={lists}>
          {(all) =>
            all.length === 0 ? (
              <p class="none">There is no list yet.</p>
            ) : (
              <Table
                label="Lists"
                head={["List", "Entries", "Digests", "Fingerprints", "Changed", "Screens uploads"]}
              >
                {all.map((one) => (
                  <tr key={one.list}>
                    <th scope="row">
                      {plain(one.list)}
                      {one.problem !== undefined && (
                        <small class="warn"> cannot be opened ({one.problem})</small>
                      )}
                    </th>
                    <td>{count(one.entries)}</td>
                    <td>{count(one.digests)}</td>
                    <td>{count(one.fingerprints)}</td>
                    <td>{one.changed === undefined ? "not known" : moment(one.changed)}</td>
                    <td>{one.screening ? "yes" : "no"}</td>
                  </tr>
                ))}
              </Table>
            )
          }
        </Read>
      </section>
      <AskChange lists={(lists.got ?? []).map((one) => one.list)} />
    </Page>
  );
}
