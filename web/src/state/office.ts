import { computed } from "@preact/signals";
import { may } from "./session";

const all = [
  { page: "people", words: "People", isOffered: () => may("manage_people") },
  { page: "keys", words: "Keys", isOffered: () => may("manage_keys") },
  { page: "exposure", words: "Exposure", isOffered: () => may("see_person_exposure") },
] as const;

/** Pages that belong to no case, of those that this person's role has; the first is what a role without
 * cases opens with. */
export const officePages = computed(() => all.filter((one) => one.isOffered()));
