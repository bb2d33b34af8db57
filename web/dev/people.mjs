import { randomBytes } from "node:crypto";

/** Who may open the stub: invented people, links that each open it once, and what each was shown. */
const everyone = ["review", "decide", "reveal", "see_path", "see_distance", "export_report"];
export const people = {
  ana: {
    id: "p1",
    login: "ana",
    name: "Ana",
    role: "lead",
    extra: ["set_policy", "see_team_exposure", "see_original"],
  },
  ben: { id: "p2", login: "ben", name: "Ben", role: "reviewer", extra: [] },
  cleo: {
    id: "p3",
    login: "cleo",
    name: "Cleo",
    role: "auditor",
    extra: ["see_person_exposure", "read_audit"],
  },
};

export class Sessions {
  constructor() {
    this.open = new Map();
    this.links = new Map([
      ["demo", "ana"],
      ["demo-ana", "ana"],
      ["demo-ben", "ben"],
    ]);
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
      return { state: "none", csrf: "none", permissions: [], idle_seconds: 1800, server };
    const view = { state: session.state, csrf: session.csrf, permissions: [], idle_seconds: 1800, server };
    if (session.state !== "open") return view;
    const { extra, ...person } = people[session.login];
    return { ...view, person, permissions: [...everyone, ...extra] };
  }
}

export class Exposures {
  constructor(budget) {
    this.budget = budget;
    this.reveals = new Map(); // id -> {who, started, ended}
    this.today = new Map(); // who -> {reveals, seconds, by_category}
    this.breakUntil = new Map();
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
      today,
      days,
      budget: this.budget,
      next_break_at: new Date(Date.now() + 38 * 60000).toISOString(),
      break_until: until !== undefined && until > Date.now() ? new Date(until).toISOString() : null,
    };
  }

  left(who) {
    const { reveals, seconds } = this.of(who);
    return {
      reveals_left: Math.max(0, this.budget.reveals_per_day - reveals),
      seconds_left: Math.max(0, Math.round(this.budget.seconds_per_day - seconds)),
    };
  }
}
