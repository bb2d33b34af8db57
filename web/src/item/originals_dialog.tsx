import { useState } from "preact/hooks";
import { askOriginals } from "../api/approvals";
import type { Card } from "../api/queue";
import { caseInfo } from "../state/case";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { closeOverlay } from "../state/overlays";
import { Question } from "../ui/dialog";
import { ReasonField, isReason } from "../ui/fields";
import { counted } from "../ui/format";

/** Asks that the files of the cards are written to a folder of the server; another person has to
 * approve. */
export function OriginalsDialog({ cards }: { cards: readonly Card[] }) {
  const [reason, setReason] = useState("");
  const ask = (): void => {
    const items = cards.map((card) => card.item);
    askOriginals(caseInfo.value?.case ?? "", items, reason.trim())
      .then(() => {
        say("good", "Asked. Another person has to approve it.");
        void readApprovals();
      })
      .catch(refused("Not asked."));
    closeOverlay();
  };
  return (
    <Question
      title="Export of originals"
      head={`Export the originals of ${counted(cards.length, "item")}`}
      does="Ask for it"
      disabled={!isReason(reason) || cards.length === 0}
      onClose={closeOverlay}
      onAnswer={ask}
    >
      <p>
        Once another person approves, the files are written to a folder on the server’s own machine, with a
        signed list. Nothing is downloaded.
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </Question>
  );
}
