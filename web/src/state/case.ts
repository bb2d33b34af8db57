import { computed, signal } from "@preact/signals";
import { type CaseInfo, type Category, type Scheme, getCase } from "../api/cases";
import { isAbort, wordsOf } from "../api/problem";

export const caseInfo = signal<CaseInfo | null>(null);
export const caseFailed = signal("");

const noScheme: Scheme = { name: "", categories: [] };
export const scheme = computed(() => caseInfo.value?.scheme ?? noScheme);

export function categoryOf(code: string | null | undefined): Category | undefined {
  return scheme.value.categories.find((category) => category.code === code);
}

export function categoryName(code: string): string {
  return categoryOf(code)?.name ?? code;
}

/** Reads the case, or reads it again after something about it changed. */
export async function loadCase(name: string): Promise<void> {
  if (caseInfo.value !== null && caseInfo.value.case !== name) caseInfo.value = null;
  caseFailed.value = "";
  try {
    caseInfo.value = await getCase(name);
  } catch (error) {
    if (!isAbort(error)) caseFailed.value = wordsOf(error);
  }
}
