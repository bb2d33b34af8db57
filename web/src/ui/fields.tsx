import type { ComponentChildren, LooseInputHTMLAttributes } from "preact";
import type { Options } from "./pieces";

type FieldProps = Omit<LooseInputHTMLAttributes<HTMLInputElement>, "label" | "onChange" | "value"> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Once the person has left it, or pressed Enter. */
  onDone?: () => void;
  /** So many lines to write in, where one is not enough. */
  rows?: number;
  /** The id of a list of values that are offered. */
  list?: string;
  /** What stands below it. */
  children?: ComponentChildren;
};

/** A place to write in, under its name. */
export function Field({ label, onChange, onDone, rows, children, ...more }: FieldProps) {
  const Kind = (rows === undefined ? "input" : "textarea") as "input";
  return (
    <label class="field">
      {label}
      <Kind
        {...(rows === undefined ? { type: "text", autocomplete: "off", spellcheck: false } : { rows })}
        {...(more as { type: "text" })}
        onInput={(event) => onChange(event.currentTarget.value)}
        onChange={onDone}
      />
      {children}
    </label>
  );
}

/** One of several, in a list that opens; without `named` only a screen reader is told its name. */
export function Select<T extends string>(props: {
  label: string;
  value: T;
  options: Options<T>;
  onChange: (value: T) => void;
  named?: "named";
}) {
  const select = (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value as T)}
    >
      {Object.entries<string>(props.options).map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
  if (props.named === undefined) return select;
  return (
    <label class="field">
      {props.label}
      {select}
    </label>
  );
}

/** Something that is so or is not, with its words beside it. */
export function Check(props: { words: string; checked: boolean; onChange: () => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.checked} onChange={props.onChange} />
      {props.words}
    </label>
  );
}

/** The six digits that an authenticator shows. */
export function CodeField(props: { value: string; onChange: (value: string) => void }) {
  return (
    <Field
      label="Code of your authenticator"
      class="code"
      inputMode="numeric"
      autocomplete="one-time-code"
      maxLength={12}
      autofocus
      required
      {...props}
    />
  );
}

/** Whether it says enough to go on record as a reason. */
export function isReason(text: string): boolean {
  return text.trim().length >= 8;
}

export function ReasonField(props: { value: string; onChange: (value: string) => void }) {
  return <Field label="Reason" rows={3} maxLength={500} autofocus {...props} />;
}
