import type { ComponentChildren } from "preact";

/** What can be set, with what it means beside it. */
export function Setting(props: { title: string; words?: string; children: ComponentChildren }) {
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
