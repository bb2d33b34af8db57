import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { settings } from "../state/settings";
import { count } from "../ui/format";

export interface Point {
  /** A day or a month as text. */
  at: string;
  value: number;
}

interface Props {
  points: readonly Point[];
  label: string;
  unit: string;
  per: "day" | "month";
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const daySeconds = 86_400;

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Columns over time, drawn by uPlot on a canvas, with the same figures as a table for those who
 * cannot see it. */
export function Plot({ points, label, unit, per }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const theme = settings.value.theme;
  useEffect(() => {
    const element = place.current;
    if (element === null || points.length === 0) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const font = `${0.8 * rem}px system-ui, sans-serif`;
    const axis = { stroke: css("--soft"), grid: { stroke: css("--line"), width: 1 }, ticks: { show: false }, font };
    // The first and the last column are drawn whole.
    const room = per === "day" ? daySeconds / 2 : 16 * daySeconds;
    const columns = uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 });
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: 15 * rem,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
        scales: { x: { time: true, range: (_plot, low, high) => [low - room, high + room] }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [
          {
            ...axis, grid: { show: false }, size: 2.2 * rem, space: 5 * rem,
            values: (_plot, values) => values.map((value) => (per === "day" ? day : month).format(value * 1000)),
          },
          { ...axis, size: 4 * rem, values: (_plot, values) => values.map((value) => count(value)) },
        ],
        series: [
          {},
          { label: unit, stroke: css("--accent-line"), fill: css("--accent-fill"), width: 1, points: { show: false }, ...(columns ? { paths: columns } : {}) },
        ],
      },
      [points.map((point) => Date.parse(point.at) / 1000), points.map((point) => point.value)],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 15 * rem }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, theme]);
  return (
    <figure class="plot">
      <div ref={place} role="img" aria-label={`${label}: ${points.length} values, the table below has them`} />
      <details>
        <summary>As a table</summary>
        <div class="scroll-y" tabIndex={0} role="region" aria-label={label}>
          <table class="table">
            <thead><tr><th scope="col">When</th><th scope="col">{unit}</th></tr></thead>
            <tbody>{points.map((point) => <tr key={point.at}><th scope="row">{point.at}</th><td>{count(point.value)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
