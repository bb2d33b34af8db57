import { useMemo, useRef, useState } from "preact/hooks";
import { canRun, commands, keymap, runCommand } from "../keys/commands";
import { keysOf } from "../keys/keymap";
import { scheme } from "../state/case";
import { closeOverlay } from "../state/overlays";
import { Dialog } from "../ui/dialog";
import { Key } from "../ui/pieces";
import { best } from "./match";

interface Line {
  id: string;
  title: string;
  group: string;
}

/** Everything that can be done here, found by typing a few letters of it. */
export function Palette() {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const all = useMemo<Line[]>(() => {
    const categories = scheme.value.categories.map((category) => ({
      id: `category:${category.code}`,
      title: `Category: ${category.name}`,
      group: "Decide",
    }));
    const moves = (one: Line): boolean =>
      (one.group !== "Move" && one.group !== "Select") || one.id === "back";
    return [...categories, ...commands].filter((one) => canRun(one.id) && moves(one) && one.id !== "palette");
  }, []);
  const found = best(typed, all, (one) => one.title);
  const chosen = Math.min(at, Math.max(0, found.length - 1));

  const run = (line: Line | undefined): void => {
    if (line === undefined) return;
    closeOverlay();
    // Once the dialog has given the keyboard back to the page.
    setTimeout(() => runCommand(line.id));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      const next = (chosen + by + found.length) % Math.max(1, found.length);
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[chosen]);
    } else if (event.key === "Backspace" && typed === "") closeOverlay();
  };

  return (
    <Dialog title="Commands" onClose={closeOverlay} kind="palette">
      <input
        class="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `command-${chosen}` : undefined}
        aria-label="Find a command"
        placeholder="What do you want to do?"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <ul class="palette-list" id="palette-list" role="listbox" ref={list} aria-label="Commands">
        {found.map((line, i) => (
          <li
            key={line.id}
            id={`command-${i}`}
            role="option"
            aria-selected={i === chosen}
            class={i === chosen ? "on" : ""}
            onPointerMove={() => setAt(i)}
            onClick={() => run(line)}
          >
            <span class="palette-title">{line.title}</span>
            <span class="palette-group">{line.group}</span>
            {keysOf(keymap.value, line.id)
              .slice(0, 1)
              .map((key) => (
                <Key key={key} chord={key} />
              ))}
          </li>
        ))}
        {found.length === 0 && <li class="palette-none">Nothing is called that here.</li>}
      </ul>
    </Dialog>
  );
}
