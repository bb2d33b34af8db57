import { useEffect, useState } from "preact/hooks";
import { getInterlude } from "../api/interludes";
import { breakDue, breakUntil } from "../state/live";
import { closeOverlay } from "../state/overlays";
import { Dialog } from "../ui/dialog";
import { usePictureUrl } from "../ui/picture_url";
import { exposure, leaveBreak, takeBreak } from "./exposure_state";

/** An ordinary picture that the server draws. */
export function Ordinary({ number }: { number: number }) {
  const url = usePictureUrl((signal) => getInterlude(number, signal), number);
  return <div class="ordinary">{url !== "" && <img src={url} alt="An ordinary drawing" />}</div>;
}

/** Offers the break that is due. It can be put off until the next reveal, which begins it. */
export function BreakDialog() {
  const budget = exposure.value?.budget;
  if (!breakDue.value || budget === undefined || breakUntil.value > Date.now()) return null;
  const minutes = budget.break_minutes;
  return (
    <Dialog
      title="Time for a break"
      onClose={() => {
        breakDue.value = false;
      }}
    >
      <h2>Time for a break</h2>
      <p>
        You have reviewed for {budget.break_every_minutes} minutes. Without a break now, the next reveal
        begins one.
      </p>
      <p>Get up, and look at something far away for a while.</p>
      <div class="dialog-foot">
        <button
          class="button"
          onClick={() => {
            breakDue.value = false;
          }}
        >
          Not yet
        </button>
        <button class="button primary" autofocus onClick={() => void takeBreak(minutes)}>
          Take {minutes} minutes
        </button>
      </div>
    </Dialog>
  );
}

/** Covers everything while a break lasts. Reveals are refused meanwhile, so there is no hurry. */
export function BreakScreen() {
  const [now, setNow] = useState(Date.now());
  const until = breakUntil.value;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  if (left === 0) return null;
  const minutes = Math.floor(left / 60);
  return (
    <Dialog title="Break" onClose={() => {}} kind="break">
      <Ordinary number={Math.floor(until / 60_000) % 1000} />
      <div class="break-words">
        <h2>Break</h2>
        <p class="break-clock" role="timer">
          {minutes}:{String(left % 60).padStart(2, "0")}
        </p>
        <p>Nothing is revealed until it is over. You may go on with facts alone.</p>
        <button class="button" onClick={leaveBreak}>
          Back, without reveals
        </button>
      </div>
    </Dialog>
  );
}

/** An ordinary picture between reveals. */
export function Interlude({ number }: { number: number }) {
  return (
    <Dialog title="An ordinary picture" onClose={closeOverlay} kind="break">
      <Ordinary number={number} />
      <div class="break-words">
        <p>An ordinary drawing, for a breath.</p>
        <button class="button primary" autofocus onClick={closeOverlay}>
          Go on
        </button>
      </div>
    </Dialog>
  );
}
