interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "password" | "number";
  optional?: "optional";
  autofocus?: boolean;
}

/** A line to write in, of a form about people or keys. */
export function Field({ label, value, onChange, type, optional, autofocus }: Props) {
  return (
    <label class="field">
      {label}
      <input
        type={(type ?? "text") as "text"}
        autocomplete={type === "password" ? "new-password" : "off"}
        spellcheck={false}
        min="1"
        required={optional === undefined}
        autofocus={autofocus === true}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
