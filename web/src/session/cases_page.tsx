import { useEffect, useState } from "preact/hooks";
import { type CaseLine, listCases } from "../api/cases";
import { wordsOf } from "../api/problem";
import { toDo } from "../queue/filter";
import { amend, routeToText } from "../state/route";
import { count } from "../ui/format";
import { Empty } from "../ui/pieces";

function queueOf(name: string) {
  return { page: "queue", case: name, filter: toDo, at: "" } as const;
}

export function CasesPage() {
  const [cases, setCases] = useState<CaseLine[] | null>(null);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    listCases()
      .then((all) => {
        const only = all.length === 1 ? all[0] : undefined;
        if (only === undefined) setCases(all);
        else amend(queueOf(only.case));
      })
      .catch((error) => setFailure(wordsOf(error)));
  }, []);
  if (failure !== "")
    return (
      <Empty icon="away" title="The cases could not be read">
        <p>{failure}</p>
      </Empty>
    );
  if (cases === null)
    return (
      <div class="page">
        <div class="skeleton" aria-busy="true">
          <div />
        </div>
      </div>
    );
  if (cases.length === 0) {
    return (
      <Empty icon="search" title="No case is open to you">
        <p>A lead can add you to one.</p>
      </Empty>
    );
  }
  return (
    <main class="page narrow">
      <h1 tabIndex={-1} data-home="">
        Cases
      </h1>
      <ul class="cases">
        {cases.map((one) => {
          const share = one.groups === 0 ? 0 : one.reviewed / one.groups;
          return (
            <li key={one.case}>
              <a href={routeToText(queueOf(one.case))}>
                <strong>{one.number}</strong>
                <span>{one.exhibit}</span>
                <span class="case-figures">
                  {count(one.reviewed)} of {count(one.groups)} groups reviewed
                  {one.scan === "running" && (
                    <em>
                      <span class="pulse" /> scan running
                    </em>
                  )}
                </span>
                <span class="gauge-track" aria-hidden="true">
                  <span style={{ transform: `scaleX(${share})` }} />
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </main>
  );
}
