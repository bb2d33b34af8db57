import { useState } from "preact/hooks";
import { closeOverlay } from "../state/overlays";
import { say } from "../state/messages";
import { Dialog } from "../ui/dialog";
import { giveReason } from "./reveal";

/** Asks why known material should be shown. The reason goes on record with the reveal. */
export function ReasonDialog({ item }: { item: string }) {
  const [reason, setReason] = useState("");
  const enough = reason.trim().length >= 8;
  const give = (event: Event): void => {
    event.preventDefault();
    if (!enough) return;
    giveReason(item, reason.trim());
    closeOverlay();
    say("quiet", "Hold Space to reveal it. The reason goes on record.");
  };
  return (
    <Dialog title="Reason for showing known material" onClose={closeOverlay}>
      <form onSubmit={give}>
        <h2>This is known material</h2>
        <p>
          An authority has seen these very bytes, so nobody needs to look again. If you must, say why. The
          reason, the time and your name go on record.
        </p>
        <label class="field">
          Reason
          <textarea
            rows={3}
            value={reason}
            maxLength={500}
            autofocus
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={closeOverlay}>
            Leave it covered
          </button>
          <button type="submit" class="button primary" disabled={!enough}>
            Allow a reveal
          </button>
        </div>
      </form>
    </Dialog>
  );
}
