import { useEffect, useState } from "preact/hooks";
import { type Exposure, getPersonExposure, getTeamExposure } from "../api/exposure";
import { wordsOf } from "../api/problem";
import { Bars } from "../charts/bars";
import { Plot } from "../charts/plot";
import { categoryOf } from "../state/case";
import { may } from "../state/session";
import { Field, isReason } from "../ui/fields";
import { clock, count, duration } from "../ui/format";
import { Loading, Page } from "../ui/pieces";
import { useRead } from "../ui/read";
import { exposure, readExposure, takeBreak } from "./exposure_state";

function Gauge(props: { name: string; used: string; limit: string; share: number | null }) {
  return (
    <div class="gauge">
      <span class="gauge-name">{props.name}</span>
      <strong>{props.used}</strong>
      <span class="gauge-limit">{props.limit}</span>
      {props.share !== null && (
        <span class={`gauge-track${props.share >= 0.85 ? " high" : ""}`} aria-hidden="true">
          <span style={{ transform: `scaleX(${Math.min(1, props.share)})` }} />
        </span>
      )}
    </div>
  );
}

function Figures({ of }: { of: Exposure }) {
  const { reveals_a_day: reveals, seconds_a_day: seconds } = of.budget;
  const ratio = (used: number, limit: number | null): number | null =>
    limit !== null && limit > 0 ? used / limit : null;
  const bars = Object.entries(of.today.by_category).map(([code, value]) => ({
    name: categoryOf(code)?.name ?? (code === "undecided" ? "Not yet decided" : code),
    value,
  }));
  return (
    <>
      <div class="gauges">
        <Gauge
          name="Reveals today"
          used={count(of.today.reveals)}
          share={ratio(of.today.reveals, reveals)}
          limit={reveals === null ? "no limit set" : `of ${count(reveals)}`}
        />
        <Gauge
          name="Time revealed today"
          used={duration(of.today.seconds)}
          share={ratio(of.today.seconds, seconds)}
          limit={seconds === null ? "no limit set" : `of ${duration(seconds)}`}
        />
        <Gauge
          name="Next break"
          used={of.next_break_at ? clock(of.next_break_at) : "none due"}
          share={null}
          limit={
            of.budget.break_every_minutes ? `every ${of.budget.break_every_minutes} minutes` : "no breaks set"
          }
        />
      </div>
      <section class="panel">
        <h2>Today, by category</h2>
        {bars.length === 0 ? (
          <p class="none">Nothing was revealed today.</p>
        ) : (
          <Bars label="Reveals today by category" bars={bars} />
        )}
      </section>
      <section class="panel">
        <h2>Reveals a day</h2>
        <Plot
          per="day"
          label="Reveals a day"
          unit="Reveals"
          points={of.days.map((one) => ({ at: one.day, value: one.reveals }))}
        />
      </section>
    </>
  );
}

function Team() {
  const { got: team } = useRead(getTeamExposure);
  if (team === null) return null;
  return (
    <section class="panel">
      <h2>The team, all together</h2>
      <p class="hint">Totals of {count(team.people)} people. What one person was shown is theirs.</p>
      <div class="gauges">
        <Gauge name="Reveals today" used={count(team.today.reveals)} limit="" share={null} />
        <Gauge name="Time revealed today" used={duration(team.today.seconds)} limit="" share={null} />
      </div>
      <Plot
        per="day"
        label="Reveals of the team a day"
        unit="Reveals"
        points={team.days.map((one) => ({ at: one.day, value: one.reveals }))}
      />
    </section>
  );
}

function OnePerson() {
  const [person, setPerson] = useState("");
  const [reason, setReason] = useState("");
  const [found, setFound] = useState<Exposure | null>(null);
  const [failure, setFailure] = useState("");
  const ask = (event: Event): void => {
    event.preventDefault();
    setFailure("");
    getPersonExposure(person.trim(), reason.trim())
      .then(setFound)
      .catch((error) => setFailure(wordsOf(error)));
  };
  return (
    <section class="panel">
      <h2>One person’s, with a reason</h2>
      <p class="hint">That you asked, when and why goes on record first.</p>
      <form class="inline-form" onSubmit={ask}>
        <Field label="Login" value={person} onChange={setPerson} />
        <Field label="Reason" value={reason} onChange={setReason} />
        <button class="button" disabled={person.trim() === "" || !isReason(reason)}>
          Ask
        </button>
      </form>
      {failure !== "" && (
        <p class="warn-line" role="alert">
          {failure}
        </p>
      )}
      {found && <Figures of={found} />}
    </section>
  );
}

export function ExposurePage() {
  useEffect(() => void readExposure(), []);
  const own = exposure.value;
  const minutes = own?.budget.break_minutes || 10;
  const hasOwn = may("see_own_exposure");
  return (
    <Page
      title={hasOwn ? "Your exposure" : "Exposure"}
      narrow="narrow"
      aside={
        hasOwn && (
          <button class="button primary" onClick={() => void takeBreak(minutes)}>
            Take a break, {minutes} minutes
          </button>
        )
      }
    >
      {hasOwn && (
        <>
          <p class="lead">
            What you were shown, for you alone. It is no measure of your work. Covering reduces exposure;
            studies do not agree on whether it changes how people feel. The surest way to see less is not to
            look: decide from the facts where they are enough, and pass on what you would rather not see.
          </p>
          {own === null ? <Loading /> : <Figures of={own} />}
        </>
      )}
      {may("see_team_exposure") && <Team />}
      {may("see_person_exposure") && <OnePerson />}
    </Page>
  );
}
