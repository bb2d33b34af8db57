import { useEffect, useState } from "preact/hooks";
import type { OwnBudget } from "../api/settings";
import { caseInfo } from "../state/case";
import { changeSettings, coverStyle, coverStyles, isAllowedStyle, settings } from "../state/settings";
import { Segmented } from "../ui/pieces";
import { words } from "../ui/words";
import { Preview } from "./preview";

function Line(props: { title: string; words?: string; children: preact.ComponentChildren }) {
  return (
    <div class="setting">
      <div>
        <h2>{props.title}</h2>
        {props.words && <p class="hint">{props.words}</p>}
      </div>
      <div>{props.children}</div>
    </div>
  );
}

const limits: { name: keyof OwnBudget; words: string }[] = [
  { name: "reveals_a_day", words: "Reveals a day" },
  { name: "seconds_a_day", words: "Seconds revealed a day" },
  { name: "break_every_minutes", words: "A break every so many minutes" },
];

/** A person's own budget: as tight as they like, never looser than the case's. */
function OwnLimits() {
  const policy = caseInfo.value?.policy.budget;
  const own = settings.value.budget;
  const [text, setText] = useState<Record<string, string>>({});
  useEffect(() => setText({}), [own]);
  return (
    <div class="limits">
      {limits.map(({ name, words: title }) => {
        // Breaks every 0 minutes are none.
        const most = policy?.[name] || null;
        const value = text[name] ?? String(own[name] ?? "");
        const number = Number.parseInt(value, 10);
        const tooLoose = most !== null && number > most;
        return (
          <label class="field" key={name}>
            {title}
            <input
              type="number"
              min="0"
              max={most ?? undefined}
              placeholder={most === null ? "no limit" : `${most} (the case’s)`}
              value={value}
              aria-invalid={tooLoose}
              onInput={(event) => setText({ ...text, [name]: event.currentTarget.value })}
              onChange={() => {
                if (tooLoose) return;
                void changeSettings({ budget: { ...own, [name]: Number.isFinite(number) ? number : null } });
              }}
            />
            {tooLoose && <small class="warn">The case allows {most} at most.</small>}
          </label>
        );
      })}
    </div>
  );
}

export function SettingsPage() {
  const now = settings.value;
  const floor = caseInfo.value?.policy.floor ?? "grey";
  return (
    <main class="page narrow">
      <h1 tabIndex={-1} data-home="">
        Your settings
      </h1>
      <p class="lead">They are kept on the server and follow you to any browser.</p>
      <Line
        title="Covered as"
        words={`How items look before a reveal. The case allows “${words("style", floor)}” at the least covered.`}
      >
        <Segmented
          label="Covered as"
          value={coverStyle.value}
          options={coverStyles.map((style) => ({
            value: style,
            words: words("style", style),
            ...(isAllowedStyle(style, floor) ? {} : { disabled: true as const }),
          }))}
          onChange={(style) => void changeSettings({ style })}
        />
        <Preview style={coverStyle.value} />
      </Line>
      <Line
        title="A reveal shows"
        words="What you see while you hold. Grey shows less of a picture’s force; V changes it for now."
      >
        <Segmented
          label="A reveal shows"
          value={now.rendition}
          options={[
            { value: "grey", words: "Grey" },
            { value: "colour", words: "Colour" },
          ]}
          onChange={(rendition) => void changeSettings({ rendition })}
        />
      </Line>
      <Line title="Reveal with" words="A key alone cannot be pressed by a stray hand on the mouse.">
        <Segmented
          label="Reveal with"
          value={now.reveal}
          options={[
            { value: "hold", words: "Key or pointer, held" },
            { value: "hold_key_only", words: "Key alone" },
          ]}
          onChange={(reveal) => void changeSettings({ reveal })}
        />
      </Line>
      <Line
        title="Your own budget"
        words="Tighter than the case’s, if you like. Nobody can loosen it but you."
      >
        <OwnLimits />
      </Line>
      <Line
        title="Ordinary pictures between"
        words="After some reveals an ordinary drawing, where the case provides them."
      >
        <Segmented
          label="Ordinary pictures"
          value={now.interleave ? "on" : "off"}
          options={[
            { value: "on", words: "On" },
            { value: "off", words: "Off" },
          ]}
          onChange={(on) => void changeSettings({ interleave: on === "on" })}
        />
      </Line>
      <Line title="Single keys" words="With Alt, for people whose dictation or switches type letters.">
        <Segmented
          label="Single keys"
          value={now.keys}
          options={[
            { value: "single", words: "By themselves" },
            { value: "with_alt", words: "With Alt" },
          ]}
          onChange={(keys) => void changeSettings({ keys })}
        />
      </Line>
      <Line title="Size of cards">
        <Segmented
          label="Size of cards"
          value={now.size}
          options={[
            { value: "small", words: "Small" },
            { value: "medium", words: "Medium" },
            { value: "large", words: "Large" },
          ]}
          onChange={(size) => void changeSettings({ size })}
        />
      </Line>
      <Line title="Light" words="Dark is easiest on eyes that look long.">
        <Segmented
          label="Light"
          value={now.theme}
          options={[
            { value: "dark", words: "Dark" },
            { value: "light", words: "Light" },
            { value: "system", words: "As the system" },
          ]}
          onChange={(theme) => void changeSettings({ theme })}
        />
      </Line>
    </main>
  );
}
