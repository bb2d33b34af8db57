import type { ActKind } from "./acts";
import { caseRoot, sendJson } from "./http";

export interface ActEvent {
  act: number;
  kind: ActKind | "undo" | "redo";
  by: string;
  items: string[];
  /** There are more items than these. */
  more: boolean;
  category?: string | null;
  version: number;
}

export interface Listeners {
  act(event: ActEvent): void;
  queue(event: { version: number; total: number }): void;
  presence(event: { people: { name: string; item?: string | null }[] }): void;
  break(event: { why: string; minutes: number }): void;
  bye(): void;
  state(state: "live" | "lost"): void;
}

/** Listens until the returned function is called. The browser itself connects again, and says then
 * which event it had last. */
export function listen(caseName: string, to: Listeners): () => void {
  const source = new EventSource(`${caseRoot(caseName)}/events`);
  const on = <T>(name: string, then: (event: T) => void): void => {
    source.addEventListener(name, (event) => {
      then(JSON.parse((event as MessageEvent<string>).data) as T);
    });
  };
  on("act", to.act);
  on("queue", to.queue);
  on("presence", to.presence);
  on("break", to.break);
  on("bye", () => to.bye());
  source.onopen = () => to.state("live");
  source.onerror = () => to.state("lost");
  return () => source.close();
}

export function sayPresence(caseName: string, item: string | null): Promise<void> {
  return sendJson<void>("POST", `${caseRoot(caseName)}/presence`, { item });
}
