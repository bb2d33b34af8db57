import { scheme } from "../state/case";
import { closeOverlay } from "../state/overlays";
import { Dialog } from "../ui/dialog";
import { Key } from "../ui/pieces";
import { commands, keymap } from "./commands";
import { keysOf } from "./keymap";

const groups = ["Decide", "Look", "Move", "Select", "Queue", "Everywhere"];

function Line({ title, keys }: { title: string; keys: string[] }) {
  return (
    <div class="help-line">
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <Key key={key} chord={key} />
        ))}
      </dd>
    </div>
  );
}

/** Every key, as this case and this person have them. */
export function Help() {
  const map = keymap.value;
  const without = map.without.map((id) => {
    const command = commands.find((one) => one.id === id);
    const category = scheme.value.categories.find((one) => `category:${one.code}` === id);
    return command?.title ?? category?.name ?? id;
  });
  return (
    <Dialog title="Keys" onClose={closeOverlay} wide="wide">
      <header class="dialog-head">
        <h2>Keys</h2>
        <button class="button quiet" onClick={closeOverlay} autofocus>
          Close
        </button>
      </header>
      <div class="help">
        <section>
          <h3>Categories of this case</h3>
          <dl>
            {scheme.value.categories.map((category) => (
              <Line
                key={category.code}
                title={category.name}
                keys={keysOf(map, `category:${category.code}`)}
              />
            ))}
          </dl>
        </section>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {group === "Look" && <Line title="Reveal while it is held" keys={["Space"]} />}
              {commands
                .filter((one) => one.group === group)
                .map((one) => ({ one, keys: keysOf(map, one.id) }))
                .filter(({ keys }) => keys.length > 0)
                .map(({ one, keys }) => (
                  <Line key={one.id} title={one.title} keys={keys} />
                ))}
            </dl>
          </section>
        ))}
      </div>
      {without.length > 0 && (
        <p class="help-note">
          Without a key of their own, because another has it: {without.join(", ")}. They are among the
          commands (<Key chord="Ctrl+k" />
          ).
        </p>
      )}
      <p class="help-note">
        <Key chord="Escape" /> covers the whole screen at once, whatever is open. <Key chord="Enter" /> twice
        brings it back.
      </p>
    </Dialog>
  );
}
