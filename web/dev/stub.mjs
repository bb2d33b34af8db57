import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { Acts } from "./acts_data.mjs";
import { policy, scheme } from "./case_data.mjs";
import { Office } from "./office_data.mjs";
import { Accounts, Exposures, Sessions, people } from "./people.mjs";
import { Queue } from "./queue_data.mjs";
import { Refusal } from "./refusal.mjs";
import { caseName, routes } from "./routes.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
  "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** A world of its own for each server, so that tests do not meet. */
function makeWorld(items) {
  const queue = new Queue(items);
  const listeners = new Set();
  const world = {
    queue,
    acts: new Acts(queue),
    scheme: structuredClone(scheme),
    policy: structuredClone(policy),
    exposures: new Exposures(structuredClone(policy.budget)),
    sessions: new Sessions(),
    accounts: new Accounts(),
    office: new Office(),
    settings: new Map(),
    presence: new Map(),
    scan: "idle",
    ranking: "current",
    listeners,
    shown: [],
    tell(event, data, id) {
      const text = `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const { response } of listeners) response.write(text);
    },
    tellPresence() {
      const here = new Set([...listeners].map(({ who }) => who));
      world.tell("presence", {
        people: [...here].map((name) => ({ name, item: world.presence.get(name) ?? null })),
      });
    },
  };
  return world;
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (request.headers["content-type"] === "application/octet-stream") return bytes;
  return bytes.length === 0 ? {} : JSON.parse(bytes.toString("utf8"));
}

function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, {
    "Content-Type": status >= 400 ? "application/problem+json" : "application/json",
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(JSON.stringify(body));
}

function logIn(world, path, body, session) {
  if (path === "/v1/session") {
    const person = people[body.login];
    if (person === undefined || body.password !== world.sessions.passwords.get(body.login))
      throw new Refusal(401, "wrong-login", "Login or password is wrong");
    return world.sessions.start(body.login, body.login === "cleo" ? "second_factor" : "open");
  }
  if (path === "/v1/session/link") {
    const login = world.sessions.links.get(body.token);
    if (login === undefined) throw new Refusal(401, "wrong-link", "This link does not open anything");
    if (body.token !== "demo") world.sessions.links.delete(body.token);
    return world.sessions.start(login, "open");
  }
  if (body.code !== "123456") throw new Refusal(401, "wrong-code", "This code is wrong");
  session.state = "open";
  return session;
}

function listenTo(world, request, response, who) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("retry: 1000\n\n");
  const listener = { response, who };
  world.listeners.add(listener);
  request.on("close", () => {
    world.listeners.delete(listener);
    world.tellPresence();
  });
  world.tellPresence();
}

/** As the server reads it: no name comes twice, and further values of one are `name.2` ... */
function queryOf(url) {
  const names = [...url.searchParams.keys()];
  if (new Set(names).size < names.length) throw new Refusal(400, "target.query", "A name comes twice");
  const out = new URLSearchParams();
  for (const [name, value] of url.searchParams) out.append(name.replace(/\.\d+$/, ""), value);
  return out;
}

async function answer(world, request, response) {
  const url = new URL(request.url, "http://stub");
  const session = world.sessions.of(request);
  if (url.pathname === "/v1/session") {
    if (request.method === "DELETE") {
      world.sessions.open.delete(session?.id);
      return response.writeHead(204).end();
    }
    if (request.method === "GET") return sendJson(response, 200, world.sessions.view(session));
  }
  const body = request.method === "GET" ? {} : await bodyOf(request);
  if (url.pathname.startsWith("/v1/session")) {
    const now = logIn(world, url.pathname, body, session);
    return sendJson(response, 200, world.sessions.view(now), {
      "Set-Cookie": `safelight=${now.id}; HttpOnly; SameSite=Strict; Path=/`,
    });
  }
  if (session?.state !== "open") throw new Refusal(401, "no-session", "Nobody is logged in");
  if (request.method !== "GET" && request.headers["x-safelight-csrf"] !== session.csrf)
    throw new Refusal(403, "wrong-csrf", "The request does not come from this page");
  const { name: who, role } = people[session.login];
  if (url.pathname === `/v1/cases/${caseName}/events`) return listenTo(world, request, response, who);
  for (const [method, pattern, then] of routes) {
    const found = method === request.method ? pattern.exec(url.pathname) : null;
    if (found === null) continue;
    const out = await then({ world, session, who, role, query: queryOf(url), found, body });
    if (out === undefined) return response.writeHead(204).end();
    if (out.bytes === undefined) return sendJson(response, out.status ?? 200, out.json ?? out);
    response.writeHead(200, {
      "Content-Type": out.type,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
    return response.end(out.bytes);
  }
  throw new Refusal(404, "no-such-thing", "There is nothing here");
}

async function sendFile(response, path) {
  const name = path === "/" ? "index.html" : normalize(path).replace(/^[/.]+/, "");
  const bytes = await readFile(join(dist, name)).catch(() => null);
  if (bytes === null) return response.writeHead(404).end();
  response.writeHead(200, {
    "Content-Type": types[extname(name)] ?? "application/octet-stream",
    "Content-Security-Policy": csp,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
  return response.end(bytes);
}

/** Starts the stub on loopback; `port` 0 takes a free one. */
export async function startStub({ items = 20000, port = 0 } = {}) {
  const world = makeWorld(items);
  const server = createServer((request, response) => {
    const work = request.url.startsWith("/v1")
      ? answer(world, request, response)
      : sendFile(response, request.url.split("?")[0]);
    work.catch((error) => {
      if (response.headersSent) return response.end();
      if (error instanceof Refusal) return sendJson(response, error.status, error.body);
      console.error(error);
      return sendJson(response, 500, { title: "The stub failed", status: 500, code: "stub-failed" });
    });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () =>
    new Promise((resolve) => {
      for (const { response } of world.listeners) response.end();
      server.close(resolve);
      server.closeAllConnections();
    });
  return { world, port: server.address().port, origin: `http://127.0.0.1:${server.address().port}`, stop };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const items = Number(process.argv[2] ?? 20000);
  const { origin } = await startStub({ items, port: 7300 });
  console.log(
    `${items} invented cards; open ${origin}/#link=demo (built) or http://127.0.0.1:7301/#link=demo (npm run dev)`,
  );
}
