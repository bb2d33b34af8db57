import { useState } from "preact/hooks";
import { closeOverlay } from "../state/overlays";
import { say } from "../state/messages";
import { Question } from "../ui/dialog";
import { ReasonField, isReason } from "../ui/fields";
import { giveReason } from "./reveal";

/** Asks why known material should be shown. The reason goes on record with the reveal. */
export function ReasonDialog({ item }: { item: string }) {
  const [reason, setReason] = useState("");
  const enough = isReason(reason);
  const give = (): void => {
    giveReason(item, reason.trim());
    closeOverlay();
    say("quiet", "Hold Space to reveal it. The reason goes on record.");
  };
  return (
    <Question
      title="Reason for showing known material"
      head="This is known material"
      does="Allow a reveal"
      cancel="Leave it covered"
      disabled={!enough}
      onClose={closeOverlay}
      onAnswer={give}
    >
      <p>
        An authority has seen these very bytes, so nobody needs to look again. If you must, say why. The
        reason, the time and your name go on record.
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </Question>
  );
}
