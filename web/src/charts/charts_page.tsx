import { type Charts, getCharts } from "../api/charts";
import { everything } from "../queue/filter";
import { routeToText } from "../state/route";
import { count } from "../ui/format";
import { Page } from "../ui/pieces";
import { Read, useRead } from "../ui/read";
import { order, typeWords, words } from "../ui/words";
import { Bars } from "./bars";
import { Plot } from "./plot";

function Panel(props: { title: string; words: string; wide?: "wide"; children: preact.ComponentChildren }) {
  return (
    <section class={`panel ${props.wide ?? ""}`}>
      <h2>{props.title}</h2>
      <p class="hint">{props.words}</p>
      {props.children}
    </section>
  );
}

export function ChartsPage({ caseName }: { caseName: string }) {
  const charts = useRead(() => getCharts(caseName), caseName);
  return (
    <Page title="Charts">
      <Read of={charts}>{(got) => <Panels caseName={caseName} charts={got} />}</Read>
    </Page>
  );
}

function Panels({ caseName, charts }: { caseName: string; charts: Charts }) {
  const link = (facet: "class" | "type" | "list" | "grade", value: string): string =>
    routeToText({
      page: "queue",
      case: caseName,
      at: "",
      filter: { ...everything, [facet]: [value], known: "shown" },
    });
  const decided = charts.progress.reduce((sum, one) => sum + one.decided, 0);
  return (
    <div class="panels">
      <Panel
        title="What the case is made of"
        words="Items by the reason for their place in the order of review."
      >
        <Bars
          label="Items by class"
          bars={[...charts.composition]
            .sort((x, y) => order("class").indexOf(x.class) - order("class").indexOf(y.class))
            .map((one) => ({
              name: words("class", one.class),
              value: one.items,
              tone: `k-${one.class}`,
              href: link("class", one.class),
            }))}
        />
      </Panel>
      <Panel title="Hits by list" words="Items that a list says something of, by its category.">
        {charts.lists.length === 0 ? (
          <p class="none">No list was hit.</p>
        ) : (
          <Bars
            label="Hits by list"
            bars={charts.lists.map((one) => ({
              name: `${one.list}, category ${one.category}`,
              value: one.items,
              href: link("list", one.list),
            }))}
          />
        )}
      </Panel>
      <Panel
        title="Progress"
        words={`${count(decided)} decided, ${count(charts.left)} groups left.`}
        wide="wide"
      >
        <Plot
          per="day"
          label="Decided a day"
          unit="Decided"
          points={charts.progress.map((one) => ({ at: one.day, value: one.decided }))}
        />
      </Panel>
      <Panel
        title="Timeline"
        words="Items by the month in which they were last written. Anybody can set these times."
        wide="wide"
      >
        <Plot
          per="month"
          label="Items a month"
          unit="Items"
          points={charts.timeline.map((one) => ({ at: `${one.month}-01`, value: one.items }))}
        />
      </Panel>
      <Panel title="Types" words="Told from the first bytes, never from the name.">
        <Bars
          label="Items by type"
          bars={charts.types
            .map((one) => ({ name: typeWords(one.type), value: one.items, href: link("type", one.type) }))
            .sort((x, y) => y.value - x.value)}
        />
      </Panel>
      <Panel title="Evidence of origin" words="By the strongest grade. Evidence, never a verdict.">
        <Bars
          label="Items by grade"
          bars={charts.grades.map((one) => ({
            name: words("grade", one.grade),
            value: one.items,
            href: link("grade", one.grade),
          }))}
        />
      </Panel>
    </div>
  );
}
