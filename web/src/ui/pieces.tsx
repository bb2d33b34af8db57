import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";
import { chordWords } from "../keys/keymap";

export function Key({ chord }: { chord: string }) {
  return <kbd>{chordWords(chord)}</kbd>;
}

/** What stands where there is nothing to show, and what to do about it. */
export function Empty(props: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

export function Banner(props: { tone: "warn" | "bad" | "info"; children: ComponentChildren }) {
  return (
    <div class={`banner ${props.tone}`} role={props.tone === "bad" ? "alert" : "status"}>
      {props.children}
    </div>
  );
}

/** One of several, as buttons side by side. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; words: string; disabled?: true }[];
  onChange: (value: T) => void;
}) {
  return (
    <div class="segmented" role="radiogroup" aria-label={props.label}>
      {props.options.map((option) => (
        <label key={option.value} class={option.value === props.value ? "on" : ""}>
          <input
            type="radio"
            name={props.label}
            value={option.value}
            checked={option.value === props.value}
            disabled={option.disabled === true}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.words}</span>
        </label>
      ))}
    </div>
  );
}

export function Section(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="section">
      <header>
        <h2>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
