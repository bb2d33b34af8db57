import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { focusedItem, open, until } from "./browser.mjs";

let world;
before(async () => {
  world = await open({ items: 300 });
});
after(() => world.close());

const office = () => world.stub.world.office;

async function goTo(page, hash, wait) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForSelector(wait);
}

async function giveReason(page, words) {
  await page.locator("dialog").getByLabel("Reason").fill(words);
}

describe("two leads", () => {
  let ana;
  let fay;
  before(async () => {
    ana = await world.person("demo-ana");
    fay = await world.person("demo-fay");
  });
  after(async () => {
    for (const one of [ana, fay]) {
      assert.deepEqual(one.faults, []);
      await one.context.close();
    }
  });

  test("one places a legal hold, and it is lifted", async () => {
    const { page } = ana;
    await page.getByRole("link", { name: "Held" }).click();
    const id = office().held[0].upload;
    const row = page.getByRole("row", { name: id.slice(0, 8) });
    await row.getByRole("button", { name: `Hold ${id.slice(0, 8)}` }).click();
    assert.equal(await page.getByRole("button", { name: "Place the hold" }).isDisabled(), true);
    await giveReason(page, "asked for by the police");
    await page.getByLabel("Days").fill("30");
    await page.keyboard.press("Enter");
    await row.getByText("asked for by the police").waitFor();
    assert.equal(office().held[0].is_held, true);
    await row.getByRole("button", { name: `Lift ${id.slice(0, 8)}` }).click();
    await row.getByText("none").waitFor();
  });

  test("one asks for a purge, and cannot approve it alone", async () => {
    const { page } = ana;
    const { upload } = office().held[0];
    await page.getByRole("button", { name: `Purge ${upload.slice(0, 8)}` }).click();
    await giveReason(page, "not needed any more");
    await page.getByRole("button", { name: "Ask for the purge" }).click();
    await page.getByText("Another person has to approve it.").waitFor();
    await page.getByRole("link", { name: "Approvals" }).click();
    const asked = page.getByRole("region", { name: "Purge of a held upload, asked by Ana" });
    await asked.getByText("Another person has to approve it.").waitFor();
    assert.equal(await asked.getByRole("button", { name: /Approve/ }).count(), 0);
  });

  test("another sees exactly what it is, and approves", async () => {
    const { page } = fay;
    const { upload } = office().held[0];
    await page.reload();
    await page.getByRole("link", { name: "Approvals 1 to settle" }).click();
    const asked = page.getByRole("region", { name: "Purge of a held upload, asked by Ana" });
    assert.match(await asked.innerText(), new RegExp(`not needed any more[^]*${upload}`));
    await asked.getByRole("button", { name: "Approve: purge of a held upload", exact: true }).click();
    await page.getByText("Nothing waits for a second person.").waitFor();
    assert.equal(office().settled.at(-1).how, "approved");
    assert.equal(office().settled.at(-1).approved_by, "Fay");
    assert.equal(await page.getByText("to settle").count(), 0);
    await page.getByRole("link", { name: "Held" }).click();
    await page.getByRole("row", { name: office().held[0].upload.slice(0, 8) }).waitFor();
    assert.equal(await page.getByRole("row", { name: upload.slice(0, 8) }).count(), 0);
  });

  test("a hold stops a purge at the last moment, and the person is told", async () => {
    const kept = office().held.find((one) => one.is_held);
    office().ask("purge", { reason: "by mistake", upload: kept.upload }, "Ana");
    await goTo(fay.page, "#/approvals", "section");
    await fay.page.getByRole("button", { name: "Approve: purge of a held upload", exact: true }).click();
    await fay.page.getByText("A legal hold keeps it").waitFor();
    assert.ok(office().held.includes(kept));
  });

  test("other thresholds are asked for, and in force when another approves", async () => {
    const { page } = ana;
    await page.getByRole("link", { name: "Held" }).click();
    await page.getByText("fingerprints up to 31 bits away; what is to be reviewed").waitFor();
    await page.getByLabel("Radius in bits").fill("20");
    await page.getByLabel("Held from").selectOption("known");
    await page.getByLabel("Reason").fill("too many that are nothing");
    await page.getByRole("button", { name: "Ask for the change" }).click();
    await page.getByText("Asked. Another person has to approve it.").first().waitFor();
    await goTo(fay.page, "#/approvals", "h1");
    await fay.page.reload();
    await fay.page.getByRole("button", { name: "Approve: change of thresholds", exact: true }).click();
    await until(() => office().thresholds.radius_bits === 20, "the change");
    assert.equal(office().thresholds.holds_from, "known");
  });

  test("originals of the selected cards are asked for by the palette, and refused", async () => {
    const { page } = ana;
    await goTo(page, "#/demo/queue", ".card.focused[data-item]");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("export of the originals");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Export the originals of 2 items" }).waitFor();
    await giveReason(page, "the court wants the files");
    await page.getByRole("button", { name: "Ask for it" }).click();
    await until(() => office().approvals.length === 1, "the request at the server");
    const { what } = office().approvals[0];
    assert.equal(what.items.length, 2);
    await goTo(fay.page, "#/settings", ".setting");
    await goTo(fay.page, "#/approvals", "section");
    await fay.page.getByText("2 items").click();
    await fay.page.getByRole("link", { name: what.items[1] }).waitFor();
    await fay.page.getByRole("button", { name: "Refuse" }).click();
    await fay.page.getByText("Nothing waits").waitFor();
    assert.equal(office().settled.at(-1).how, "withdrawn");
  });

  test("an export that is approved is being done, and then says what came of it", async () => {
    const { page } = fay;
    const waiting = office().ask(
      "export_originals",
      { case: "demo", items: ["ab"], reason: "once more" },
      "Ana",
    );
    await goTo(page, "#/settings", ".setting");
    await goTo(page, "#/approvals", "section");
    const one = page.getByRole("region", { name: /^Export/ }).filter({ hasText: "once more" });
    await one.getByRole("button", { name: "Approve: export of originals", exact: true }).click();
    await page.getByText("Approved. Its outcome stands below.").waitFor();
    await one.getByText("Being done", { exact: true }).waitFor();
    assert.equal(await one.getByText("Executed", { exact: true }).count(), 0);
    await one.getByText("Exported", { exact: true }).waitFor();
    await one.getByText("Executed", { exact: true }).waitFor();
    assert.equal(await page.getByText("to settle").count(), 0);
    assert.equal(office().settled.at(-1).approval, waiting.approval);
  });

  test("the original of one item is asked for on its page, and withdrawn", async () => {
    const { page } = ana;
    const item = await focusedItem(page);
    await goTo(page, `#/demo/item/${item}`, ".reasons li");
    await page.getByRole("button", { name: "Ask for an export of the original" }).click();
    await giveReason(page, "to be looked at elsewhere");
    await page.getByRole("button", { name: "Ask for it" }).click();
    await page.getByText("Asked. Another person has to approve it.").waitFor();
    await goTo(page, "#/approvals", "section");
    await page.getByRole("button", { name: "Withdraw" }).click();
    await page.getByText("Nothing waits").waitFor();
    assert.deepEqual(office().settled.at(-1).what.items, [item]);
  });

  test("where the server screens nothing, nothing speaks of held uploads", async () => {
    world.stub.world.screens = false;
    const { page } = ana;
    await page.reload();
    await page.getByRole("link", { name: "Approvals" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("held");
    await page.getByText("Nothing is called that here.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Held" }).count(), 0);
  });
});

test("a reviewer is offered none of it, and asks for none of it", async () => {
  const { page, requests, faults, context } = await world.person("demo-ben");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("originals");
  await page.getByText("Nothing is called that here.").waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Office" }).count(), 0);
  assert.equal(
    requests.some((url) => /\/v1\/(approvals|held|lists|audit)/.test(url)),
    false,
  );
  assert.deepEqual(faults, []);
  await context.close();
});

test("a curator opens on the lists, and asks for a change with a file", async () => {
  const { page, faults, context } = await world.person("demo-eli", {}, ".table td");
  await page.getByRole("rowheader", { name: "known" }).waitFor();
  await page.getByRole("combobox", { name: /^List/ }).fill("known");
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name: "list.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("sha256\n"),
  });
  await page.getByLabel("Reason").fill("the authority’s list of this month");
  const sent = page.waitForRequest((request) => request.url().endsWith("/v1/lists/files"));
  await page.getByRole("button", { name: "Ask for it" }).click();
  assert.equal((await sent).headers()["content-type"], "application/octet-stream");
  await page.getByText("A second curator has to approve it.").waitFor();
  const { what } = office().approvals.at(-1);
  assert.deepEqual([what.list, what.change, what.bytes], ["known", "add", 7]);
  await page.getByRole("radio", { name: "Drop the whole list" }).check();
  assert.equal(await page.getByLabel("File", { exact: true }).count(), 0);
  await page.getByRole("link", { name: "Approvals" }).click();
  assert.match(await page.getByRole("region", { name: /Change of a list/ }).innerText(), /7 bytes/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("an auditor turns the pages of the logs from the newest on", async () => {
  const { page, faults, context } = await world.person("demo-cleo", {}, ".inline-form");
  await page.getByRole("link", { name: "Audit" }).click();
  await page.waitForSelector(".table td");
  const first = () => page.locator(".table tbody th").first().innerText();
  assert.equal(await first(), "130");
  await page.getByRole("button", { name: "Older" }).click();
  await page.waitForFunction(() => document.querySelector(".table tbody th")?.textContent === "80");
  await page.getByRole("button", { name: "Oldest" }).click();
  await page.waitForFunction(() => document.querySelector(".table tbody th")?.textContent === "49");
  assert.equal(await page.getByRole("button", { name: "Older" }).isDisabled(), true);
  await page.getByLabel(/^Case/).fill("demo");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Case demo" }).waitFor();
  await page.getByLabel(/^Case/).fill("of others");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Try again" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

describe("one’s own account", () => {
  let ben;
  before(async () => {
    world.stub.world.sessions.links.set("demo-ben", "ben");
    ben = await world.person("demo-ben");
    await goTo(ben.page, "#/settings", ".setting");
  });
  after(async () => {
    assert.deepEqual(ben.faults, []);
    await ben.context.close();
  });

  test("takes a second factor once a code of it was given", async () => {
    const { page } = ben;
    await page.getByLabel("Present password").last().fill("safelight");
    await page.getByRole("button", { name: "Make a secret" }).click();
    await page.getByText("otpauth://totp/").waitFor();
    await page.getByLabel("Code of your authenticator").fill("000 000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("This code is wrong").waitFor();
    await page.getByLabel("Code of your authenticator").fill("123 456");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("you log in with a code of it too").waitFor();
    assert.equal(await page.getByText("otpauth://totp/").count(), 0);
  });

  test("takes a new password, and asks for it at once", async () => {
    const { page } = ben;
    const change = async (now) => {
      await page.getByLabel("Present password").first().fill(now);
      await page.getByLabel("New password").fill("a long enough one");
      await page.getByRole("button", { name: "Change password" }).click();
    };
    await change("wrong");
    await page.getByText("The present password is wrong.").waitFor();
    await change("safelight");
    await page.getByText("Your password is changed. Log in with it.").waitFor();
    await page.waitForSelector("input[type=password]");
  });
});
