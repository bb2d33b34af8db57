import type { ActKind } from "./acts";
import { caseRoot, sendJson } from "./http";

export interface ActEvent {
  act: number;
  kind: ActKind | "undo" | "redo";
  by: string;
  items: string[];
  /** There are more items than these. */
  more: boolean;
  category: string | null;
  version: number;
}

export interface Listeners {
  act(event: ActEvent): void;
  queue(event: { version: number }): void;
  presence(event: { people: { name: string; item: string | null }[] }): void;
  state(state: "live" | "lost"): void;
}

const againMs = 3000;

/** Listens until the returned function is called. A browser connects again by itself where the line
 * broke, and says then which event it had last; where the server refused, it is tried anew. */
export function listen(caseName: string, to: Listeners): () => void {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  const connect = (): void => {
    source = new EventSource(`${caseRoot(caseName)}/events`);
    const on = <T>(name: string, then: (event: T) => void): void => {
      source.addEventListener(name, (event) => {
        then(JSON.parse((event as MessageEvent<string>).data) as T);
      });
    };
    on("act", to.act);
    on("queue", to.queue);
    on("presence", to.presence);
    source.onopen = () => to.state("live");
    source.onerror = () => {
      to.state("lost");
      if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, againMs);
    };
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
  };
}

export function sayPresence(caseName: string, item: string | null): Promise<void> {
  return sendJson<void>("POST", `${caseRoot(caseName)}/presence`, { item });
}
