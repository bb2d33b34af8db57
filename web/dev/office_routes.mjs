import { Refusal } from "./refusal.mjs";

const asked = (json) => ({ status: 201, json });

function uploadOf(world, id) {
  const found = world.office.held.find((one) => one.upload === id);
  if (found === undefined) throw new Refusal(404, "no-such-upload", "Nothing of that id is held");
  return found;
}

function settle(world, approval, how, who) {
  const waiting = world.office.approvals.find((one) => one.approval === approval);
  if (waiting === undefined) throw new Refusal(409, "approval-over", "This request was settled before");
  if (how === "approved" && waiting.by === who)
    throw new Refusal(409, "same-person", "Who asked does not approve: another person has to");
  const one = world.office.settle(approval, how, who);
  if (how !== "approved") return undefined;
  if (one.kind === "export_originals") {
    const outcome = { exported: String(one.what.items.length), missing: "0" };
    setTimeout(() => world.office.end(one, "executed", outcome), 500);
    return { status: 202, json: { state: "doing" } };
  }
  try {
    carryOut(world, one);
  } catch (refusal) {
    world.office.end(one, "failed", { code: refusal.body.code });
    throw refusal;
  }
  world.office.end(one, "executed", {});
  return { state: "executed", done: {} };
}

function carryOut(world, { kind, what }) {
  if (kind === "list_change" && what.change === "add" && !world.office.addList(what))
    throw new Refusal(409, "list.unknown", "Conflict", { detail: "The change was refused." });
  if (kind === "purge") {
    if (uploadOf(world, what.upload).is_held)
      throw new Refusal(423, "held", "A legal hold keeps it. Nothing was purged");
    world.office.held = world.office.held.filter((one) => one.upload !== what.upload);
  }
  if (kind === "threshold_change") {
    world.office.thresholds = { radius_bits: what.radius_bits, holds_from: what.holds_from };
  }
}

function checkPassword(world, { login }, { password }) {
  if (password !== world.sessions.passwords.get(login))
    throw new Refusal(403, "wrong-password", "The present password is wrong.");
}

/** The routes of what lies beside the review, as those of routes.mjs. */
export const officeRoutes = [
  ["GET", /^\/v1\/approvals$/, ({ world, who, role }) => ({ approvals: world.office.seenBy(who, role) })],
  [
    "POST",
    /^\/v1\/approvals\/(\d+)\/approve$/,
    ({ world, who, found }) => settle(world, Number(found[1]), "approved", who),
  ],
  [
    "POST",
    /^\/v1\/approvals\/(\d+)\/withdraw$/,
    ({ world, who, found }) => settle(world, Number(found[1]), "withdrawn", who),
  ],
  [
    "GET",
    /^\/v1\/held$/,
    ({ world }) => {
      if (world.screens === false) throw new Refusal(404, "no-such-thing", "There is nothing here");
      return { total: world.office.held.length, uploads: world.office.held };
    },
  ],
  [
    "POST",
    /^\/v1\/held\/([0-9a-f]{32})\/holds$/,
    ({ world, who, found, body }) => {
      const upload = uploadOf(world, found[1]);
      const number = upload.holds.length + 1;
      const expires = new Date(Date.now() + body.days * 86400000).toISOString();
      upload.holds.push({ number, reason: body.reason, by: who, placed: new Date().toISOString(), expires });
      upload.is_held = true;
      return asked({ number });
    },
  ],
  [
    "DELETE",
    /^\/v1\/held\/([0-9a-f]{32})\/holds\/(\d+)$/,
    ({ world, found }) => {
      const upload = uploadOf(world, found[1]);
      upload.holds = upload.holds.filter((one) => one.number !== Number(found[2]));
      upload.is_held = upload.holds.length > 0;
    },
  ],
  [
    "POST",
    /^\/v1\/held\/([0-9a-f]{32})\/purge$/,
    ({ world, who, found, body }) =>
      asked(
        world.office.ask("purge", { reason: body.reason, upload: uploadOf(world, found[1]).upload }, who),
      ),
  ],
  ["GET", /^\/v1\/screening\/activity$/, ({ world }) => ({ keys: world.office.activity })],
  ["GET", /^\/v1\/screening\/thresholds$/, ({ world }) => world.office.thresholds],
  [
    "POST",
    /^\/v1\/screening\/thresholds$/,
    ({ world, who, body }) => asked(world.office.ask("threshold_change", body, who)),
  ],
  ["GET", /^\/v1\/lists$/, ({ world }) => ({ lists: world.office.lists })],
  ["POST", /^\/v1\/lists\/files$/, ({ world, body }) => asked(world.office.stage(body))],
  [
    "POST",
    /^\/v1\/lists\/([^/]+)\/changes$/,
    ({ world, who, found, body }) => {
      const { change, file, reason } = body;
      const list = decodeURIComponent(found[1]);
      if (file !== undefined && !world.office.files.has(file))
        throw new Refusal(404, "no-such-file", "There is no such file");
      const staged = file === undefined ? {} : world.office.stage(world.office.files.get(file));
      return asked(world.office.ask("list_change", { list, change, reason, ...staged }, who));
    },
  ],
  [
    "POST",
    /^\/v1\/cases\/([^/]+)\/originals$/,
    ({ world, who, found, body }) =>
      asked(world.office.ask("export_originals", { case: found[1], ...body }, who)),
  ],
  [
    "GET",
    /^\/v1(\/cases\/demo)?\/audit$/,
    ({ world, query }) =>
      world.office.read(query.has("from") ? Number(query.get("from")) : null, Number(query.get("count"))),
  ],
  [
    "PUT",
    /^\/v1\/me\/password$/,
    ({ world, session, body }) => {
      checkPassword(world, session, body);
      world.sessions.passwords.set(session.login, body.new_password);
      world.sessions.open.delete(session.id);
    },
  ],
  [
    "POST",
    /^\/v1\/me\/second-factor$/,
    ({ world, session, body }) => {
      checkPassword(world, session, body);
      const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
      return { secret, uri: `otpauth://totp/Safelight:ana?secret=${secret}&issuer=Safelight` };
    },
  ],
  [
    "POST",
    /^\/v1\/me\/second-factor\/confirm$/,
    ({ body }) => {
      if (body.code !== "123456") throw new Refusal(400, "accounts.code", "Bad Request");
    },
  ],
];
