import { listCases } from "../api/cases";
import { toDo } from "../queue/filter";
import { routeToText } from "../state/route";
import { count } from "../ui/format";
import { Empty, Page } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

/** What a person is shown first of a case. */
export function queueOf(name: string) {
  return { page: "queue", case: name, filter: toDo, at: "" } as const;
}

export function CasesPage() {
  const cases = useRead(listCases);
  if (cases.got?.length === 0) {
    return (
      <Empty icon="search" title="No case is open to you">
        <p>A lead can add you to one.</p>
      </Empty>
    );
  }
  return (
    <Page title="Cases" narrow="narrow">
      <Read of={cases}>
        {(all) => (
          <ul class="cases">
            {all.map((one) => {
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
        )}
      </Read>
    </Page>
  );
}
