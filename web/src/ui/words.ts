/** What the names in the contract are called before a person. A name that this version does not
 * know is shown as it is, so that nothing is hidden. */
type Words = Readonly<Record<string, string>>;

const notRanked = "Not ranked yet";
const notRankedMeaning = "Its place in the order of review is not worked out yet.";

const classes: Words = {
  resembles_known: "Looks like known",
  review: "For review",
  known_sample: "Known, sample",
  beside_known: "Beside known",
  not_examined: "Not examined",
  partly_examined: "Partly examined",
  unmatched: "No match",
  known: "Known",
  ordinary: "Ordinary",
  unranked: notRanked,
  "": notRanked,
};

const classMeanings: Words = {
  resembles_known: "Looks like an entry that is known or for review, and is not its file.",
  review: "The file of an entry that a human must look at, or whose victim is not identified.",
  known_sample: "Known by digest, and one of the sample that is checked all the same.",
  beside_known: "No such match, but looks like an item that has one, or lies beside one.",
  not_examined: "Nothing is known of the content.",
  partly_examined: "Some of the content was not looked at.",
  unmatched: "Examined in full; no list says anything of it.",
  known: "The file of known material, by digest: set aside.",
  ordinary: "Its SHA-1 or SHA-256 stands in a list of ordinary files: set aside.",
  unranked: notRankedMeaning,
  "": notRankedMeaning,
};

const grades: Words = {
  contradicted: "Contradicted",
  "verified-trusted": "Verified, signer trusted",
  verified: "Verified",
  watermark: "Watermark",
  declared: "Declared",
  weak: "Weak",
  fact: "Fact",
  none: "No origin evidence",
};

const states: Words = {
  open: "To do",
  decided: "Decided",
  flagged: "Flagged",
  passed: "Passed on",
  conflict: "In conflict",
  second_look: "Second look",
};

const facets: Words = {
  state: "State",
  class: "Why it is here",
  list: "Hit in list",
  category: "Category",
  grade: "Evidence of origin",
  type: "Type",
  source: "Source",
  folder: "Folder",
};

const coverages: Words = { full: "In full", partial: "In part", none: "Not examined" };

const errors: Words = {
  truncated: "The file ends early.",
  malformed: "The bytes break a rule of their format.",
  unsupported: "A type or a variant that this version does not open.",
  limit_exceeded: "A limit of Safelight was reached first.",
  integrity_mismatch: "A checksum in the file does not fit it.",
  unreadable: "The medium or the system would not give the bytes.",
  encrypted: "A password is needed, or none of those given fits.",
  changed: "The file changed while it was read.",
  timed_out: "The work took too long.",
  worker_crashed: "The confined worker died on it.",
  not_found: "The file was gone when it should have been opened.",
};

const acts: Words = {
  category: "Category",
  flag: "Flagged",
  unflag: "Flag taken away",
  note: "Note",
  pass_on: "Passed on",
  take_back: "Taken back",
  settle: "Settled",
};

const dispositions: Words = { review: "to be looked at" };

const times: Words = {
  modified: "Modified",
  changed: "Changed",
  accessed: "Accessed",
  born: "Created",
  in_container: "In the archive",
};

const renditions: Words = { grey: "in grey", colour: "in colour", original: "the original" };

const refusals: Words = {
  "covered-more": "This case has items covered more",
  "known-not-shown": "Known: not shown",
  "cannot-be-decoded": "Cannot be decoded",
  "evidence-missing": "The evidence is not where it was",
  "evidence-changed": "No longer the file that was scanned",
  "evidence-unreadable": "The medium would not give the bytes",
  unreachable: "The server cannot be reached",
};

const tables = {
  class: classes,
  classMeaning: classMeanings,
  grade: grades,
  state: states,
  facet: facets,
  coverage: coverages,
  error: errors,
  act: acts,
  rendition: renditions,
  refusal: refusals,
  disposition: dispositions,
  time: times,
};

export function words(table: keyof typeof tables, name: string): string {
  return tables[table][name] ?? name.replace(/[_-]/g, " ");
}

/** The names in the order in which a reader should see them. */
export function order(table: "class" | "grade"): readonly string[] {
  return Object.keys(tables[table]);
}

export function typeWords(type: string): string {
  return type === "" ? "unknown" : type.toUpperCase();
}
