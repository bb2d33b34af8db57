import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { wordsOf } from "../api/problem";
import { Empty, Loading } from "./pieces";

export interface Reading<T> {
  /** Null until it is here. */
  got: T | null;
  failure: string;
  again: () => void;
}

/** What the server says when a page opens, when `of` changes, and whenever again() is called. What was
 * said before stays until then. */
export function useRead<T>(load: () => Promise<T>, of = ""): Reading<T> {
  const [got, setGot] = useState<T | null>(null);
  const [failure, setFailure] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    load()
      .then((value) => {
        if (isOver) return;
        setGot(value);
        setFailure("");
      })
      .catch((error) => {
        if (!isOver) setFailure(wordsOf(error));
      });
    return () => {
      isOver = true;
    };
  }, [of, turn]);
  return { got, failure, again: () => setTurn((n) => n + 1) };
}

/** What was read, or that it is on its way, or why it is not here. */
export function Read<T>({ of, children }: { of: Reading<T>; children: (got: T) => ComponentChildren }) {
  if (of.failure !== "")
    return (
      <Empty icon="away" title="This could not be read" retry={of.again}>
        <p>{of.failure}</p>
      </Empty>
    );
  return of.got === null ? <Loading /> : <>{children(of.got)}</>;
}
