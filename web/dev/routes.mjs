import { randomBytes } from "node:crypto";
import { lists, sources } from "./case_data.mjs";
import { charts } from "./charts_data.mjs";
import { itemOf } from "./item_data.mjs";
import { officeRoutes } from "./office_routes.mjs";
import { rendition, revealed } from "./pictures.mjs";
import { numberOf } from "./rand.mjs";
import { Refusal } from "./refusal.mjs";

export const caseName = "demo";
const root = `/v1/cases/${caseName}`;

const line = (world) => ({
  case: caseName,
  number: "2026-0417",
  exhibit: "Exhibit 3, laptop",
  agency: "Example Agency",
  examiner: "A. Example",
  time_zone: "Europe/Berlin",
  items: world.queue.total,
  groups: Math.round(world.queue.total * 0.6),
  reviewed: world.queue.changed.size,
  scan: world.scan,
});

function caseView(world) {
  const { reviewed, scan, ...info } = line(world);
  return {
    ...info,
    created: "2026-11-02T08:00:00Z",
    lists,
    sources: sources.map((source) => ({ source, kind: "folder" })),
    scan: scan === "running" ? { state: scan, run: 1, started: "2026-11-30T07:00:00Z" } : { state: scan },
    ranking: { state: world.ranking },
    scheme: world.scheme,
    policy: world.policy,
    version: world.queue.version,
    last_act: world.acts.last,
  };
}

function pictureNumber(world, id) {
  const number = numberOf(id);
  if (number < 0 || number >= world.queue.total)
    throw new Refusal(404, "no-such-item", "There is no such item");
  if (world.queue.card(number).width === null)
    throw new Refusal(422, "cannot-be-decoded", "The picture cannot be decoded.");
  return number;
}

function reveal(world, who, id, body) {
  const number = pictureNumber(world, id);
  const card = world.queue.card(number);
  if (card.known && !body.reason)
    throw new Refusal(403, "reason-needed", "Known material is shown only with a reason");
  const left = world.exposures.left(who);
  if (left.reveals_left === 0 || left.seconds_left === 0)
    throw new Refusal(429, "budget-reached", "Your budget for today is used up");
  const until = world.exposures.breakUntil.get(who) ?? 0;
  if (until > Date.now())
    throw new Refusal(409, "break-due", "You are on a break", { until: new Date(until).toISOString() });
  const key = randomBytes(8).toString("hex");
  world.exposures.reveals.set(key, { who, number, rendition: body.rendition, started: null });
  ++world.exposures.of(who).reveals;
  return {
    reveal: key,
    url: `${root}/reveals/${key}/picture`,
    max_seconds: world.policy.reveal_max_seconds,
    budget: world.exposures.left(who),
  };
}

function endReveal(world, key, shownMs) {
  const open = world.exposures.reveals.get(key);
  if (open === undefined) throw new Refusal(404, "no-such-reveal", "There is no such reveal");
  world.exposures.reveals.delete(key);
  const today = world.exposures.of(open.who);
  const category = world.queue.card(open.number).decision?.category ?? "undecided";
  today.seconds += shownMs / 1000;
  today.by_category[category] = (today.by_category[category] ?? 0) + 1;
  world.shown.push({ reveal: key, shown_ms: shownMs });
}

function act(world, who, body) {
  if (body.text === "refuse me") throw new Refusal(403, "not-allowed", "This act is not allowed");
  const conflicts = world.acts.conflicts(body, who);
  if (conflicts.length > 0)
    throw new Refusal(409, "conflict", "Somebody decided otherwise meanwhile", { conflicts });
  const done = world.acts.add(body, who);
  world.tell(
    "act",
    {
      act: done.act,
      kind: body.kind,
      by: who,
      items: body.items.slice(0, 100),
      more: body.items.length > 100,
      category: body.category ?? null,
      version: done.version,
    },
    done.act,
  );
  return done;
}

function turn(world, who, to) {
  const turned = world.acts.turn(who, to);
  if (turned === null)
    throw new Refusal(404, to === "undone" ? "nothing-to-undo" : "nothing-to-redo", "There is nothing");
  world.tell("act", {
    act: turned.act,
    kind: to === "undone" ? "undo" : "redo",
    by: who,
    items: turned.items,
    more: false,
    category: null,
    version: world.queue.version,
  });
  return to === "undone" ? { undone: turned } : { redone: turned };
}

const usualSettings = {
  style: "card",
  columns: 0,
  size: "medium",
  theme: "dark",
  reveal: "hold",
  rendition: "grey",
  keys: "single",
  budget: { reveals_a_day: null, seconds_a_day: null, break_every_minutes: null, break_minutes: null },
  interleave: true,
};
const settingsOf = (world, who) => ({ ...usualSettings, ...world.settings.get(who) });

/** [method, path with groups, answer]. An answer is JSON; {bytes, type}; or nothing (204). */
export const routes = [
  ...officeRoutes,
  ["GET", /^\/v1\/cases$/, ({ world }) => ({ cases: [line(world)] })],
  ["GET", new RegExp(`^${root}$`), ({ world }) => caseView(world)],
  [
    "PUT",
    new RegExp(`^${root}/scheme$`),
    ({ world, body }) => {
      world.scheme = body;
      world.tell("queue", { version: world.queue.version });
    },
  ],
  [
    "PUT",
    new RegExp(`^${root}/policy$`),
    ({ world, body }) => {
      world.policy = body;
      world.exposures.budget = body.budget;
      world.tell("queue", { version: world.queue.version });
    },
  ],
  [
    "GET",
    new RegExp(`^${root}/queue$`),
    ({ world, who, query }) => {
      const page = world.queue.page(query);
      return { ...page, cards: page.cards.map((card) => world.acts.seenBy(who, card)) };
    },
  ],
  ["GET", new RegExp(`^${root}/queue/counts$`), ({ world, query }) => world.queue.counts(query)],
  [
    "GET",
    new RegExp(`^${root}/queue/place$`),
    ({ world, query }) => world.queue.place(query) ?? refuse(404, "not-in-queue"),
  ],
  ["POST", new RegExp(`^${root}/searches$`), () => ({ search: "s1" })],
  [
    "GET",
    new RegExp(`^${root}/items/([0-9a-f]{64})$`),
    ({ world, who, found }) => {
      const number = numberOf(found[1]);
      if (number >= world.queue.total) refuse(404, "no-such-item");
      const { card, ...item } = itemOf(world.queue, number);
      return { ...item, card: world.acts.seenBy(who, card), history: world.acts.history(who, card) };
    },
  ],
  [
    "GET",
    new RegExp(`^${root}/items/([0-9a-f]{64})/rendition$`),
    ({ world, found, query }) => {
      const number = pictureNumber(world, found[1]);
      if (world.queue.card(number).known) refuse(403, "known-not-shown");
      if (number % 211 === 3) refuse(422, "cannot-be-decoded");
      return { bytes: rendition(number, query.get("style")), type: "image/png" };
    },
  ],
  [
    "POST",
    new RegExp(`^${root}/items/([0-9a-f]{64})/reveals$`),
    ({ world, who, found, body }) => ({ status: 201, json: reveal(world, who, found[1], body) }),
  ],
  [
    "GET",
    new RegExp(`^${root}/reveals/([0-9a-f]+)/picture$`),
    ({ world, found }) => {
      const open = world.exposures.reveals.get(found[1]);
      if (open === undefined || open.started !== null) refuse(404, "no-such-reveal");
      open.started = Date.now();
      return { bytes: revealed(open.number, open.rendition), type: "image/png" };
    },
  ],
  [
    "POST",
    new RegExp(`^${root}/reveals/([0-9a-f]+)/end$`),
    ({ world, found, body }) => endReveal(world, found[1], body.shown_ms),
  ],
  [
    "POST",
    new RegExp(`^${root}/acts$`),
    ({ world, who, body }) => ({ status: 201, json: act(world, who, body) }),
  ],
  ["POST", new RegExp(`^${root}/undo$`), ({ world, who }) => turn(world, who, "undone")],
  ["POST", new RegExp(`^${root}/redo$`), ({ world, who }) => turn(world, who, "done")],
  [
    "POST",
    new RegExp(`^${root}/presence$`),
    ({ world, who, body }) => {
      world.presence.set(who, body.item);
      world.tellPresence();
    },
  ],
  ["GET", /^\/v1\/me\/exposure$/, ({ world, who }) => world.exposures.view(who)],
  ["GET", /^\/v1\/me\/settings$/, ({ world, who }) => settingsOf(world, who)],
  [
    "PUT",
    /^\/v1\/me\/settings$/,
    ({ world, who, body }) => {
      world.settings.set(who, body);
    },
  ],
  [
    "POST",
    /^\/v1\/me\/break$/,
    ({ world, who, body }) => {
      world.exposures.breakUntil.set(who, Date.now() + body.minutes * 60000);
    },
  ],
  [
    "GET",
    /^\/v1\/team\/exposure$/,
    ({ world }) => {
      const { today, days } = world.exposures.view("team");
      return { today: { reveals: today.reveals, seconds: today.seconds }, days, people: 3 };
    },
  ],
  [
    "POST",
    /^\/v1\/people\/([^/]+)\/exposure$/,
    ({ world, found }) =>
      world.accounts.find(found[1]) ? world.exposures.view("Ben") : refuse(404, "no-such-person"),
  ],
  ["GET", /^\/v1\/people$/, ({ world }) => ({ people: world.accounts.people })],
  [
    "POST",
    /^\/v1\/people$/,
    ({ world, body }) => {
      if (world.accounts.find(body.login)) refuse(400, "accounts.login-taken");
      return { status: 201, json: world.accounts.add(body) };
    },
  ],
  [
    "PATCH",
    /^\/v1\/people\/([^/]+)$/,
    ({ world, found, body }) => {
      const { password, ...change } = body;
      return Object.assign(world.accounts.find(found[1]) ?? refuse(404, "no-such-person"), change);
    },
  ],
  ["GET", /^\/v1\/keys$/, ({ world }) => ({ keys: world.accounts.keys })],
  ["POST", /^\/v1\/keys$/, ({ world, body }) => ({ status: 201, json: world.accounts.addKey(body) })],
  [
    "POST",
    /^\/v1\/keys\/(\d+)\/certificates$/,
    ({ world, found, body }) => {
      world.accounts.keys[found[1] - 1].certificates.push(body.sha256);
    },
  ],
  [
    "DELETE",
    /^\/v1\/certificates\/([0-9a-f]{64})$/,
    ({ world, found }) => {
      for (const key of world.accounts.keys)
        key.certificates = key.certificates.filter((one) => one !== found[1]);
    },
  ],
  [
    "DELETE",
    /^\/v1\/keys\/(\d+)$/,
    ({ world, found }) => {
      world.accounts.keys[found[1] - 1].revoked = new Date().toISOString();
    },
  ],
  [
    "GET",
    /^\/v1\/interludes\/(\d+)$/,
    ({ found, query }) => ({
      bytes: (query.has("style") && query.get("style") !== "colour" ? rendition : revealed)(
        Number(found[1]) + 40000,
        query.get("style") ?? "colour",
      ),
      type: "image/png",
    }),
  ],
  ["GET", new RegExp(`^${root}/charts$`), ({ world }) => charts(world)],
  [
    "POST",
    new RegExp(`^${root}/reports$`),
    ({ body }) => ({
      status: 201,
      json: { url: `${root}/reports/file.${body.format}`, sha256: "5f".repeat(32) },
    }),
  ],
  [
    "GET",
    new RegExp(`^${root}/reports/file\\.(html|csv|json)$`),
    ({ found }) => ({
      bytes: Buffer.from("an invented report\n"),
      type: "text/plain",
      name: `report.${found[1]}`,
    }),
  ],
  [
    "GET",
    new RegExp(`^${root}/reports/summary$`),
    () => ({
      manifest: [{ file: "report.html", sha256: "5f".repeat(32) }],
      key: "ed25519:invented",
      signature: "invented",
    }),
  ],
];

function refuse(status, code) {
  throw new Refusal(status, code, code.replaceAll("-", " "));
}
