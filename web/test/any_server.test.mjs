import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { focusedItem, openAny } from "./browser.mjs";

/** What holds at any server of the app, with any case that has pictures that are not known. */
let me;
before(async () => {
  me = await openAny();
});
after(async () => {
  const { faults, requests, origin } = me;
  await me.close();
  assert.deepEqual(faults, []);
  for (const url of requests) assert.equal(new URL(url.replace(/^blob:/, "")).origin, origin);
});

const shownCard = (page, item) => page.locator(`.card[data-item="${item}"]`);
const saved = (page) => page.waitForSelector(".unsent:not(.some)");

test("a link opens the queue, and leaves the address", async () => {
  const { page } = me;
  await page.waitForSelector(".cases a, .card[data-item]");
  if ((await page.locator(".cases a").count()) > 0) await page.locator(".cases a").first().click();
  await page.waitForSelector(".card.focused[data-item]");
  assert.doesNotMatch(page.url(), /link=/);
  await page.locator(".connection.live").waitFor();
});

test("each card says why it stands there", async () => {
  const words = await me.page.locator(".card[data-item] .card-reason").allInnerTexts();
  assert.ok(words.length > 0);
  for (const one of words) assert.notEqual(one.trim(), "");
});

test("a key decides, is saved, and is undone", async () => {
  const { page } = me;
  const item = await focusedItem(page);
  const category = page.locator(".strip .category").last();
  await page.keyboard.press((await category.locator("kbd").innerText()).toLowerCase());
  await shownCard(page, item).locator(".stamp").waitFor();
  const stamp = await shownCard(page, item).locator(".stamp").innerText();
  assert.ok(stamp.includes(await category.locator("span").innerText()), stamp);
  await saved(page);
  await page.keyboard.press("u");
  await saved(page);
  await page.getByText(/^Undone/).waitFor();
  await shownCard(page, item).locator(".stamp").waitFor({ state: "detached" });
});

test("settings are kept, and cards are covered as they say", async () => {
  const { page } = me;
  for (let i = 0; i < 3; ++i) {
    await page.keyboard.press("s");
    await page.waitForTimeout(300);
  }
  await page.waitForSelector(".cover.picture img");
  assert.equal(await page.locator(".message.bad").count(), 0);
  await page.reload();
  await page.waitForSelector(".cover.picture img");
});

test("before a reveal nothing but covered pictures was fetched, and nothing is stored", async () => {
  const { page, requests, context } = me;
  const pictures = requests
    .map((url) => new URL(url))
    .filter((url) => /\/(rendition|picture|interludes)/.test(url.pathname));
  assert.ok(pictures.length > 0);
  for (const url of pictures) {
    if (url.pathname.includes("/interludes/")) continue;
    assert.match(url.pathname + url.search, /\/rendition\?style=(drawing|blur|grey)$/);
  }
  const sides = await page
    .locator(".cover.picture img")
    .evaluateAll((images) => images.map((image) => Math.max(image.naturalWidth, image.naturalHeight)));
  for (const side of sides) assert.ok(side <= 192, side);
  const kept = await page.evaluate(async () => ({
    caches: (await caches.keys()).length,
    storage: localStorage.length + sessionStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(kept, { caches: 0, storage: 0, databases: 0 });
  for (const cookie of await context.cookies()) assert.ok(cookie.httpOnly && cookie.sameSite === "Strict");
});

test("a reveal lasts as long as Space is held", async () => {
  const { page } = me;
  await page.locator(".card:has(.cover.picture img)").first().click();
  await page.keyboard.down("Space");
  await page.waitForSelector("[data-reveal=shown] img");
  await page.keyboard.up("Space");
  await page.locator("[data-reveal]").waitFor({ state: "detached" });
});

test("an item says all that is known of it, and takes a note", async () => {
  const { page } = me;
  const item = await focusedItem(page);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".path li");
  assert.ok(page.url().endsWith(item));
  await page.keyboard.press("n");
  await page.locator("dialog textarea").fill("Looked at by a test.");
  await page.keyboard.press("Control+Enter");
  await page.locator(".history-text", { hasText: "Looked at by a test." }).first().waitFor();
  await page.keyboard.press("b");
  await page.waitForSelector(".card.focused");
});

test("what was looked for stands in no address", async () => {
  const { page } = me;
  await page.keyboard.press("/");
  await page.locator("#filter-search").fill("a name of nothing");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("search="));
  assert.doesNotMatch(decodeURIComponent(page.url()), /a name/);
  await page.evaluate(() => {
    location.hash = location.hash.replace(/\?.*/, "");
  });
  await page.waitForSelector(".card.focused");
});

test("the other pages open", async () => {
  const { page } = me;
  const name = /#\/([^/]+)\/queue/.exec(page.url())[1];
  for (const [hash, wait] of [
    [`#/${name}/charts`, ".bars li"],
    [`#/${name}/case`, ".case-facts"],
    ["#/exposure", ".gauge"],
    ["#/settings", ".setting"],
    [`#/${name}/queue`, ".card[data-item]"],
  ]) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForSelector(wait);
  }
  assert.equal(await page.locator(".message.bad").count(), 0);
});
