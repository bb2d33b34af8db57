/** What a reviewer asked to see of the queue. Its text form stands in the address of the page and in
 * requests: it holds names that the case gives (lists, types, classes), and for folders and words to
 * look for only the server's own marks, never a name of a file. */
export interface Filter {
  state: string[];
  class: string[];
  list: string[];
  category: string[];
  grade: string[];
  type: string[];
  source: string[];
  folder: string[];
  search: string;
  size_min: number | null;
  size_max: number | null;
  after: string;
  before: string;
  known: "hidden" | "shown";
}

export const facetNames = [
  "state",
  "class",
  "list",
  "category",
  "grade",
  "type",
  "source",
  "folder",
] as const;
export type FacetName = (typeof facetNames)[number];

export const everything: Filter = {
  state: [],
  class: [],
  list: [],
  category: [],
  grade: [],
  type: [],
  source: [],
  folder: [],
  search: "",
  size_min: null,
  size_max: null,
  after: "",
  before: "",
  known: "hidden",
};

/** What a page opens with: that which is still to be done. */
export const toDo: Filter = { ...everything, state: ["open"] };

const maxValues = 64;
const maxValueLength = 200;
const mark = /^[0-9A-Za-z_-]{1,64}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Equal filters give equal texts: values are sorted, and what is not asked for is left out. */
export function filterToText(filter: Filter): string {
  const out = new URLSearchParams();
  for (const facet of facetNames) {
    for (const value of [...filter[facet]].sort()) out.append(facet, value);
  }
  if (filter.search !== "") out.set("search", filter.search);
  if (filter.size_min !== null) out.set("size_min", String(filter.size_min));
  if (filter.size_max !== null) out.set("size_max", String(filter.size_max));
  if (filter.after !== "") out.set("after", filter.after);
  if (filter.before !== "") out.set("before", filter.before);
  if (filter.known === "shown") out.set("known", "shown");
  return out.toString();
}

function wholeNumber(text: string | null): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  return Number(text);
}

/** Reads what filterToText() wrote. What is not understood is left out, as a link may be old or
 * written by somebody else. */
export function filterFromText(text: string): Filter {
  const from = new URLSearchParams(text);
  const filter: Filter = { ...everything };
  for (const facet of facetNames) {
    const marksOnly = facet === "folder";
    const values = from
      .getAll(facet)
      .filter((value) => value !== "" && value.length <= maxValueLength)
      .filter((value) => !marksOnly || mark.test(value));
    filter[facet] = [...new Set(values)].sort().slice(0, maxValues);
  }
  const search = from.get("search") ?? "";
  filter.search = mark.test(search) ? search : "";
  filter.size_min = wholeNumber(from.get("size_min"));
  filter.size_max = wholeNumber(from.get("size_max"));
  for (const name of ["after", "before"] as const) {
    const value = from.get(name) ?? "";
    filter[name] = day.test(value) ? value : "";
  }
  filter.known = from.get("known") === "shown" ? "shown" : "hidden";
  return filter;
}

/** The filter with one value of a facet put in, or taken out where it was in. */
export function toggled(filter: Filter, facet: FacetName, value: string): Filter {
  const had = filter[facet];
  const now = had.includes(value) ? had.filter((one) => one !== value) : [...had, value].sort();
  return { ...filter, [facet]: now };
}

/** How many things are asked for; a filter of 0 shows all but the known ones. */
export function filterSize(filter: Filter): number {
  let size = 0;
  for (const facet of facetNames) size += filter[facet].length;
  if (filter.search !== "") ++size;
  if (filter.size_min !== null || filter.size_max !== null) ++size;
  if (filter.after !== "" || filter.before !== "") ++size;
  if (filter.known === "shown") ++size;
  return size;
}
