import type { Approval } from "../api/approvals";
import { bytes, moment, plain } from "../ui/format";

const names: Readonly<Record<string, string>> = {
  sha256: "SHA-256 of the file",
  bytes: "Size of the file",
  radius_bits: "Radius in bits",
  holds_from: "Held from",
  doing: "Being done",
};

/** Until when one waits, or what came of it, and when. */
export function outcomeOf({ state, expires, approved_by, ended, outcome }: Approval): [string, string][] {
  return factsOf(
    state === "pending"
      ? { expires: moment(expires) }
      : { approved_by, [state]: ended ? moment(ended) : "now", ...outcome },
  );
}

/** What will be done, member for member: one that this version does not know is shown as it is. */
export function factsOf(what: Approval["what"]): [string, string][] {
  return Object.entries(what)
    .filter(([, value]) => !Array.isArray(value))
    .map(([name, value]) => [
      names[name] ?? name[0]?.toUpperCase() + name.slice(1).replace("_", " "),
      name === "bytes"
        ? bytes(value as number)
        : plain(typeof value === "string" ? value : JSON.stringify(value)),
    ]);
}
