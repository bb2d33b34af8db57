import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { focusedItem, open, until } from "./browser.mjs";

let world;
let ana;
before(async () => {
  world = await open({ items: 3000 });
  world.stub.world.settings.set("Ana", { style: "blur" });
  ana = await world.person();
});
after(async () => {
  assert.deepEqual(ana.faults, []);
  await world.close();
});

const shown = () => world.stub.world.shown;
const isUp = (page) => page.locator("[data-reveal=shown]").waitFor({ timeout: 5000 });
const isDown = (page) => page.locator("[data-reveal]").waitFor({ state: "detached", timeout: 5000 });

describe("before a reveal", () => {
  test("nothing but the covered rendition is asked for, and nothing of another host", async () => {
    await ana.page.waitForSelector(".cover.picture img");
    await ana.page.keyboard.press("PageDown");
    await ana.page.waitForTimeout(500);
    for (const url of ana.requests) {
      const { origin, pathname, search } = new URL(url);
      if (url.startsWith("blob:")) assert.ok(url.startsWith(`blob:${world.stub.origin}`));
      else assert.equal(origin, world.stub.origin);
      if (pathname.includes("/rendition")) assert.equal(search, "?style=blur");
      assert.doesNotMatch(pathname, /reveals/);
    }
    assert.ok(ana.requests.some((url) => url.includes("/rendition?style=blur")));
  });

  test("only cards in view ask, and those that leave take their question back", async () => {
    const { page } = ana;
    const asked = () => ana.requests.filter((url) => url.includes("/rendition")).length;
    await page.keyboard.press("Home");
    await page.waitForTimeout(400);
    const before = asked();
    for (let i = 0; i < 40; ++i) await page.keyboard.press("PageDown");
    await page.waitForTimeout(600);
    // 40 screens went by; the cards of the last one, and few of those between, were asked for.
    assert.ok(asked() - before < 200, `${asked() - before} renditions for one screen`);
    await page.keyboard.press("Home");
    await page.waitForTimeout(300);
  });
});

describe("a reveal", () => {
  async function reveal() {
    const { page } = ana;
    await page.keyboard.down("Space");
    await isUp(page);
  }

  test("lasts as long as Space is held, and the time is told", async () => {
    const { page } = ana;
    const before = shown().length;
    await reveal();
    await page.waitForTimeout(300);
    await page.keyboard.up("Space");
    await isDown(page);
    await until(() => shown().length === before + 1, "the end of the reveal at the server");
    assert.ok(shown().at(-1).shown_ms >= 250, `${shown().at(-1).shown_ms} ms`);
    assert.equal(await page.locator("img[alt='Revealed picture']").count(), 0);
  });

  for (const [words, leave] of [
    ["the window loses the focus", (page) => page.evaluate(() => window.dispatchEvent(new Event("blur")))],
    ["Esc is pressed", (page) => page.keyboard.press("Escape")],
  ]) {
    test(`is covered when ${words}`, async () => {
      const { page } = ana;
      const before = shown().length;
      await reveal();
      await leave(page);
      await isDown(page);
      await page.keyboard.up("Space");
      await until(() => shown().length === before + 1, "the end of the reveal at the server");
      if (words.startsWith("Esc")) {
        await page.keyboard.press("x");
        await page.keyboard.press("Enter");
        await page.waitForSelector(".card.focused");
      }
    });
  }

  test("is covered after idle seconds, key held or not", async () => {
    const { page } = ana;
    world.stub.world.policy.cover_after_idle_seconds = 1;
    world.stub.world.tell("queue", { version: world.stub.world.queue.version });
    await page.waitForTimeout(300);
    await reveal();
    await isDown(page);
    await page.keyboard.up("Space");
    world.stub.world.policy.cover_after_idle_seconds = 10;
    world.stub.world.tell("queue", { version: world.stub.world.queue.version });
    await page.waitForTimeout(300);
  });

  test("works by press and hold on a card", async () => {
    const { page } = ana;
    await page.locator(".card[data-item] .cover.picture").nth(1).hover();
    await page.mouse.down();
    await isUp(page);
    await page.mouse.up();
    await isDown(page);
  });
});

describe("known material", () => {
  test("is listed only when asked for, asks for no rendition, and is revealed only with a reason", async () => {
    const { page } = ana;
    await page.evaluate(() => {
      location.hash = "#/demo/queue?class=known&known=shown";
    });
    await page.waitForSelector(".cover.known");
    const item = await focusedItem(page);
    await page.waitForTimeout(300);
    assert.equal(ana.requests.filter((url) => url.includes(`${item}/rendition`)).length, 0);
    await page.keyboard.down("Space");
    await page.waitForSelector("dialog textarea");
    await page.keyboard.up("Space");
    await page.locator("dialog textarea").fill("Compare with the list’s own description");
    await page.getByRole("button", { name: "Allow a reveal" }).click();
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.down("Space");
    await isUp(page);
    await page.keyboard.up("Space");
    await isDown(page);
  });
});

describe("the budget", () => {
  test("when it is used up reveals stop, and deciding goes on", async () => {
    const { page } = ana;
    world.stub.world.exposures.of("Ana").reveals = world.stub.world.exposures.budget.reveals_a_day;
    await page.evaluate(() => {
      location.hash = "#/demo/queue";
    });
    await page.waitForSelector(".cover.picture");
    await page.keyboard.down("Space");
    await page.waitForSelector(".message.bad");
    await page.keyboard.up("Space");
    assert.match(await page.locator(".message.bad").innerText(), /budget for today is used up/);
    const before = world.stub.world.acts.log.length;
    await page.keyboard.press("5");
    await until(() => world.stub.world.acts.log.length === before + 1, "the decision");
    world.stub.world.exposures.of("Ana").reveals = 0;
  });

  test("a break covers the screen with its clock", async () => {
    const { page } = ana;
    world.stub.world.exposures.nextBreak.set("Ana", Date.now() - 1000);
    await page.evaluate(() => {
      location.hash = "#/exposure";
    });
    await page.getByRole("button", { name: "Take 10 minutes" }).click();
    await page.waitForSelector("[role=timer]");
    assert.match(await page.locator("[role=timer]").innerText(), /^(9:5\d|10:00)$/);
    await page.getByRole("button", { name: "Back, without reveals" }).click();
    await page.waitForSelector("dialog", { state: "detached" });
  });
});
