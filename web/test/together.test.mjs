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

describe("two people at once", () => {
  let ana;
  let ben;
  before(async () => {
    ana = await world.person("demo-ana");
    ben = await world.person("demo-ben");
  });
  after(async () => {
    for (const one of [ana, ben]) {
      assert.deepEqual(one.faults, []);
      await one.context.close();
    }
  });

  test("see each other’s decisions live", async () => {
    await ana.page.keyboard.press("End");
    await ben.page.keyboard.press("End");
    await until(
      async () =>
        (await focusedItem(ana.page)) !== null &&
        (await focusedItem(ana.page)) === (await focusedItem(ben.page)),
      "the same card",
    );
    const item = await focusedItem(ben.page);
    await ben.page.keyboard.press("2");
    await until(async () => (await stamp(ana.page, item).count()) === 1, "Ben’s decision before Ana");
    assert.match(await stamp(ana.page, item).innerText(), /Category 2/);
  });

  test("are shown a conflict, and neither is overwritten", async () => {
    const { page } = ana;
    await page.keyboard.press("Home");
    const item = await focusedItem(page);
    world.stub.world.acts.add({ kind: "category", items: [item], category: "2", whole_groups: false }, "Ben");
    await page.keyboard.press("5");
    await page.waitForSelector("dialog .conflicts");
    assert.match(await page.locator("dialog").innerText(), /Ben chose Category 2/);
    await page.getByRole("button", { name: "Keep both on record" }).click();
    await until(
      () =>
        acts().filter((line) => line.items[0] === item && line.kind === "category" && !line.undone).length >=
        2,
      "both decisions on record",
    );
    await page.evaluate((id) => {
      location.hash = `#/demo/item/${id}`;
    }, item);
    await page.getByRole("button", { name: "Settle as Not pertinent" }).click();
    await until(() => acts().at(-1).kind === "settle", "the settling at the server");
    assert.equal(acts().at(-1).category, "5");
    await page.getByText("In conflict").waitFor({ state: "detached" });
  });

  test("look at a grave decision each for themselves", async () => {
    await ana.page.evaluate(() => {
      location.hash = "#/demo/queue?all=";
    });
    await ana.page.waitForSelector(".card.focused[data-item]");
    await ana.page.waitForTimeout(900);
    await ana.page.keyboard.press("End");
    await ana.page.keyboard.press("ArrowLeft");
    await ana.page.waitForTimeout(900);
    const item = await focusedItem(ana.page);
    await ana.page.keyboard.press("1");
    await until(() => acts().at(-1).category === "1" && acts().at(-1).items[0] === item, "Ana’s decision");
    await ben.page.evaluate((id) => {
      location.hash = `#/demo/item/${id}`;
    }, item);
    await ben.page.getByText("A second look is wanted").waitFor();
    assert.equal(await ben.page.locator(".stamp").count(), 0);
    assert.equal(await ben.page.locator(".history li").count(), 0);
    assert.equal(await ben.page.locator(".strip .category.on").count(), 0);
    await ben.page.keyboard.press("1");
    await ben.page.evaluate((id) => {
      location.hash = `#/demo/item/${id}`;
    }, item);
    await ben.page.locator(".history li").nth(1).waitFor();
  });
});
