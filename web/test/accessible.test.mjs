import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open } from "./browser.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let world;
before(async () => {
  world = await open({ items: 2000 });
});
after(() => world.close());

/** What axe finds that is serious or worse. */
async function faultsOf(page, rule = {}) {
  // The page's own policy forbids scripts of others; the debugger may all the same.
  await page.evaluate(axe);
  const found = await page.evaluate((options) => window.axe.run(document, options), {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    ...rule,
  });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical" || one.id === "target-size")
    .map(
      (one) =>
        `${one.id}: ${one.nodes
          .slice(0, 3)
          .map((node) => `${node.target} ${node.failureSummary ?? ""}`)
          .join(" | ")}`,
    );
}

async function go(page, hash, wait) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForSelector(wait);
  await page.waitForTimeout(200);
}

/** A lead, however often her link was used. */
function lead() {
  world.stub.world.sessions.links.set("demo-ana", "ana");
  return world.person("demo-ana");
}

/** The pages of a lead, each with what shows that it is there. */
async function pagesOf(page) {
  const [item, other] = await someItems(page);
  return [
    ["queue", "#/demo/queue", ".card[data-item]"],
    ["item", `#/demo/item/${item}`, ".reasons li"],
    ["pair", `#/demo/pair/${item}/${other}`, ".pair-table td"],
    ["charts", "#/demo/charts", ".bars li"],
    ["case", "#/demo/case", ".scheme td"],
    ["report", "#/demo/report", ".report"],
    ["exposure", "#/exposure", ".gauge"],
    ["settings", "#/settings", ".setting"],
    ["held", "#/held", ".table td"],
  ];
}

/** Two that stand side by side in the queue. */
function someItems(page) {
  return Promise.all(
    [4, 5].map((place) => page.locator(".card[data-item]").nth(place).getAttribute("data-item")),
  );
}

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing serious on any page, ${theme}`, async () => {
    world.stub.world.settings.set("Ana", { theme, style: "drawing" });
    const { page, context } = await lead();
    const [item, other] = await someItems(page);
    const pages = await pagesOf(page);
    for (const key of ["1", "2", "3", "4", "5"]) await page.keyboard.press(key);
    const found = [];
    const { office } = world.stub.world;
    office.approvals = [];
    office.ask("export_originals", { case: "demo", items: [item, other], reason: "for the court" }, "Ana");
    office.ask("purge", { reason: "not needed", upload: office.held[0].upload }, "Fay");
    const look = async (name) => found.push(...(await faultsOf(page)).map((one) => `${name}: ${one}`));
    await page.waitForTimeout(300);
    await look("queue");
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog[open]");
    await look("palette");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open] .help");
    await look("help");
    await page.keyboard.press("?");
    await page.keyboard.press("n");
    await page.waitForSelector("dialog textarea");
    await look("note");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("export of the originals");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Export the originals/ }).waitFor();
    await look("originals");
    await page.getByRole("button", { name: "Cancel" }).click();
    for (const [name, hash, wait] of [
      ...pages,
      ["approvals", "#/approvals", ".panel .facts"],
      ["known", "#/demo/queue?class=known&known=shown", ".cover.known"],
    ]) {
      await go(page, hash, wait);
      await look(name);
    }
    await context.close();
    assert.deepEqual(found, []);
  });
}

test("so are the pages of an admin", async () => {
  const { page, context } = await world.person("demo-dora", {}, ".table td");
  const found = await faultsOf(page);
  await page.getByRole("button", { name: "New password of ben" }).click();
  await page.waitForSelector("dialog[open]");
  found.push(...(await faultsOf(page)));
  await page.getByRole("button", { name: "Cancel" }).click();
  await go(page, "#/keys", ".check");
  found.push(...(await faultsOf(page)));
  await context.close();
  assert.deepEqual(found, []);
});

test("so are the pages of a curator, and of an auditor", async () => {
  for (const [token, hash, wait] of [
    ["demo-eli", "#/lists", "input[type=file]"],
    ["demo-cleo", "#/audit", ".table td"],
  ]) {
    const { page, context } = await world.person(token, {}, ".panel");
    await go(page, hash, wait);
    assert.deepEqual(await faultsOf(page), []);
    await context.close();
  }
});

test("the login page is accessible too, and says what was wrong", async () => {
  const context = await world.browser.newContext();
  const page = await context.newPage();
  await page.goto(world.stub.origin);
  await page.waitForSelector("input[type=password]");
  assert.deepEqual(await faultsOf(page), []);
  await page.getByLabel("Login").fill("cleo");
  await page.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    () => document.querySelector("[role=alert]")?.textContent === "Login or password is wrong.",
  );
  await page.getByLabel("Password").fill("safelight");
  await page.keyboard.press("Enter");
  await page.getByLabel("Code of your authenticator").fill("123456");
  await page.keyboard.press("Enter");
  // An auditor has no cases, and opens with what they may ask.
  await page.waitForSelector(".inline-form");
  assert.deepEqual(await faultsOf(page), []);
  await context.close();
});

test("at 400 % nothing lies under anything else, and nobody scrolls sideways (WCAG 1.4.10)", async () => {
  const { page, context } = await lead();
  const pages = await pagesOf(page);
  // 1280 by 1024 at 400 %. Filters were opened in a wide window.
  await page.setViewportSize({ width: 320, height: 256 });
  const found = [];
  for (const [name, hash, wait] of pages) {
    await go(page, hash, wait);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 320) found.push(`${name}: ${wide} px wide`);
    // Whatever can be pressed can be brought into sight, and is then on top.
    found.push(
      ...(await page.evaluate((at) => {
        const hidden = [];
        for (const one of document.querySelectorAll("button, a, input, select, .card.focused")) {
          if (!one.checkVisibility()) continue;
          one.scrollIntoView({ block: "center", inline: "center" });
          const { left, top, width, height } = one.getBoundingClientRect();
          const seen = document.elementFromPoint(left + width / 2, top + height / 2);
          if (seen === null || !(one.contains(seen) || seen.closest("label")?.contains(one)))
            hidden.push(`${at}: ${one.outerHTML.slice(0, 80)} is under ${seen?.className}`);
        }
        return hidden;
      }, name)),
    );
  }
  await context.close();
  assert.deepEqual(found, []);
});

test("whoever goes by Tab sees where they are (WCAG 2.4.7, 2.4.11)", async () => {
  const { page, context } = await lead();
  const found = [];
  for (const [name, hash, wait] of await pagesOf(page)) {
    await go(page, hash, wait);
    await page.evaluate(() => document.activeElement?.blur());
    for (let stop = 0; stop < 60; ++stop) {
      await page.keyboard.press("Tab");
      const fault = await page.evaluate(() => {
        const one = document.activeElement;
        if (one === null || one === document.body) return null;
        const marks = one.matches(".grid") ? one.querySelector(".card.focused") : one;
        if (marks === null) return "nothing is marked";
        const style = getComputedStyle(marks);
        const isMarked = style.outlineStyle !== "none" || style.boxShadow !== "none" || marks !== one;
        const { left, top, width, height } = marks.getBoundingClientRect();
        const seen = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
        const isSeen = seen !== null && (marks.contains(seen) || seen.closest("label")?.contains(marks));
        return isMarked && isSeen
          ? ""
          : `${one.outerHTML.slice(0, 80)}: ${isMarked ? "hidden" : "not marked"}`;
      });
      if (fault === null) break;
      if (fault !== "") found.push(`${name}: ${fault}`);
    }
  }
  await context.close();
  assert.deepEqual(found, []);
});
