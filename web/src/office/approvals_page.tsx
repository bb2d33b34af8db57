import { useEffect } from "preact/hooks";
import { type Approval, approve, withdraw } from "../api/approvals";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { routeToText } from "../state/route";
import { counted, moment, plain } from "../ui/format";
import { FactList, Page } from "../ui/pieces";
import { Read, useRead } from "../ui/read";
import { factsOf, outcomeOf } from "./approval_facts";

/** What each kind is called. */
const titles: Readonly<Record<Approval["kind"], string>> = {
  list_change: "Change of a list",
  threshold_change: "Change of thresholds",
  export_originals: "Export of originals",
  purge: "Purge of a held upload",
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
  const title = titles[one.kind];
  const settle = (send: (approval: number) => Promise<unknown>, done: string) => () => {
    send(one.approval)
      .then(() => say("good", done))
      .catch(refused("Not done."))
      .finally(onSettled);
  };
  return (
    <section class="panel" aria-label={`${title}, asked by ${one.by}`}>
      <h2>{title}</h2>
      <FactList
        facts={[
          ...factsOf(one.what),
          ["Asked by", `${one.mine ? "you" : plain(one.by)}, ${moment(one.asked)}`],
          ...outcomeOf(one),
        ]}
      />
      <Items what={one.what} />
      {one.state === "pending" && (
        <div class="panel-foot">
          {one.mine && <p class="hint">Another person has to approve it.</p>}
          <button class="button" onClick={settle(withdraw, one.mine ? "Withdrawn." : "Refused.")}>
            {one.mine ? "Withdraw" : "Refuse"}
          </button>
          {!one.mine && (
            <button class="button primary" onClick={settle(approve, "Approved. Its outcome stands below.")}>
              Approve: {title.toLowerCase()}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

/** What waits for a second person, and what came of what was approved. */
export function ApprovalsPage() {
  const approvals = useRead(readApprovals);
  useEffect(() => {
    if (!approvals.got?.some((one) => one.state === "doing")) return;
    const timer = setTimeout(approvals.again, 2000);
    return () => clearTimeout(timer);
  }, [approvals.got]);
  return (
    <Page title="Approvals" narrow="narrow">
      <p class="lead">One person asks, another approves. Both go on record.</p>
      <Read of={approvals}>
        {(all) => (
          <>
            {all.every((one) => one.state !== "pending") && (
              <p class="none">Nothing waits for a second person.</p>
            )}
            {all.map((one) => (
              <Line key={one.approval} one={one} onSettled={approvals.again} />
            ))}
          </>
        )}
      </Read>
    </Page>
  );
}
