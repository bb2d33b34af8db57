import { useEffect, useState } from "preact/hooks";
import { codeOf } from "../api/problem";
import { getRendition } from "../api/items";
import type { Card } from "../api/queue";
import { queueCase } from "../queue/queue_state";
import { caseInfo } from "../state/case";
import { coverStyle } from "../state/settings";
import { bytes, day, pixels } from "../ui/format";
import { Icon } from "../ui/icons";
import { typeWords, words } from "../ui/words";
import { Renditions } from "./renditions";

const renditions = new Renditions((item, style, signal) =>
  getRendition(queueCase.value, item, style, signal),
);
/** Cards that only fly by while a person scrolls ask for nothing. */
const settleMs = 90;

type Picture = { is: "waiting" } | { is: "here"; url: string } | { is: "refused"; code: string };

function usePicture(item: string, wanted: boolean): Picture {
  const [picture, setPicture] = useState<Picture>({ is: "waiting" });
  const style = coverStyle.value;
  useEffect(() => {
    setPicture((now) => (now.is === "waiting" ? now : { is: "waiting" }));
    if (!wanted || style === "card") return;
    let url = "";
    let leave = (): void => {};
    const timer = setTimeout(() => {
      const wish = renditions.wish(
        item,
        style,
        (blob) => {
          url = URL.createObjectURL(blob);
          setPicture({ is: "here", url });
        },
        (error) => setPicture({ is: "refused", code: codeOf(error) }),
      );
      leave = () => wish.leave();
    }, settleMs);
    return () => {
      clearTimeout(timer);
      leave();
      if (url !== "") URL.revokeObjectURL(url);
    };
  }, [item, style, wanted]);
  return picture;
}

/** What may have a picture; of the rest no rendition is asked for. */
function mayBePicture(card: Card): boolean {
  return card.width !== null && card.coverage !== "none";
}

function Facts({ card, refusal }: { card: Card; refusal?: string }) {
  const size = pixels(card.width, card.height);
  return (
    <div class="cover-facts">
      <span class="cover-type">{typeWords(card.type)}</span>
      {size !== "" && <span>{size}</span>}
      {card.size !== null && <span>{bytes(card.size)}</span>}
      {refusal !== undefined ? (
        <span class="cover-refusal">{refusal}</span>
      ) : (
        card.modified && <span>{day(card.modified, caseInfo.value?.time_zone)}</span>
      )}
    </div>
  );
}

/** An item as it may be seen without a reveal: facts, or a picture that the server made to show
 * little, while it is in view (`seen`). Known material shows nothing at all. */
export function Cover({ card, seen }: { card: Card; seen: boolean }) {
  const style = coverStyle.value;
  const wanted = !card.known && style !== "card" && mayBePicture(card);
  const picture = usePicture(card.item, wanted && seen);
  if (card.known) {
    return (
      <div class="cover known">
        <Icon name="covered" />
        <span>Known, not shown</span>
        {card.list?.[0] && <small>{card.list[0].name}</small>}
      </div>
    );
  }
  if (!wanted)
    return (
      <div class="cover">
        <Facts card={card} />
      </div>
    );
  if (picture.is === "here") {
    return (
      <div class="cover picture">
        <img src={picture.url} alt="" draggable={false} />
      </div>
    );
  }
  if (picture.is === "refused") {
    return (
      <div class="cover">
        <Facts card={card} refusal={words("refusal", picture.code)} />
      </div>
    );
  }
  return <div class="cover waiting" />;
}
