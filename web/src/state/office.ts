import { computed, effect, signal } from "@preact/signals";
import { type Approval, listApprovals } from "../api/approvals";
import { listHeld } from "../api/held";
import { isOpen, isTeam, may } from "./session";

/** What waits for a second person, as this page last heard. */
const approvals = signal<readonly Approval[]>([]);
/** Whether the server screens uploads, and so has some that are held. */
const screens = signal(false);

/** How many of them this person may settle. */
export const toApprove = computed(
  () => approvals.value.filter((one) => !one.mine && one.state === "pending").length,
);

export async function readApprovals(): Promise<readonly Approval[]> {
  approvals.value = await listApprovals();
  return approvals.value;
}

/** Whoever may do what two persons do may also approve it. */
const mayApprove = (): boolean =>
  isTeam.value && ["purge", "manage_lists", "export_originals", "set_policy"].some(may);

const all = [
  { page: "people", words: "People", isOffered: () => may("manage_people") },
  { page: "keys", words: "Keys", isOffered: () => may("manage_keys") },
  { page: "exposure", words: "Exposure", isOffered: () => may("see_person_exposure") },
  { page: "audit", words: "Audit", isOffered: () => may("read_audit") },
  { page: "lists", words: "Lists", isOffered: () => may("manage_lists") },
  { page: "approvals", words: "Approvals", isOffered: mayApprove },
  { page: "held", words: "Held", isOffered: () => screens.value },
] as const;

/** Pages that belong to no case, of those that this person's role has; the first is what a role without
 * cases opens with. */
export const officePages = computed(() => all.filter((one) => one.isOffered()));

export function startOffice(): void {
  effect(() => {
    approvals.value = [];
    screens.value = false;
    if (!isOpen.value) return;
    if (mayApprove()) readApprovals().catch(() => {});
    if (may("hold"))
      listHeld()
        .then(() => {
          screens.value = true;
        })
        .catch(() => {});
  });
}
