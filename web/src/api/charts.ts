import { caseRoot, getJson } from "./http";

export interface Charts {
  composition: { class: string; items: number }[];
  types: { type: string; items: number }[];
  lists: { list: string; category: string; items: number }[];
  grades: { grade: string; items: number }[];
  timeline: { month: string; items: number }[];
  progress: { day: string; decided: number }[];
  left: number;
}

export function getCharts(caseName: string): Promise<Charts> {
  return getJson<Charts>(`${caseRoot(caseName)}/charts`);
}
