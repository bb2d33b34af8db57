import { useEffect, useState } from "preact/hooks";
import type { OwnBudget, Settings } from "../api/settings";
import { caseInfo } from "../state/case";
import { isTeam } from "../state/session";
import { changeSettings, coverStyle, isAllowedStyle, settings, styleWords } from "../state/settings";
import { Field } from "../ui/fields";
import { typedNumber } from "../ui/format";
import { type Options, Page, Segmented } from "../ui/pieces";
import { OwnAccount } from "./own_account";
import { Preview } from "./preview";
import { Setting } from "./setting";

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
        const number = typedNumber(value);
        const tooLoose = most !== null && number !== null && number > most;
        return (
          <Field
            key={name}
            label={title}
            type="number"
            min="0"
            max={most ?? undefined}
            placeholder={most === null ? "no limit" : `${most} (the case’s)`}
            value={value}
            aria-invalid={tooLoose}
            onChange={(to) => setText({ ...text, [name]: to })}
            onDone={() => {
              if (tooLoose) return;
              void changeSettings({ budget: { ...own, [name]: number } });
            }}
          >
            {tooLoose && <small class="warn">The case allows {most} at most.</small>}
          </Field>
        );
      })}
    </div>
  );
}

type ChoiceName = "rendition" | "reveal" | "keys" | "size" | "theme";

/** A setting that is one of a few. */
function Choice<N extends ChoiceName>(props: {
  name: N;
  title: string;
  words?: string;
  options: Options<Settings[N]>;
}) {
  return (
    <Setting title={props.title} {...(props.words === undefined ? {} : { words: props.words })}>
      <Segmented<Settings[N]>
        label={props.title}
        value={settings.value[props.name]}
        options={props.options}
        onChange={(to) => void changeSettings({ [props.name]: to })}
      />
    </Setting>
  );
}

export function SettingsPage() {
  const floor = caseInfo.value?.policy.floor ?? "grey";
  return (
    <Page title="Your settings" narrow="narrow">
      <p class="lead">They are kept on the server and follow you to any browser.</p>
      <Setting
        title="Covered as"
        words={`How items look before a reveal. The case allows “${styleWords[floor]}” at the least covered.`}
      >
        <Segmented
          label="Covered as"
          value={coverStyle.value}
          options={styleWords}
          disabled={(style) => !isAllowedStyle(style, floor)}
          onChange={(style) => void changeSettings({ style })}
        />
        <Preview style={coverStyle.value} />
      </Setting>
      <Choice
        name="rendition"
        title="A reveal shows"
        words="What you see while you hold. Grey shows less of a picture’s force; V changes it for now."
        options={{ grey: "Grey", colour: "Colour" }}
      />
      <Choice
        name="reveal"
        title="Reveal with"
        words="A key alone cannot be pressed by a stray hand on the mouse."
        options={{ hold: "Key or pointer, held", hold_key_only: "Key alone" }}
      />
      <Setting
        title="Your own budget"
        words="Tighter than the case’s, if you like. Nobody can loosen it but you."
      >
        <OwnLimits />
      </Setting>
      <Setting
        title="Ordinary pictures between"
        words="After some reveals an ordinary drawing, where the case provides them."
      >
        <Segmented
          label="Ordinary pictures"
          value={settings.value.interleave ? "on" : "off"}
          options={{ on: "On", off: "Off" }}
          onChange={(on) => void changeSettings({ interleave: on === "on" })}
        />
      </Setting>
      <Choice
        name="keys"
        title="Single keys"
        words="With Alt, for people whose dictation or switches type letters."
        options={{ single: "By themselves", with_alt: "With Alt" }}
      />
      <Choice
        name="size"
        title="Size of cards"
        options={{ small: "Small", medium: "Medium", large: "Large" }}
      />
      <Choice
        name="theme"
        title="Light"
        words="Dark is easiest on eyes that look long."
        options={{ dark: "Dark", light: "Light", system: "As the system" }}
      />
      {isTeam.value && <OwnAccount />}
    </Page>
  );
}
