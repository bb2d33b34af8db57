import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { focusedItem, openTeam } from "./browser.mjs";

/** What holds at any server that a team uses: Ana is a lead, Ben a reviewer, and the case that they share
 * has pictures that are not known. SAFELIGHT_ORIGINALS are the SHA-256 of its files. */
let team;
let ana;
let ben;
const pictures = []; // Of each answer to Ana that was a picture: {path, sha256}.
before(async () => {
  team = await openTeam();
});
after(() => team.close());

const card = (page, item) => page.locator(`.card[data-item="${item}"]`);
const saved = (page) => page.waitForSelector(".unsent:not(.some)");
/** Keys do nothing for a moment after another card came under them. */
const calm = (page) => page.waitForTimeout(900);

/** The last categories of the case ask for no second look: what one says, the other sees. */
async function category(page, fromEnd) {
  const all = page.locator(".strip .category");
  const one = all.nth((await all.count()) - fromEnd);
  return {
    key: (await one.locator("kbd").innerText()).toLowerCase(),
    name: await one.locator("span").innerText(),
  };
}

async function openQueue(page) {
  await page.waitForSelector(".cases a, .card[data-item]");
  if ((await page.locator(".cases a").count()) > 0) await page.locator(".cases a").first().click();
  await page.waitForSelector(".card.focused[data-item]");
  await page.locator(".connection.live").waitFor();
}

async function goTo(page, hash, wait) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForSelector(wait);
}

const caseName = (page) => /#\/([^/]+)\//.exec(page.url())[1];

async function run(page, command) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(command);
  await page.keyboard.press("Enter");
}

test("two people log in with their passwords, and find each other there", async () => {
  ana = await team.person("ana");
  ana.page.on("response", async (response) => {
    if (!(await response.headerValue("content-type"))?.startsWith("image/")) return;
    const { pathname, search } = new URL(response.url());
    if (!pathname.startsWith("/v1/")) return;
    assert.equal(await response.headerValue("cache-control"), "no-store", pathname);
    const bytes = await response.body().catch(() => Buffer.alloc(0));
    pictures.push({ path: pathname + search, sha256: createHash("sha256").update(bytes).digest("hex") });
  });
  await openQueue(ana.page);
  ben = await team.person("ben", "not the one of Ben");
  await ben.page.getByRole("alert").getByText("Login or password is wrong.").waitFor();
  await team.logIn(ben.page, "ben");
  await openQueue(ben.page);
  await ana.page.getByRole("img", { name: /^Also here: Ben/i }).waitFor();
  await ben.page.getByRole("img", { name: /^Also here: Ana/i }).waitFor();
});

test("covered pictures are small, grey, and none of the originals", async () => {
  const { page, requests } = ana;
  for (let i = 0; i < 3; ++i) {
    await page.keyboard.press("s");
    await page.waitForSelector(".cover.picture img");
    await page.waitForTimeout(500);
    const shown = await page.locator(".cover.picture img").evaluateAll((images) =>
      images.map((image) => {
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let colour = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue] = data.slice(at, at + 3);
          colour = Math.max(colour, Math.max(red, green, blue) - Math.min(red, green, blue));
        }
        return { side: Math.max(canvas.width, canvas.height), colour };
      }),
    );
    assert.ok(shown.length > 0);
    for (const one of shown) assert.ok(one.side <= 192 && one.colour <= 2, JSON.stringify(one));
  }
  assert.ok(pictures.length > 0);
  for (const { path } of pictures) assert.match(path, /\/rendition\?style=(drawing|blur|grey)$/);
  for (const url of requests) {
    assert.equal(new URL(url.replace(/^blob:/, "")).origin, team.origin);
    assert.doesNotMatch(url, /\/reveals/);
  }
  const originals = new Set((process.env.SAFELIGHT_ORIGINALS ?? "").split(" "));
  for (const { sha256, path } of pictures) assert.equal(originals.has(sha256), false, path);
});

test("a reveal is asked for once, lasts while Space is held, and leaves nothing in the page", async () => {
  const { page, requests } = ana;
  await page.locator(".card:has(.cover.picture img)").first().click();
  await calm(page);
  const before = requests.length;
  const ended = page.waitForResponse((response) => response.url().endsWith("/end"));
  await page.keyboard.down("Space");
  await page.waitForSelector("[data-reveal=shown] img");
  const url = await page.locator("[data-reveal=shown] img").getAttribute("src");
  await page.waitForTimeout(300);
  await page.keyboard.up("Space");
  await page.locator("[data-reveal]").waitFor({ state: "detached" });
  assert.equal((await ended).status(), 204);
  const asked = requests.slice(before).filter((one) => one.includes("/reveals"));
  assert.equal(asked.length, 3, asked.join(" "));
  const later = await page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    return image.decode().then(
      () => "there",
      () => "gone",
    );
  }, url);
  assert.equal(later, "gone");
});

test("the keyboard alone reviews: move, decide a group, undo, do again", async () => {
  const { page } = ana;
  await goTo(page, `#/${caseName(page)}/queue?all=`, ".card.focused[data-item]");
  await page.keyboard.press("Home");
  await calm(page);
  const { key, name } = await category(page, 1);
  const before = await focusedItem(page);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await focusedItem(page), before);
  while ((await page.locator(".card.focused .pill[title*='items in its group']").count()) === 0) {
    await page.keyboard.press("ArrowRight");
  }
  const item = await focusedItem(page);
  const members = /(\d+) items/.exec(
    await page.locator(".card.focused .pill[title*='items in its group']").getAttribute("title"),
  )[1];
  await page.keyboard.press("g");
  await page.getByText(`Whole group: ${members} items`).waitFor();
  const answered = page.waitForResponse((response) => response.url().endsWith("/acts"));
  await page.keyboard.press(key);
  assert.ok((await (await answered).json()).items > 1);
  await card(page, item).locator(".stamp", { hasText: name }).waitFor();
  await saved(page);
  await page.keyboard.press("u");
  await card(page, item).locator(".stamp").waitFor({ state: "detached" });
  await page.keyboard.press("Shift+U");
  await card(page, item).locator(".stamp", { hasText: name }).waitFor();
  await saved(page);
  await page.keyboard.press("u");
  await card(page, item).locator(".stamp").waitFor({ state: "detached" });
  await saved(page);
});

test("both see each other’s decisions as they are made", async () => {
  const { name: first, key } = await category(ben.page, 1);
  await goTo(ben.page, `#/${caseName(ben.page)}/queue?all=`, ".card.focused[data-item]");
  for (const [one, other] of [
    [ben, ana],
    [ana, ben],
  ]) {
    await one.page.keyboard.press("End");
    await other.page.keyboard.press("End");
    if (one === ana) await one.page.keyboard.press("ArrowLeft");
    await calm(one.page);
    const item = await focusedItem(one.page);
    await one.page.keyboard.press(key);
    await card(other.page, item).locator(".stamp", { hasText: first }).waitFor();
    await saved(one.page);
  }
});

test("who decided otherwise meanwhile is asked, and both decisions stay on record", async () => {
  const mine = await category(ana.page, 1);
  const other = await category(ben.page, 2);
  for (const { page } of [ana, ben]) {
    await page.keyboard.press("Home");
    await calm(page);
  }
  const item = await focusedItem(ana.page);
  assert.equal(await focusedItem(ben.page), item);
  await ana.page.route("**/acts", (route) => route.abort());
  await ana.page.keyboard.press(mine.key);
  await ana.page.waitForSelector(".unsent.waiting");
  await ben.page.keyboard.press(other.key);
  await saved(ben.page);
  await ana.page.unroute("**/acts");
  await ana.page.waitForSelector("dialog .conflicts");
  assert.ok((await ana.page.locator("dialog").innerText()).includes(other.name));
  await ana.page.getByRole("button", { name: "Keep both on record" }).click();
  await goTo(ben.page, `#/${caseName(ben.page)}/item/${item}`, ".history li");
  const conflict = ben.page.locator(".section", { hasText: "In conflict" });
  await conflict.getByText(mine.name).waitFor();
  await conflict.getByText(other.name).waitFor();
});

test("a report is made, and what arrives is what was said", async () => {
  const { page } = ana;
  await goTo(page, `#/${caseName(page)}/report`, ".report");
  const came = page.waitForEvent("download");
  await page.locator(".report", { hasText: "JSON" }).click();
  const bytes = await readFile(await (await came).path());
  const said = await page.locator(".made code").first().innerText();
  if (process.env.SAFELIGHT_ORIGIN !== undefined) {
    assert.equal(createHash("sha256").update(bytes).digest("hex"), said);
  }
});

test("a used-up budget stops reveals and not decisions, and a break covers the screen", async () => {
  const { page } = ana;
  await goTo(page, `#/${caseName(page)}/case`, ".scheme");
  await page.getByLabel("Reveals a person a day").fill("1");
  await page.getByRole("button", { name: "Save policy" }).click();
  await page.getByText("The policy is saved.").waitFor();
  const { page: his } = ben;
  await goTo(his, `#/${caseName(his)}/queue?all=`, ".card.focused[data-item]");
  for (let i = 0; i < 3 && (await his.locator(".cover.picture img").count()) === 0; ++i) {
    await his.keyboard.press("s");
    await his.waitForTimeout(500);
  }
  await his.locator(".card:has(.cover.picture img)").first().click();
  await calm(his);
  await his.keyboard.down("Space");
  await his.waitForSelector("[data-reveal=shown] img");
  await his.keyboard.up("Space");
  await his.locator("[data-reveal]").waitFor({ state: "detached" });
  await his.keyboard.down("Space");
  await his.getByText("Your budget for today is used up.").waitFor();
  await his.keyboard.up("Space");
  const { key } = await category(his, 1);
  await his.keyboard.press(key);
  await saved(his);

  await page.getByLabel("Reveals a person a day").fill("");
  await page.getByRole("button", { name: "Save policy" }).click();
  await run(his, "take a break");
  await his.waitForSelector("[role=timer]");
  await his.getByRole("button", { name: "Back, without reveals" }).click();
  await his.waitForSelector("dialog", { state: "detached" });
  await his.locator(".card:has(.cover.picture img)").first().click();
  await calm(his);
  await his.keyboard.down("Space");
  await his.waitForSelector("[role=timer]");
  await his.keyboard.up("Space");
});

test("who takes a new password logs in with it", async () => {
  const { page } = ana;
  await goTo(page, "#/settings", ".stack");
  const form = page.locator("form", { hasText: "Change password" });
  const now = process.env.SAFELIGHT_PASSWORD ?? "safelight";
  const next = "another ordinary pass phrase";
  await form.getByLabel("Present password").fill(now);
  await form.getByLabel("New password").fill(next);
  await page.keyboard.press("Enter");
  await page.getByText("Your password is changed. Log in with it.").waitFor();
  await team.logIn(page, "ana", now);
  await page.getByRole("alert").getByText("Login or password is wrong.").waitFor();
  await team.logIn(page, "ana", next);
  await page.waitForSelector(".stack");
});

test("when the browsers are closed no picture lies in their folders", async () => {
  for (const one of [ana, ben]) {
    assert.deepEqual(one.faults, []);
    await one.context.close();
    for (const entry of await readdir(one.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const bytes = await readFile(path);
      const at = bytes.indexOf("WEBPVP8");
      assert.equal(at, -1, `${path} has a picture at byte ${at}`);
      // The stub's pictures are PNG; the browser's own drawings are too, and lie in none of these.
      if (/[Cc]ache|Code|Blob|Storage/.test(path))
        assert.equal(bytes.indexOf("\x89PNG", 0, "latin1"), -1, path);
    }
  }
});
