import { useEffect, useState } from "preact/hooks";
import { words } from "../ui/words";
import { chosenRendition, revealState, revealedUrl } from "./reveal";

/** How much of the longest time is left, drawn as a line that runs out. */
function TimeLeft({ since, maxMs }: { since: number; maxMs: number }) {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, 1 - (now - since) / maxMs);
  return (
    <div class="time-left" aria-hidden="true">
      <div style={{ transform: `scaleX(${left})` }} />
    </div>
  );
}

/** The place where a picture is seen while it is held. `over` lies above the queue, `inside` fills
 * the picture's own place on the page of an item. */
export function Stage({ item, kind }: { item: string | null; kind: "over" | "inside" }) {
  const state = revealState.value;
  if (state.at === "covered" || (item !== null && state.item !== item)) return null;
  const url = revealedUrl.value;
  return (
    <div class={`stage ${kind}`} data-reveal={state.at}>
      {url === "" ? (
        <p class="stage-words">{state.at === "asking" ? "Asking…" : "Checking and fetching…"}</p>
      ) : (
        <img src={url} alt="Revealed picture" draggable={false} />
      )}
      {state.at === "shown" && <TimeLeft since={state.since} maxMs={state.maxMs} />}
      <p class="stage-foot">Shown {words("rendition", chosenRendition())}. Let go to cover it again.</p>
    </div>
  );
}
