import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { calendar, count } from "../ui/format";

export interface Point {
  /** A day as text, the first of a month for months. */
  at: string;
  value: number;
}

interface Props {
  points: readonly Point[];
  label: string;
  unit: string;
  per: "day" | "month";
}

/** Between two columns, as a share of the room of one. */
const gap = 0.3;

/** Round figures from 0 up, four or so, the last of them at or above `most`. */
function rounds(most: number): number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

interface Box {
  width: number;
  rem: number;
}

function Columns({ points, per, unit, box }: Pick<Props, "points" | "per" | "unit"> & { box: Box }) {
  const { width, rem } = box;
  const height = 14 * rem;
  const left = 4 * rem;
  const bottom = 2 * rem;
  const room = (width - 0.5 * rem - left) / (points.length + gap);
  const thick = room * (1 - gap);
  const x = (i: number): number => left + room * (i + gap);
  const ticks = rounds(Math.max(1, ...points.map((point) => point.value)));
  const top = ticks.at(-1) ?? 1;
  const y = (value: number): number => height - bottom - (value / top) * (height - bottom - 0.8 * rem);
  // As many names as there is room for.
  const every = Math.max(1, Math.ceil((points.length * 5.5 * rem) / Math.max(1, width - left)));
  return (
    <svg class="columns-plot" width={width} height={height} aria-hidden="true" focusable="false">
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
          <text x={left - 0.6 * rem} y={y(tick)} dy="0.32em" text-anchor="end">
            {count(tick)}
          </text>
        </g>
      ))}
      {points.map((point, i) => (
        <g key={point.at} class="column">
          <rect class="reach" x={x(i)} y={0} width={thick} height={height - bottom} />
          <rect
            class="value"
            x={x(i)}
            y={y(point.value)}
            width={thick}
            height={height - bottom - y(point.value)}
            rx={Math.min(3, thick / 4)}
          />
          <title>{`${calendar(point.at, per)}: ${count(point.value)} ${unit.toLowerCase()}`}</title>
          {i % every === 0 && (
            <text x={x(i) + thick / 2} y={height - 0.5 * rem} text-anchor="middle">
              {calendar(point.at, per)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** Columns over time, with the same figures as a table for those who cannot see them. */
export function Plot({ points, label, unit, per }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box>({ width: 0, rem: 14 });
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setBox({ width: element.clientWidth, rem });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <figure class="plot">
      <div ref={place} role="img" aria-label={`${label}: ${points.length} values, as a table below`}>
        {box.width > 0 && points.length > 0 && <Columns points={points} per={per} unit={unit} box={box} />}
      </div>
      <details>
        <summary>As a table</summary>
        <div class="scroll-y" tabIndex={0} role="region" aria-label={label}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">{unit}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.at}>
                  <th scope="row">{calendar(point.at, per)}</th>
                  <td>{count(point.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
