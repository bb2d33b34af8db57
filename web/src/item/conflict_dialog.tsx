import { conflict, keepBoth, leaveTheirs } from "../state/acts";
import { caseInfo, categoryName } from "../state/case";
import { may } from "../state/session";
import { Dialog } from "../ui/dialog";
import { counted, moment } from "../ui/format";

function name(code: string | null | undefined): string {
  return code === null || code === undefined ? "no category" : categoryName(code);
}

/** Somebody decided otherwise meanwhile. Nothing is overwritten: either theirs stands, or both do
 * until they agree or a lead settles it. */
export function ConflictDialog() {
  const met = conflict.value;
  if (met === null || met.op.is !== "act") return null;
  const own = met.op.entry.request;
  return (
    <Dialog title="Two decisions" onClose={() => {}}>
      <h2>Decided otherwise meanwhile</h2>
      <p>
        You chose <strong>{name(own.category)}</strong> for {counted(own.items.length, "item")}.
      </p>
      <ul class="conflicts">
        {met.others.map((other) => (
          <li key={`${other.act}:${other.item}`}>
            <strong>{other.by}</strong> chose <strong>{name(other.category)}</strong>
            <small>{moment(other.at, caseInfo.value?.time_zone)}</small>
          </li>
        ))}
      </ul>
      <p>If both stay on record, the item counts as in conflict until you agree or a lead settles it.</p>
      <div class="dialog-foot">
        <button class="button" onClick={leaveTheirs} autofocus>
          Leave theirs
        </button>
        {may("set_policy") && own.category && (
          <button class="button" onClick={() => keepBoth("settle")}>
            Settle as {name(own.category)}
          </button>
        )}
        <button class="button primary" onClick={() => keepBoth()}>
          Keep both on record
        </button>
      </div>
    </Dialog>
  );
}
