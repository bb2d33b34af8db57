import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { focusedItem, open, until } from "./browser.mjs";

let world;
before(async () => {
  world = await open({ items: 3000 });
});
after(() => world.close());

const stamp = (page, item) => page.locator(`.card[data-item="${item}"] .stamp`);
const acts = () => world.stub.world.acts.log;
/** Keys do nothing for a moment after another card came under them. */
const calm = (page) => page.waitForTimeout(900);

describe("a person at the queue", () => {
  let ana;
  before(async () => {
    world.stub.world.sessions.links.set("demo-ana", "ana");
    ana = await world.person("demo-ana");
  });
  after(async () => {
    assert.deepEqual(ana.faults, []);
    await ana.context.close();
  });

  test("comes in by a link whose token is gone from the address at once", async () => {
    assert.doesNotMatch(ana.page.url(), /link|demo-ana/);
    assert.equal(await ana.page.evaluate(() => history.length <= 3), true);
  });

  test("decides by single keys and goes on to the next", async () => {
    const { page } = ana;
    const first = await focusedItem(page);
    await page.keyboard.press("5");
    assert.match(await stamp(page, first).innerText(), /Not pertinent/);
    assert.notEqual(await focusedItem(page), first);
    await until(() => acts().at(-1)?.items[0] === first, "the act at the server");
    assert.equal(acts().at(-1).category, "5");
  });

  test("undoes and does again", async () => {
    const { page } = ana;
    const item = acts().at(-1).items[0];
    await page.keyboard.press("u");
    await until(() => acts().at(-1).undone, "the undo at the server");
    await page.keyboard.press("Shift+U");
    await until(() => !acts().at(-1).undone, "the redo at the server");
    assert.equal(acts().at(-1).items[0], item);
  });

  test("means a whole group with g, once", async () => {
    const { page } = ana;
    const group = page.locator(".card:has(.pill[title*='items in its group'])").first();
    await group.click();
    const item = await focusedItem(page);
    await page.keyboard.press("g");
    assert.match(await page.locator(".strip .scope").innerText(), /Whole group: \d+ items/);
    const sent = page.waitForRequest(
      (request) => request.url().endsWith("/acts") && request.method() === "POST",
    );
    await page.keyboard.press("3");
    const body = (await sent).postDataJSON();
    assert.equal(body.whole_groups, true);
    assert.deepEqual(body.items, [item]);
    assert.equal(await page.locator(".strip .scope.on").count(), 0);
  });

  test("decides a range of cards with one key", async () => {
    const { page } = ana;
    const before = acts().length;
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("4");
    await until(() => acts().length === before + 1, "the act at the server");
    assert.equal(acts().at(-1).items.length, 3);
  });

  test("sees a refused decision taken back, with words that say why", async () => {
    const { page } = ana;
    await page.route(
      "**/acts",
      (route) =>
        route.fulfill({
          status: 403,
          contentType: "application/problem+json",
          body: JSON.stringify({ title: "This case is closed", status: 403, code: "closed" }),
        }),
      { times: 1 },
    );
    const item = await focusedItem(page);
    const stamps = await stamp(page, item).allInnerTexts();
    await page.keyboard.press("1");
    await page.waitForSelector(".message.bad");
    assert.match(await page.locator(".message.bad").innerText(), /not saved.*This case is closed/s);
    await page.locator(".message.bad button").click();
    assert.deepEqual(await stamp(page, item).allInnerTexts(), stamps);
  });

  test("keeps deciding while the server is away, and nothing is lost", async () => {
    const { page } = ana;
    await calm(page);
    await page.route("**/acts", (route) => route.abort());
    const before = acts().length;
    await page.keyboard.press("5");
    await page.waitForSelector(".unsent.waiting");
    await page.unroute("**/acts");
    await until(() => acts().length > before, "the act once the server is back");
    await page.waitForSelector(".unsent:not(.some)");
  });

  test("keeps what waits over a log-out, and sends it in nobody else’s name", async () => {
    const { page } = ana;
    await calm(page);
    const item = await focusedItem(page);
    await page.route(
      "**/acts",
      (route) =>
        route.fulfill({
          status: 401,
          contentType: "application/problem+json",
          body: JSON.stringify({ title: "Nobody is logged in", status: 401, code: "no-session" }),
        }),
      { times: 1 },
    );
    const before = acts().length;
    const enter = async (login) => {
      await page.getByLabel("Login").fill(login);
      await page.getByLabel("Password").fill("safelight");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".card[data-item]");
    };
    await page.keyboard.press("4");
    await page.waitForSelector("input[type=password]");
    await enter("ben");
    await page.waitForTimeout(300);
    assert.equal(acts().length, before);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("log out");
    await page.keyboard.press("Enter");
    await page.waitForSelector("input[type=password]");
    await enter("ana");
    await until(() => acts().length === before + 1, "the act once Ana is back");
    assert.equal(acts().at(-1).by, "Ana");
    assert.deepEqual(acts().at(-1).items, [item]);
    await page.waitForSelector(".card.focused");
  });

  test("has its filters in the address, and the counts follow", async () => {
    const { page } = ana;
    await page.locator(".facet", { hasText: "Why it is here" }).getByLabel("For review").check();
    await page.waitForFunction(() => location.hash.includes("class=review"));
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".card-class")].every((one) => one.textContent === "For review"),
    );
    await page.goto(`${world.stub.origin}/#/demo/queue?type=png`);
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll(".cover-type")].length > 0 &&
        [...document.querySelectorAll(".cover-type")].every((one) => one.textContent === "PNG"),
    );
    await page.goto(`${world.stub.origin}/#/demo/queue`);
    await page.waitForSelector(".card[data-item]");
  });

  test("blanks the whole screen with Esc at once, and comes back only when asked", async () => {
    const { page } = ana;
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog[open]");
    const hidden = await page.evaluate(() => {
      window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      const app = getComputedStyle(document.getElementById("app")).display;
      return app === "none" && !document.getElementById("blank").hidden;
    });
    assert.equal(hidden, true);
    await page.keyboard.press("1");
    assert.match(await page.locator("#blank").innerText(), /Press Enter/);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".card[data-item]");
    assert.equal(await page.locator("dialog[open]").count(), 0);
  });

  test("decides no card that slid under the keys unseen", async () => {
    const { page } = ana;
    await page.keyboard.press("Home");
    const item = await focusedItem(page);
    world.stub.world.acts.add({ kind: "category", items: [item], category: "3", whole_groups: false }, "Ben");
    const before = acts().length;
    await page.keyboard.press("r");
    const other = await page.evaluate(async (was) => {
      const here = () => document.querySelector(".card.focused")?.dataset.item;
      while (here() === was || here() === undefined) await new Promise(requestAnimationFrame);
      document
        .querySelector(".grid")
        .dispatchEvent(new KeyboardEvent("keydown", { key: "5", bubbles: true }));
      return here();
    }, item);
    await page.waitForTimeout(900);
    assert.equal(acts().length, before);
    await page.keyboard.press("5");
    await until(() => acts().length === before + 1, "a decision after a look");
    assert.deepEqual(acts().at(-1).items, [other]);
  });

  test("stays on the item when those before it leave the queue", async () => {
    const { page } = ana;
    for (let i = 0; i < 3; ++i) await page.keyboard.press("ArrowRight");
    const item = await focusedItem(page);
    const first = await page.locator(".card[data-item]").first().getAttribute("data-item");
    world.stub.world.acts.add(
      { kind: "category", items: [first], category: "3", whole_groups: false },
      "Ben",
    );
    const came = page.waitForResponse((response) => response.url().includes("/queue?"));
    await page.keyboard.press("r");
    await came;
    await page.waitForFunction((gone) => document.querySelector(`[data-item="${gone}"]`) === null, first);
    assert.equal(await focusedItem(page), item);
  });

  test("finds commands by a few letters", async () => {
    const { page } = ana;
    await page.keyboard.press("Control+k");
    await page.keyboard.type("charts");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".columns-plot .column");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("queue");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".card[data-item]");
  });

  test("opens an item, reads why it is there, and goes back to where it was", async () => {
    const { page } = ana;
    await calm(page);
    await page.keyboard.press("ArrowRight");
    const item = await focusedItem(page);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".reasons li");
    assert.ok(page.url().endsWith(item));
    await page.keyboard.press("n");
    await page.locator("dialog textarea").fill("A chart of rainfall.");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".history-text");
    await page.keyboard.press("n");
    await page.locator("dialog textarea").fill("Half a thought");
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".reasons li");
    await page.keyboard.press("n");
    assert.equal(await page.locator("dialog textarea").inputValue(), "Half a thought");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.press("b");
    await page.waitForSelector(".card.focused");
    assert.equal(await focusedItem(page), item);
  });

  test("passes on to somebody in particular, and takes back", async () => {
    const { page } = ana;
    await calm(page);
    const item = await focusedItem(page);
    await page.keyboard.press("p");
    await page.locator("dialog input").fill("Ben");
    await page.keyboard.press("Enter");
    await until(() => acts().at(-1).kind === "pass_on", "the act at the server");
    assert.equal(acts().at(-1).to, "Ben");
    assert.deepEqual(acts().at(-1).items, [item]);
    await page.keyboard.press("p");
    await until(() => acts().at(-1).kind === "take_back", "the taking back at the server");
  });

  test("changes categories, policy and settings, each sent whole", async () => {
    const { page } = ana;
    const { world: inside } = world.stub;
    const sent = (path) =>
      page.waitForRequest((request) => request.method() === "PUT" && request.url().endsWith(path));
    await page.evaluate(() => {
      location.hash = "#/demo/case";
    });
    await page.getByLabel("Reveals a person a day").fill("");
    await page.getByLabel("Break every").fill("0");
    let put = sent("/policy");
    await page.getByRole("button", { name: "Save policy" }).click();
    const budget = { ...inside.policy.budget, reveals_a_day: null, break_every_minutes: 0 };
    assert.deepEqual((await put).postDataJSON(), { ...inside.policy, budget });
    await page.getByRole("button", { name: "Add a category" }).click();
    await page.getByLabel("Code", { exact: true }).last().fill("6");
    await page.getByLabel("Name", { exact: true }).last().fill("Without a key");
    put = sent("/scheme");
    await page.getByRole("button", { name: "Save categories" }).click();
    const added = (await put).postDataJSON().categories.at(-1);
    const { code, key, colour, grave, second_look } = added;
    assert.deepEqual([code, key, colour, grave, second_look], ["6", "", "grey", false, false]);
    await page.evaluate(() => {
      location.hash = "#/settings";
    });
    put = sent("/settings");
    await page.getByRole("radio", { name: "Large" }).check();
    assert.deepEqual(Object.keys((await put).postDataJSON()).sort(), [
      "budget",
      "columns",
      "interleave",
      "keys",
      "rendition",
      "reveal",
      "size",
      "style",
      "theme",
    ]);
  });

  test("takes a report and a signed summary away", async () => {
    const { page } = ana;
    await page.evaluate(() => {
      location.hash = "#/demo/report";
    });
    for (const [name, file] of [
      ["CSV", "safelight-demo.csv"],
      ["Signed summary", "safelight-demo-summary.json"],
    ]) {
      const download = page.waitForEvent("download");
      await page.locator(".report", { hasText: name }).click();
      assert.equal((await download).suggestedFilename(), file);
    }
    assert.match(await page.locator(".made").innerText(), /5f5f5f/);
  });
});
