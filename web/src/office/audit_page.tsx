import { useState } from "preact/hooks";
import { type AuditRecord, getAudit } from "../api/audit";
import { Field } from "../ui/fields";
import { count, moment, plain } from "../ui/format";
import { Page, Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

const pageSize = 50;

/** Where in a log: its last page where `from` is null. */
interface Place {
  log: string;
  from: number | null;
}

/** Names and what they say, of objects within it too. */
function said(says: AuditRecord["says"]): [string, string][] {
  return Object.entries(says).flatMap(([name, value]): [string, string][] => {
    if (typeof value === "string") return [[name, value]];
    if (value === null || typeof value !== "object" || Array.isArray(value))
      return [[name, JSON.stringify(value)]];
    return said(value as AuditRecord["says"]);
  });
}

function Says({ says }: Pick<AuditRecord, "says">) {
  return (
    <dl class="fields">
      {said(says).map(([name, text], i) => (
        <div key={i}>
          <dt>{plain(name)}</dt>
          <dd>{plain(text)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What was done on the server, and in each case, as their logs have it. */
export function AuditPage() {
  const [place, setPlace] = useState<Place>({ log: "", from: null });
  const [typed, setTyped] = useState("");
  const log = useRead(() => getAudit(place.log, place.from, pageSize), JSON.stringify(place));
  const show = (event: Event): void => {
    event.preventDefault();
    setPlace({ log: typed.trim(), from: null });
    log.again();
  };
  return (
    <Page title="Audit">
      <form class="inline-form" onSubmit={show}>
        <Field label="Case; empty for the server’s own log" value={typed} onChange={setTyped} />
        <button class="button">Show the newest</button>
      </form>
      <section class="panel">
        <h2>{place.log === "" ? "The server’s own log" : `Case ${plain(place.log)}`}</h2>
        <Read of={log}>
          {({ total, records, head }) => {
            const from = records[0]?.record ?? 0;
            const turn = (words: string, to: number) => (
              <button
                class="button small"
                disabled={to === from || to < 0 || to >= total}
                onClick={() => setPlace({ ...place, from: to })}
              >
                {words}
              </button>
            );
            return (
              <>
                <div class="pages">
                  <span role="status">
                    Records {count(from)} to {count(from + records.length - 1)}; {count(total)} in all
                  </span>
                  {turn("Oldest", 0)}
                  {turn("Older", from > 0 ? Math.max(0, from - pageSize) : -1)}
                  {turn("Newer", from + pageSize)}
                </div>
                <Table label="Records" head={["Record", "Time", "Kind", "Says"]}>
                  {[...records].reverse().map((one) => (
                    <tr key={one.record}>
                      <th scope="row">{count(one.record)}</th>
                      <td>{moment(one.at)}</td>
                      <td>{plain(one.kind)}</td>
                      <td>
                        <Says says={one.says} />
                      </td>
                    </tr>
                  ))}
                </Table>
                {head && (
                  <p class="hint">
                    How the log stands, signed, to be kept elsewhere: <code>{head}</code>
                  </p>
                )}
              </>
            );
          }}
        </Read>
      </section>
    </Page>
  );
}
