import { randomBytes } from "node:crypto";

/** Who may open the stub: invented people, links that each open it once, and what each was shown. What
 * each role may do is as in safelight/serve/accounts/role.h. */
const reviewer = ["see_list", "see_distance", "review", "see_path", "reveal", "decide", "see_own_exposure"];
const permissions = {
  reviewer,
  lead: [
    ...reviewer,
    "lookup",
    "set_policy",
    "see_team_exposure",
    "export_report",
    "export_originals",
    "hold",
    "purge",
  ],
  list_curator: ["lookup", "see_list", "see_distance", "manage_lists"],
  auditor: ["see_person_exposure", "read_audit"],
  admin: ["manage_people", "manage_keys"],
};
export const people = {
  ana: { id: "p1", login: "ana", name: "Ana", role: "lead" },
  ben: { id: "p2", login: "ben", name: "Ben", role: "reviewer" },
  cleo: { id: "p3", login: "cleo", name: "Cleo", role: "auditor" },
  dora: { id: "p4", login: "dora", name: "Dora", role: "admin" },
  eli: { id: "p5", login: "eli", name: "Eli", role: "list_curator" },
  gil: { id: "p7", login: "gil", name: "Gil", role: "list_curator" },
  fay: { id: "p6", login: "fay", name: "Fay", role: "lead" },
};

export class Sessions {
  constructor() {
    this.open = new Map();
    this.passwords = new Map(Object.keys(people).map((login) => [login, "safelight"]));
    this.links = new Map([["demo", "ana"], ...Object.keys(people).map((login) => [`demo-${login}`, login])]);
  }

  of(request) {
    const cookie = /(?:^|; )safelight=([0-9a-f]+)/.exec(request.headers.cookie ?? "");
    return cookie === null ? undefined : this.open.get(cookie[1]);
  }

  start(login, state) {
    const id = randomBytes(16).toString("hex");
    const session = { id, state, login, csrf: randomBytes(12).toString("hex") };
    this.open.set(id, session);
    return session;
  }

  view(session) {
    const server = { version: "stub", mode: "team" };
    if (session === undefined)
      return { state: "none", csrf: "", permissions: [], idle_seconds: 1800, server };
    const view = { state: session.state, csrf: session.csrf, permissions: [], idle_seconds: 1800, server };
    if (session.state !== "open") return view;
    const person = people[session.login];
    const may = permissions[person.role];
    return { ...view, person, permissions: may, ...(may.includes("review") ? { case: "demo" } : {}) };
  }
}

/** The people and keys that an admin sees: those who may open the stub, and whoever is added. */
export class Accounts {
  constructor() {
    const created = "2026-10-01T08:00:00Z";
    this.people = Object.values(people).map((one) => ({
      ...one,
      state: "active",
      second_factor: one.login === "cleo" ? "on" : "off",
      created,
    }));
    this.keys = [];
  }

  find(login) {
    return this.people.find((one) => one.login === login);
  }

  add({ login, name, role }) {
    const id = `p${this.people.length + 1}`;
    const created = "2026-11-30T08:00:00Z";
    const person = { id, login, name, role, state: "active", second_factor: "off", created };
    this.people.push(person);
    return person;
  }

  addKey({ name, tenant, scopes, days }) {
    const id = this.keys.length + 1;
    const inDays = (n) => new Date(Date.now() + n * 86400000).toISOString();
    const expires = days === undefined ? null : inDays(days);
    this.keys.push({
      id,
      name,
      tenant,
      scopes,
      created: inDays(0),
      expires,
      last_used: null,
      revoked: null,
      certificates: [],
    });
    return { id, key: `slk_${randomBytes(32).toString("base64url")}` };
  }
}

export class Exposures {
  constructor(budget) {
    this.budget = budget;
    this.reveals = new Map(); // id -> {who, started, ended}
    this.today = new Map(); // who -> {reveals, seconds, by_category}
    this.breakUntil = new Map();
    this.nextBreak = new Map();
  }

  of(who) {
    if (!this.today.has(who)) this.today.set(who, { reveals: 0, seconds: 0, by_category: {} });
    return this.today.get(who);
  }

  view(who) {
    const days = Array.from({ length: 21 }, (_, i) => {
      const day = new Date(Date.now() - (21 - i) * 86400000).toISOString().slice(0, 10);
      const weekend = [0, 6].includes(new Date(day).getUTCDay());
      return { day, reveals: weekend ? 0 : 8 + ((i * 7) % 23), seconds: weekend ? 0 : 60 + ((i * 53) % 210) };
    });
    const today = this.of(who);
    days.push({
      day: new Date().toISOString().slice(0, 10),
      reveals: today.reveals,
      seconds: Math.round(today.seconds),
    });
    const until = this.breakUntil.get(who);
    return {
      today: { ...today, seconds: Math.round(today.seconds) },
      days,
      budget: this.budget,
      next_break_at: new Date(this.nextBreak.get(who) ?? Date.now() + 38 * 60000).toISOString(),
      break_until: until !== undefined && until > Date.now() ? new Date(until).toISOString() : null,
    };
  }

  left(who) {
    const { reveals, seconds } = this.of(who);
    const left = (limit, used) => (limit === null ? null : Math.max(0, Math.round(limit - used)));
    return {
      reveals_left: left(this.budget.reveals_a_day, reveals),
      seconds_left: left(this.budget.seconds_a_day, seconds),
    };
  }
}
