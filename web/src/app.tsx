import { useEffect, useLayoutEffect } from "preact/hooks";
import { ChartsPage } from "./charts/charts_page";
import { BreakDialog, BreakScreen, Interlude } from "./exposure/break_screen";
import { ExposurePage } from "./exposure/exposure_page";
import { exposure, takeBreak } from "./exposure/exposure_state";
import { ConflictDialog } from "./item/conflict_dialog";
import { ItemPage } from "./item/item_page";
import { FlagDialog, NoteDialog, PassDialog } from "./item/note_dialog";
import { OriginalsDialog } from "./item/originals_dialog";
import { PairPage } from "./item/pair_page";
import { type Handlers, answerEverywhere, cardsMeant } from "./keys/commands";
import { Help } from "./keys/help";
import { ApprovalsPage } from "./office/approvals_page";
import { AuditPage } from "./office/audit_page";
import { HeldPage } from "./office/held_page";
import { ListsPage } from "./office/lists_page";
import { Palette } from "./palette/palette";
import { AdminPage } from "./people/admin_page";
import { filter, forgetQueue, hearAct, hearQueue, openQueue } from "./queue/queue_state";
import { QueuePage } from "./queue/queue_page";
import { toDo } from "./queue/filter";
import { blank, isBlank } from "./reveal/blank";
import { forgetReveals, nextRendition } from "./reveal/reveal";
import { ReasonDialog } from "./reveal/reason_dialog";
import { CasePage } from "./session/case_page";
import { CasesPage, queueOf } from "./session/cases_page";
import { Login } from "./session/login";
import { ReportPage } from "./session/report_page";
import { SettingsPage } from "./session/settings_page";
import { TopBar } from "./session/top_bar";
import { conflict } from "./state/acts";
import { caseFailed, caseInfo, loadCase } from "./state/case";
import { breakUntil, enterCase, leaveCase } from "./state/live";
import { officePages } from "./state/office";
import { noteDraft, overlay, toggleOverlay } from "./state/overlays";
import { type Alone as AlonePage, amend, go, route } from "./state/route";
import { isOpen, logOut, may, session, startFailed, startSession } from "./state/session";
import { loadSettings } from "./state/settings";
import { Messages } from "./ui/messages";
import { Empty } from "./ui/pieces";

function Overlays() {
  const over = overlay.value;
  // What stands over a blank screen is gone when the person comes back.
  if (isBlank.value) return null;
  if (conflict.value !== null) return <ConflictDialog />;
  switch (over.is) {
    case "palette":
      return <Palette />;
    case "help":
      return <Help />;
    case "note":
      return <NoteDialog cards={cardsMeant()} />;
    case "flag":
      return <FlagDialog cards={cardsMeant()} />;
    case "pass":
      return <PassDialog cards={cardsMeant()} />;
    case "originals":
      return <OriginalsDialog cards={cardsMeant()} />;
    case "reason":
      return <ReasonDialog item={over.item} />;
    case "interlude":
      return <Interlude number={over.number} />;
    case "none":
      break;
  }
  if (breakUntil.value > Date.now()) return <BreakScreen />;
  return <BreakDialog />;
}

function everywhere(): Handlers {
  const name = (): string => {
    const at = route.value;
    return "case" in at ? at.case : (caseInfo.value?.case ?? "");
  };
  const toPage = (page: "charts" | "report" | "case") => () => {
    if (name() !== "") go({ page, case: name() });
  };
  return {
    palette: () => toggleOverlay("palette"),
    help: () => toggleOverlay("help"),
    blank,
    rendition: nextRendition,
    "go-queue": () =>
      name() !== "" && go({ page: "queue", case: name(), filter: filter.value ?? toDo, at: "" }),
    "go-charts": toPage("charts"),
    ...(may("export_report") ? { "go-report": toPage("report") } : {}),
    ...Object.fromEntries(officePages.value.map(({ page }) => [`go-${page}`, () => go({ page })])),
    "go-case": toPage("case"),
    "go-exposure": () => go({ page: "exposure" }),
    "go-settings": () => go({ page: "settings" }),
    "go-cases": () => go({ page: "cases" }),
    "take-break": () => void takeBreak(exposure.value?.budget.break_minutes || 10),
    "log-out": () => void logOut(),
  };
}

/** What a person opens with: whose role has no cases starts with what it has. */
function Home() {
  const first = officePages.value[0];
  const only = session.value?.case;
  useLayoutEffect(() => {
    if (only !== undefined) amend(queueOf(only));
  }, [only]);
  if (only !== undefined) return null;
  if (may("review")) return <CasesPage />;
  if (first !== undefined) return <Alone page={first.page} />;
  return (
    <Empty icon="people" title="Your role has nothing to do in this app">
      <p>It has no cases. An admin can give you another.</p>
    </Empty>
  );
}

/** A page that belongs to no case. */
function Alone({ page }: { page: AlonePage }) {
  switch (page) {
    case "people":
    case "keys":
      return <AdminPage key={page} page={page} />;
    case "exposure":
      return <ExposurePage />;
    case "settings":
      return <SettingsPage />;
    case "audit":
      return <AuditPage />;
    case "lists":
      return <ListsPage />;
    case "approvals":
      return <ApprovalsPage />;
    case "held":
      return <HeldPage />;
  }
}

function Page() {
  const at = route.value;
  switch (at.page) {
    case "cases":
      return <Home />;
    case "queue":
      return <QueuePage at={at} />;
    case "item":
      return <ItemPage caseName={at.case} id={at.item} />;
    case "pair":
      return <PairPage key={`${at.item}${at.other}`} caseName={at.case} id={at.item} other={at.other} />;
    case "charts":
      return <ChartsPage caseName={at.case} />;
    case "report":
      return <ReportPage caseName={at.case} />;
    case "case":
      return <CasePage key={caseInfo.value?.case ?? ""} caseName={at.case} />;
    default:
      return <Alone page={at.page} />;
  }
}

let lastPerson = "";

/** Another person than before logged in: nothing of the other's is shown to them. */
function forgetOther(): void {
  const now = session.value?.person?.id ?? "";
  if (lastPerson !== "" && lastPerson !== now) {
    forgetQueue();
    forgetReveals();
    noteDraft.value = "";
    exposure.value = null;
    caseInfo.value = null;
  }
  lastPerson = now;
}

function Inside() {
  const at = route.value;
  const name = "case" in at ? at.case : null;
  useLayoutEffect(forgetOther, []);
  useEffect(() => {
    void loadSettings();
    return leaveCase;
  }, []);
  useEffect(() => answerEverywhere(everywhere()), [officePages.value]);
  useEffect(() => {
    if (name === null) return;
    // Cards do not wait for the facts of their case.
    if (at.page === "queue") openQueue(name, at.filter, at.at);
    void enterCase(name, { act: hearAct, queue: hearQueue });
  }, [name]);
  useEffect(() => {
    document.title = name === null ? "Safelight" : `${caseInfo.value?.number ?? name} · Safelight`;
    // A screen reader starts at the head of each new page, and keys reach the grid at once.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>("[data-home]")?.focus();
  }, [at.page, name, caseInfo.value === null]);
  if (name !== null && caseFailed.value !== "") {
    return (
      <>
        <TopBar />
        <Empty icon="warn" title="The case could not be opened" retry={() => void loadCase(name)}>
          <p>{caseFailed.value}</p>
        </Empty>
      </>
    );
  }
  const isWaiting = name !== null && caseInfo.value?.case !== name;
  return (
    <>
      <TopBar />
      {isWaiting ? <div class="page" aria-busy="true" /> : <Page />}
      <Overlays />
    </>
  );
}

export function App() {
  const known = session.value;
  return (
    <>
      {startFailed.value !== "" ? (
        <Empty icon="away" title="The server cannot be reached" retry={() => void startSession()}>
          <p>{startFailed.value}</p>
        </Empty>
      ) : known === null ? (
        <div class="page" aria-busy="true" />
      ) : isOpen.value ? (
        <Inside />
      ) : (
        <Login />
      )}
      <Messages />
    </>
  );
}
