import type { ComponentChildren } from "preact";
import { Meter } from "../exposure/meter";
import { runCommand } from "../keys/commands";
import { caseInfo } from "../state/case";
import { connection, others } from "../state/live";
import { officePages, toApprove } from "../state/office";
import { type Route, routeToText, route } from "../state/route";
import { filter, queueCase } from "../queue/queue_state";
import { toDo } from "../queue/filter";
import { may, me } from "../state/session";
import { Icon, Mark } from "../ui/icons";
import { Key } from "../ui/pieces";

function PageLink(props: { to: Route; words: string; on: boolean; children?: ComponentChildren }) {
  return (
    <a href={routeToText(props.to)} aria-current={props.on ? "page" : undefined}>
      {props.words}
      {props.children}
    </a>
  );
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();
}

function People() {
  if (others.value.length === 0) return null;
  const names = [...new Set(others.value.map((one) => one.name))];
  return (
    <div
      class="people"
      role="img"
      aria-label={`Also here: ${names.join(", ")}`}
      title={`Also here: ${names.join(", ")}`}
    >
      {names.slice(0, 4).map((name) => (
        <span class="avatar" key={name}>
          {initials(name)}
        </span>
      ))}
      {names.length > 4 && <span class="avatar">+{names.length - 4}</span>}
    </div>
  );
}

function Connection() {
  const state = connection.value;
  const words = { live: "Live", starting: "Connecting", lost: "Not connected" }[state];
  return (
    <span class={`connection ${state}`} role="status">
      <span class="dot" />
      {words}
    </span>
  );
}

export function TopBar() {
  const at = route.value;
  const info = caseInfo.value;
  const name = "case" in at ? at.case : (info?.case ?? "");
  const queue: Route = {
    page: "queue",
    case: name,
    filter: queueCase.value === name ? filter.value : toDo,
    at: "",
  };
  const inQueue = at.page === "queue" || at.page === "item" || at.page === "pair";
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Safelight: cases">
        <Mark />
      </a>
      {info !== null && name !== "" && (
        <>
          <div class="case-name">
            <strong>{info.number}</strong>
            <span>{info.exhibit}</span>
          </div>
          <nav aria-label="Pages">
            <PageLink to={queue} words="Review" on={inQueue} />
            <PageLink to={{ page: "charts", case: name }} words="Charts" on={at.page === "charts"} />
            {may("export_report") && (
              <PageLink to={{ page: "report", case: name }} words="Report" on={at.page === "report"} />
            )}
            <PageLink to={{ page: "case", case: name }} words="Case" on={at.page === "case"} />
          </nav>
        </>
      )}
      {officePages.value.length > 0 && (
        <nav aria-label="Office">
          {officePages.value.map(({ page, words }, i) => (
            <PageLink
              key={page}
              to={{ page }}
              words={words}
              on={at.page === page || (i === 0 && at.page === "cases" && !may("review"))}
            >
              {page === "approvals" && toApprove.value > 0 && (
                <span class="pill accent">
                  {toApprove.value}
                  <span class="sr"> to settle</span>
                </span>
              )}
            </PageLink>
          ))}
        </nav>
      )}
      <div class="top-right">
        {info !== null && <People />}
        {info !== null && <Connection />}
        <Meter />
        <button class="button quiet" onClick={() => runCommand("palette")}>
          <Icon name="command" /> Commands <Key chord="Ctrl+k" />
        </button>
        <a
          class="button quiet square"
          href="#/settings"
          aria-label={`Settings of ${me.value}`}
          title={me.value}
          aria-current={at.page === "settings" ? "page" : undefined}
        >
          <span class="avatar me">{initials(me.value) || <Icon name="gear" />}</span>
        </a>
      </div>
    </header>
  );
}
