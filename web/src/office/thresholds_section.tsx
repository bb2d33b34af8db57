import { useState } from "preact/hooks";
import { type Thresholds, askThresholds, readThresholds } from "../api/held";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { Field, ReasonField, Select, isReason } from "../ui/fields";
import { Read, useRead } from "../ui/read";

const meanings: Readonly<Record<Thresholds["holds_from"], string>> = {
  unknown: "any match",
  review: "what is to be reviewed",
  known: "known material alone",
};

function ThresholdsForm({ now }: { now: Thresholds }) {
  const [to, setTo] = useState(now);
  const [reason, setReason] = useState("");
  const ask = (event: Event): void => {
    event.preventDefault();
    askThresholds(to, reason.trim())
      .then(() => {
        void readApprovals();
        setReason("");
        say("good", "Asked. Another person has to approve it.");
      })
      .catch(refused("Not asked."));
  };
  return (
    <form class="panel" onSubmit={ask}>
      <h2>From where on uploads are held</h2>
      <p class="hint">
        Now: fingerprints up to {now.radius_bits} bits away; {meanings[now.holds_from]}.
      </p>
      <div class="limits">
        <Field
          label="Radius in bits"
          type="number"
          min="0"
          max="63"
          required
          value={String(to.radius_bits)}
          onChange={(bits) => setTo({ ...to, radius_bits: Number(bits) })}
        />
        <Select
          label="Held from"
          named="named"
          value={to.holds_from}
          options={meanings}
          onChange={(holds_from) => setTo({ ...to, holds_from })}
        />
      </div>
      <ReasonField value={reason} onChange={setReason} />
      <div class="panel-foot">
        <button class="button primary" disabled={!isReason(reason)}>
          Ask for the change
        </button>
      </div>
    </form>
  );
}

export function ThresholdsSection() {
  const thresholds = useRead(readThresholds);
  return <Read of={thresholds}>{(now) => <ThresholdsForm now={now} />}</Read>;
}
