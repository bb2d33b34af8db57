import { type Approval, approve, withdraw } from "../api/approvals";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { routeToText } from "../state/route";
import { counted, moment, plain } from "../ui/format";
import { FactList, Page } from "../ui/pieces";
import { Read, useRead } from "../ui/read";
import { factsOf } from "./approval_facts";

/** What each kind is called, and what approving does at once. */
const kinds: Readonly<Record<Approval["kind"], { title: string; does: string }>> = {
  list_change: { title: "Change of a list", does: "Approve, change the list" },
  threshold_change: { title: "Change of the thresholds of screening", does: "Approve, change them" },
  export_originals: { title: "Export of originals", does: "Approve, export them" },
  purge: { title: "Purge of a held upload", does: "Approve, purge it" },
};

function Items({ what }: { what: Approval["what"] }) {
  const { items, case: caseName } = what as { items?: readonly string[]; case: string };
  if (items === undefined) return null;
  return (
    <details>
      <summary>{counted(items.length, "item")}</summary>
      <ul class="scroll-y" tabIndex={0} aria-label="Items">
        {items.map((item) => (
          <li key={item}>
            <a href={routeToText({ page: "item", case: caseName, item })}>
              <code>{item}</code>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Line({ one, onSettled }: { one: Approval; onSettled: () => void }) {
  const kind = kinds[one.kind];
  const settle = (send: typeof approve | typeof withdraw, done: string) => () => {
    send(one.approval)
      .then((came) => say("good", [done, ...factsOf(came ?? {}).map((fact) => fact.join(": "))].join(" ")))
      .catch(refused("Not done."))
      .finally(onSettled);
  };
  return (
    <section class="panel" aria-label={`${kind.title}, asked by ${one.by}`}>
      <h2>{kind.title}</h2>
      <FactList
        facts={[
          ...factsOf(one.what),
          ["Asked by", `${one.mine ? "you" : plain(one.by)}, ${moment(one.asked)}`],
          ["Expires", moment(one.expires)],
        ]}
      />
      <Items what={one.what} />
      <div class="panel-foot">
        {one.mine && <p class="hint">Another person has to approve it.</p>}
        <button class="button" onClick={settle(withdraw, one.mine ? "Withdrawn." : "Refused.")}>
          {one.mine ? "Withdraw" : "Refuse"}
        </button>
        {!one.mine && (
          <button class="button primary" onClick={settle(approve, "Done.")}>
            {kind.does}
          </button>
        )}
      </div>
    </section>
  );
}

/** What waits for a second person. */
export function ApprovalsPage() {
  const approvals = useRead(readApprovals);
  return (
    <Page title="Approvals" narrow="narrow">
      <p class="lead">
        What takes two persons: one asks, another approves, and it is done at once. Both go on record.
      </p>
      <Read of={approvals}>
        {(all) =>
          all.length === 0 ? (
            <p class="none">Nothing waits for a second person.</p>
          ) : (
            all.map((one) => <Line key={one.approval} one={one} onSettled={approvals.again} />)
          )
        }
      </Read>
    </Page>
  );
}
