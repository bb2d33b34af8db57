import type { Item, Step } from "../api/items";
import { copy } from "../state/messages";
import { bytes, count, moment, pixels, plain } from "../ui/format";
import { Section } from "../ui/pieces";
import { typeWords, words } from "../ui/words";

function PathLine({ step, depth }: { step: Step; depth: number }) {
  return (
    <li style={{ paddingInlineStart: `${depth * 1.1}rem` }}>
      <span class="path-kind">{step.kind}</span>
      <bdi>{step.name === null ? "(name not shown to your role)" : plain(step.name)}</bdi>
      {typeof step.offset === "number" && <small>at byte {count(step.offset)}</small>}
    </li>
  );
}

/** From the source through folders and archives to the item, so that it can be found again. */
export function PathSection({ item }: { item: Item }) {
  return (
    <Section title="Where it lies">
      <ol class="path">
        {item.path.map((step, i) => (
          <PathLine key={i} step={step} depth={i} />
        ))}
      </ol>
    </Section>
  );
}

export function Facts({ item, timeZone }: { item: Item; timeZone: string | undefined }) {
  const lines: [string, string][] = [
    ["Type", typeWords(item.format) + (item.media_type === "" ? "" : ` (${item.media_type})`)],
    ["Pixels", pixels(item.width, item.height)],
    ["Size", item.size === null ? "not known" : `${bytes(item.size)} (${count(item.size)} bytes)`],
    ...Object.entries(item.times).map(([name, time]): [string, string] => [
      words("time", name),
      moment(time, timeZone),
    ]),
    ["Examined", words("coverage", item.coverage)],
    ...item.fingerprints.map((one): [string, string] => [
      "Fingerprint",
      `${one.mode}, quality ${one.quality}`,
    ]),
    ["Shown so far", item.exposures === 1 ? "once" : `${count(item.exposures)} times`],
  ];
  return (
    <Section title="Facts">
      {item.error && (
        <p class="warn-line">
          {words("error", item.error.code)}{" "}
          {item.error.rule !== "" && <small>{plain(item.error.rule)}</small>}
        </p>
      )}
      <dl class="facts">
        {lines
          .filter(([, text]) => text !== "")
          .map(([name, text], i) => (
            <div key={i}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        {(["md5", "sha1", "sha256"] as const).map((name) => {
          const digest = item.digests[name];
          return (
            digest !== undefined && (
              <div key={name} class="digest">
                <dt>{{ md5: "MD5", sha1: "SHA-1", sha256: "SHA-256" }[name]}</dt>
                <dd>
                  <button class="copy" title="Copy" onClick={() => copy(digest, "Copied.")}>
                    <code>{digest}</code>
                  </button>
                </dd>
              </div>
            )
          );
        })}
      </dl>
    </Section>
  );
}
