import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";
import { chordWords } from "../keys/keymap";

export function Key({ chord }: { chord: string }) {
  return <kbd>{chordWords(chord)}</kbd>;
}

/** What stands where there is nothing to show, and what to do about it. */
export function Empty(props: {
  icon: IconName;
  title: string;
  retry?: () => void;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      {props.children}
      {props.retry && (
        <button class="button primary" onClick={props.retry}>
          Try again
        </button>
      )}
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

/** What names and words a person chooses among, in their order. */
export type Options<T extends string> = Readonly<Record<T, string>>;

/** One of several, as buttons side by side. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  options: Options<T>;
  onChange: (value: T) => void;
  disabled?: (value: T) => boolean;
}) {
  return (
    <div class="segmented" role="radiogroup" aria-label={props.label}>
      {(Object.entries(props.options) as [T, string][]).map(([value, words]) => (
        <label key={value} class={value === props.value ? "on" : ""}>
          <input
            type="radio"
            name={props.label}
            value={value}
            checked={value === props.value}
            disabled={props.disabled?.(value) === true}
            onChange={() => props.onChange(value)}
          />
          <span>{words}</span>
        </label>
      ))}
    </div>
  );
}

/** A page under its head, at which a screen reader starts. `aside` stands beside the head. */
export function Page(props: {
  title: string;
  narrow?: "narrow";
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <main class={`page ${props.narrow ?? ""}`}>
      <header class="page-head">
        <h1 tabIndex={-1} data-home="">
          {props.title}
        </h1>
        {props.aside}
      </header>
      {props.children}
    </main>
  );
}

/** The place of what is on its way. */
export function Loading() {
  return (
    <div class="skeleton" aria-busy="true">
      <div />
      <div />
    </div>
  );
}

/** Rows under their names, which scroll sideways where there is no room for them. */
export function Table(props: {
  label: string;
  head: readonly string[];
  kind?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={props.label}>
      <table class={`table ${props.kind ?? ""}`}>
        <thead>
          <tr>
            {props.head.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** Names and what they say, one below the other; empty ones are left out. */
export function FactList(props: { facts: readonly (readonly [string, string])[]; kind?: string }) {
  return (
    <dl class={`facts ${props.kind ?? ""}`}>
      {props.facts.map(
        ([name, text], i) =>
          text !== "" && (
            <div key={i}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
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
