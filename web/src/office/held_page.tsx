import { useState } from "preact/hooks";
import { type HeldUpload, askPurge, liftHold, listHeld, placeHold } from "../api/held";
import { refused, say } from "../state/messages";
import { readApprovals } from "../state/office";
import { Question } from "../ui/dialog";
import { Field, ReasonField, isReason } from "../ui/fields";
import { bytes, count, day, moment, plain, short } from "../ui/format";
import { Page, Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";
import { ActivitySection } from "./activity_section";
import { ThresholdsSection } from "./thresholds_section";

interface Asked {
  upload: string;
  for: "hold" | "purge";
}

function AskDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [days, setDays] = useState("90");
  const { upload } = asked;
  const isHold = asked.for === "hold";
  const send = (): void => {
    const why = reason.trim();
    const sent = isHold
      ? placeHold(upload, why, Number(days)).then(() => "The hold is placed.")
      : askPurge(upload, why).then(() => {
          void readApprovals();
          return "Asked. Another person has to approve it.";
        });
    sent
      .then((words) => say("good", words))
      .catch(refused("Not done."))
      .finally(onClose);
  };
  return (
    <Question
      title={isHold ? "Legal hold" : "Purge"}
      head={`${isHold ? "Place a legal hold on" : "Ask for the purge of"} ${short(upload)}`}
      does={isHold ? "Place the hold" : "Ask for the purge"}
      disabled={!isReason(reason) || !(Number(days) > 0)}
      onClose={onClose}
      onAnswer={send}
    >
      <p>
        {isHold
          ? "Nobody can purge it until the hold is lifted or over."
          : "Once another person approves, its bytes are gone for good. A legal hold prevents it."}
      </p>
      <ReasonField value={reason} onChange={setReason} />
      {isHold && (
        <Field label="Days" type="number" min="1" max="3660" required value={days} onChange={setDays} />
      )}
    </Question>
  );
}

function Row(props: { one: HeldUpload; onAsk: (asked: Asked) => void; onLift: (number: number) => void }) {
  const { one } = props;
  const name = <span class="sr"> {short(one.upload)}</span>;
  return (
    <tr>
      <th scope="row">
        <code title={one.upload}>{short(one.upload)}</code>
      </th>
      <td>{plain(one.tenant)}</td>
      <td>{moment(one.received)}</td>
      <td>{bytes(one.bytes)}</td>
      <td>
        {one.holds.length === 0 && (one.is_held ? "cannot be read, and keep it" : "none")}
        {one.holds.map((hold) => (
          <p key={hold.number}>
            {plain(hold.reason)}{" "}
            <small>
              by {plain(hold.by)}, until {day(hold.expires)}
            </small>{" "}
            <button class="button small" onClick={() => props.onLift(hold.number)}>
              Lift{name}
            </button>
          </p>
        ))}
      </td>
      <td class="acts">
        <button class="button small" onClick={() => props.onAsk({ upload: one.upload, for: "hold" })}>
          Hold{name}
        </button>
        <button class="button small" onClick={() => props.onAsk({ upload: one.upload, for: "purge" })}>
          Purge{name}
        </button>
      </td>
    </tr>
  );
}

/** Uploads that screening held back. None is shown here: that is for the case that they are in. */
export function HeldPage() {
  const held = useRead(listHeld);
  const [asked, setAsked] = useState<Asked | null>(null);
  const lift = (upload: string, number: number): void => {
    liftHold(upload, number).catch(refused("Not lifted.")).finally(held.again);
  };
  return (
    <Page title="Held uploads">
      <p class="lead">
        What screening held back. They are reviewed in their case; here they are kept or let go.
      </p>
      <section class="panel">
        <Read of={held}>
          {({ total, uploads }) =>
            total === 0 ? (
              <p class="none">No upload is held.</p>
            ) : (
              <>
                {total > uploads.length && (
                  <p class="hint">
                    The first {count(uploads.length)} of {count(total)}.
                  </p>
                )}
                <Table
                  label="Held uploads"
                  head={["Upload", "Whose", "Received", "Size", "Legal holds", "Act on it"]}
                >
                  {uploads.map((one) => (
                    <Row
                      key={one.upload}
                      one={one}
                      onAsk={setAsked}
                      onLift={(number) => lift(one.upload, number)}
                    />
                  ))}
                </Table>
              </>
            )
          }
        </Read>
      </section>
      <ActivitySection />
      <ThresholdsSection />
      {asked !== null && (
        <AskDialog
          asked={asked}
          onClose={() => {
            setAsked(null);
            held.again();
          }}
        />
      )}
    </Page>
  );
}
