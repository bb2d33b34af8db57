import { useState } from "preact/hooks";
import type { Card } from "../api/queue";
import { flag, note, passTo } from "../queue/decide";
import { others } from "../state/live";
import { closeOverlay, noteDraft } from "../state/overlays";
import { Dialog } from "../ui/dialog";
import { counted } from "../ui/format";

function NoteForm({ cards }: { cards: readonly Card[] }) {
  const text = noteDraft.value;
  const isEmpty = text.trim() === "";
  const close = (): void => {
    noteDraft.value = "";
    closeOverlay();
  };
  const save = (event: Event): void => {
    event.preventDefault();
    if (isEmpty) return;
    note(text.trim(), cards);
    close();
  };
  return (
    <form onSubmit={save}>
      <h2>Note on {counted(cards.length, "item")}</h2>
      <label class="field">
        <span class="sr">Note</span>
        <textarea
          rows={5}
          maxLength={4000}
          value={text}
          autofocus
          onInput={(event) => {
            noteDraft.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(event);
          }}
        />
      </label>
      <p class="hint">Notes go into the report. They are not part of the evidence.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={isEmpty}>
          Save note
        </button>
      </div>
    </form>
  );
}

/** Flags that people use; any other can be typed. */
const usual = ["urgent", "ask a colleague", "identify place", "report"];

function FlagForm({ cards }: { cards: readonly Card[] }) {
  const [name, setName] = useState("");
  const had = [...new Set(cards.flatMap((card) => card.flags))];
  const put = (one: string): void => {
    flag(one, cards);
    closeOverlay();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") put(name.trim());
      }}
    >
      <h2>Flag {counted(cards.length, "item")}</h2>
      <div class="flag-choices">
        {[...new Set([...had, ...usual])].map((one) => (
          <button
            type="button"
            key={one}
            class={`chip${had.includes(one) ? " on" : ""}`}
            onClick={() => put(one)}
            aria-pressed={had.includes(one)}
          >
            {one}
          </button>
        ))}
      </div>
      <label class="field">
        Another flag
        <input
          type="text"
          maxLength={40}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={closeOverlay}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={name.trim() === ""}>
          Set flag
        </button>
      </div>
    </form>
  );
}

export function NoteDialog({ cards }: { cards: readonly Card[] }) {
  return (
    <Dialog title="Note" onClose={closeOverlay}>
      <NoteForm cards={cards} />
    </Dialog>
  );
}

export function FlagDialog({ cards }: { cards: readonly Card[] }) {
  return (
    <Dialog title="Flag" onClose={closeOverlay}>
      <FlagForm cards={cards} />
    </Dialog>
  );
}

function PassForm({ cards }: { cards: readonly Card[] }) {
  const [to, setTo] = useState("");
  const here = [...new Set(others.value.map((one) => one.name))];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        passTo(to.trim(), cards);
        closeOverlay();
      }}
    >
      <h2>Pass on {counted(cards.length, "item")}</h2>
      <label class="field">
        To, where it is somebody in particular
        <input
          type="text"
          maxLength={60}
          value={to}
          autofocus
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <div class="flag-choices">
        {here.map((name) => (
          <button
            type="button"
            key={name}
            class={`chip${name === to ? " on" : ""}`}
            aria-pressed={name === to}
            onClick={() => setTo(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={closeOverlay}>
          Cancel
        </button>
        <button type="submit" class="button primary">
          Pass on
        </button>
      </div>
    </form>
  );
}

export function PassDialog({ cards }: { cards: readonly Card[] }) {
  return (
    <Dialog title="Pass on" onClose={closeOverlay}>
      <PassForm cards={cards} />
    </Dialog>
  );
}
