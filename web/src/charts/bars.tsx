import { count } from "../ui/format";

export interface Bar {
  name: string;
  value: number;
  /** A class for its colour. */
  tone?: string;
  href?: string;
}

/** Horizontal bars with their figures: a list to a screen reader, a picture to the eye. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul class="bars" aria-label={label}>
      {bars.map((bar) => {
        const body = (
          <>
            <span class="bar-name">{bar.name}</span>
            <span class="bar-track" aria-hidden="true">
              <span
                class={`bar-fill ${bar.tone ?? ""}`}
                style={{ transform: `scaleX(${bar.value / most})` }}
              />
            </span>
            <span class="bar-value">{count(bar.value)}</span>
          </>
        );
        return <li key={bar.name}>{bar.href === undefined ? body : <a href={bar.href}>{body}</a>}</li>;
      })}
    </ul>
  );
}
