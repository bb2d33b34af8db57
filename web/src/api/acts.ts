import { caseRoot, sendJson } from "./http";

export type ActKind = "category" | "flag" | "unflag" | "note" | "pass_on" | "take_back" | "settle";

export interface ActRequest {
  /** Made by this page: the server does an act that is sent again once. */
  id: string;
  kind: ActKind;
  items: string[];
  whole_groups: boolean;
  category?: string | null;
  flag?: string;
  text?: string;
  /** To whom items are passed on, in the person's own words. */
  to?: string;
  /** The last act that this page knew of. */
  seen: number;
}

export interface ActDone {
  act: number;
  items: number;
  version: number;
}

export interface Conflict {
  item: string;
  act: number;
  category: string | null;
  by: string;
  at: string;
}

export interface Undone {
  act: number;
  kind: ActKind;
  items: string[];
  category: string | null;
}

export function sendAct(caseName: string, act: ActRequest): Promise<ActDone> {
  return sendJson<ActDone>("POST", `${caseRoot(caseName)}/acts`, act);
}

export async function undoAct(caseName: string, id: string): Promise<Undone> {
  return (await sendJson<{ undone: Undone }>("POST", `${caseRoot(caseName)}/undo`, { id })).undone;
}

export async function redoAct(caseName: string, id: string): Promise<Undone> {
  return (await sendJson<{ redone: Undone }>("POST", `${caseRoot(caseName)}/redo`, { id })).redone;
}
