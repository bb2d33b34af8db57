import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { openTeam } from "./browser.mjs";

/** What holds at any server that a team uses and that has a folder for originals: Ana and Fay are leads,
 * Eli and Gil curators, Cleo is an auditor. */
let team;
before(async () => {
  team = await openTeam();
});
after(() => team.close());

const entries = Buffer.from(
  ["a", "b"].map((text) => `${createHash("md5").update(text).digest("hex")}\n`).join(""),
);

async function askList(page, list, buffer) {
  await page.getByRole("link", { name: "Lists" }).click();
  await page.getByRole("combobox", { name: /^List/ }).fill(list);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "x", mimeType: "text/plain", buffer });
  await page.getByLabel("Reason").fill("the list of this month");
  await page.getByRole("button", { name: "Ask for it" }).click();
  await page.getByText("A second curator has to approve it.").waitFor();
  await page.getByText("A second curator has to approve it.").waitFor({ state: "detached" });
}

/** What waits, read anew. */
async function openApprovals(page) {
  await page.reload();
  await page.getByRole("link", { name: /^Approvals/ }).click();
  await page.getByText("One person asks, another approves").waitFor();
}

test("two curators make a list, and who asked cannot approve it", async () => {
  const eli = await team.person("eli");
  const gil = await team.person("gil");
  await eli.page.getByRole("heading", { name: "Lists" }).waitFor();
  await askList(eli.page, "fresh", entries);
  await openApprovals(eli.page);
  await eli.page.getByText("Another person has to approve it.").waitFor();
  assert.equal(await eli.page.getByRole("button", { name: /^Approve/ }).count(), 0);
  await openApprovals(gil.page);
  const asked = gil.page.getByRole("region", { name: /^Change of a list, asked by Eli/i });
  const words = await asked.innerText();
  for (const part of ["fresh", "add", "the list of this month", "66 bytes"])
    assert.ok(words.includes(part), part);
  assert.ok(words.includes(createHash("sha256").update(entries).digest("hex")));
  await asked.getByRole("button", { name: "Approve: change of a list", exact: true }).click();
  await gil.page.getByText("Nothing waits for a second person.").waitFor();
  await gil.page.getByRole("link", { name: "Lists" }).click();
  await gil.page.getByRole("row", { name: "fresh 2 2 0" }).waitFor();

  await askList(eli.page, "damaged", Buffer.from("\0\x01\x02 nothing of the kind\n".repeat(20)));
  await openApprovals(gil.page);
  await gil.page.getByRole("button", { name: "Approve: change of a list", exact: true }).click();
  // The rule that it breaks is told.
  await gil.page.getByText(/^Not done\..*\([a-z0-9-]+\.[a-z0-9-]+\)$/).waitFor();
  await gil.page.getByRole("link", { name: "Lists" }).click();
  await gil.page.getByRole("row", { name: "fresh" }).waitFor();
  assert.equal(await gil.page.getByRole("row", { name: "damaged" }).count(), 0);
  for (const one of [eli, gil]) {
    assert.deepEqual(one.faults, []);
    assert.equal(
      one.requests.some((url) => url.includes("/v1/cases")),
      false,
    );
  }
});

test("two leads let originals leave the case", async () => {
  const ana = await team.person("ana");
  const fay = await team.person("fay");
  for (const { page } of [ana, fay]) {
    await page.waitForSelector(".cases a, .card[data-item]");
    if ((await page.locator(".cases a").count()) > 0) await page.locator(".cases a").first().click();
    await page.waitForSelector(".card.focused[data-item]");
  }
  await ana.page.keyboard.press("Shift+ArrowRight");
  await ana.page.keyboard.press("Control+k");
  await ana.page.keyboard.type("export of the originals");
  await ana.page.keyboard.press("Enter");
  await ana.page.getByRole("heading", { name: "Export the originals of 2 items" }).waitFor();
  await ana.page.getByLabel("Reason").fill("the court wants the files");
  await ana.page.getByRole("button", { name: "Ask for it" }).click();
  await ana.page.getByText("Asked. Another person has to approve it.").waitFor();
  await openApprovals(fay.page);
  await fay.page.getByText("2 items").click();
  assert.equal(await fay.page.locator("details a").count(), 2);
  await fay.page.getByRole("button", { name: "Approve: export of originals", exact: true }).click();
  await fay.page.getByText("Nothing waits for a second person.").waitFor();
  const ended = fay.page.getByRole("region", { name: /^Export of originals/ }).first();
  await ended.getByText("Exported", { exact: true }).waitFor();
  assert.match(await ended.innerText(), /Executed[^]*Exported\s+2[^]*Missing\s+0/);
  for (const one of [ana, fay]) assert.deepEqual(one.faults, []);
});

test("an auditor finds that the log says what was read of it", async () => {
  const { page, faults } = await team.person("cleo");
  await page.waitForSelector(".inline-form, .code");
  if ((await page.locator(".code").count()) > 0) {
    await page.getByLabel("Code of your authenticator").fill("123456");
    await page.keyboard.press("Enter");
  }
  await page.getByRole("link", { name: "Audit" }).click();
  await page.waitForSelector(".table td");
  assert.match(await page.locator(".table tbody tr").first().innerText(), /audit\.read/);
  assert.match(await page.locator(".table tbody tr").first().innerText(), /cleo/);
  assert.deepEqual(faults, []);
});
