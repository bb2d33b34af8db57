import { useState } from "preact/hooks";
import type { Card } from "../api/queue";
import { flag, note, passTo } from "../queue/decide";
import { others } from "../state/live";
import { closeOverlay, noteDraft } from "../state/overlays";
import { Question } from "../ui/dialog";
import { Field } from "../ui/fields";
import { counted } from "../ui/format";

interface Props {
  cards: readonly Card[];
}

export function NoteDialog({ cards }: Props) {
  const text = noteDraft.value;
  const isEmpty = text.trim() === "";
  const close = (): void => {
    noteDraft.value = "";
    closeOverlay();
  };
  const save = (): void => {
    if (isEmpty) return;
    note(text.trim(), cards);
    close();
  };
  return (
    <Question
      title="Note"
      head={`Note on ${counted(cards.length, "item")}`}
      does="Save note"
      disabled={isEmpty}
      onClose={closeOverlay}
      onCancel={close}
      onAnswer={save}
    >
      <Field
        label="Note"
        rows={5}
        maxLength={4000}
        value={text}
        autofocus
        onChange={(to) => {
          noteDraft.value = to;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <p class="hint">Notes go into the report. They are not part of the evidence.</p>
    </Question>
  );
}

/** Words of which one can be chosen at once. */
function Choices(props: {
  words: readonly string[];
  on: readonly string[];
  onChoose: (one: string) => void;
}) {
  return (
    <div class="flag-choices">
      {props.words.map((one) => {
        const isOn = props.on.includes(one);
        return (
          <button
            type="button"
            key={one}
            class={`chip${isOn ? " on" : ""}`}
            aria-pressed={isOn}
            onClick={() => props.onChoose(one)}
          >
            {one}
          </button>
        );
      })}
    </div>
  );
}

/** Flags that people use; any other can be typed. */
const usual = ["urgent", "ask a colleague", "identify place", "report"];

export function FlagDialog({ cards }: Props) {
  const [name, setName] = useState("");
  const had = [...new Set(cards.flatMap((card) => card.flags))];
  const put = (one: string): void => {
    flag(one, cards);
    closeOverlay();
  };
  return (
    <Question
      title="Flag"
      head={`Flag ${counted(cards.length, "item")}`}
      does="Set flag"
      disabled={name.trim() === ""}
      onClose={closeOverlay}
      onAnswer={() => put(name.trim())}
    >
      <Choices words={[...new Set([...had, ...usual])]} on={had} onChoose={put} />
      <Field label="Another flag" maxLength={40} value={name} onChange={setName} />
    </Question>
  );
}

export function PassDialog({ cards }: Props) {
  const [to, setTo] = useState("");
  return (
    <Question
      title="Pass on"
      head={`Pass on ${counted(cards.length, "item")}`}
      does="Pass on"
      onClose={closeOverlay}
      onAnswer={() => {
        passTo(to.trim(), cards);
        closeOverlay();
      }}
    >
      <Field
        label="To, where it is somebody in particular"
        maxLength={60}
        value={to}
        autofocus
        onChange={setTo}
      />
      <Choices words={[...new Set(others.value.map((one) => one.name))]} on={[to]} onChoose={setTo} />
    </Question>
  );
}
