import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { focusedItem, open, openAny } from "./browser.mjs";

/** Figures on a million cards, at a stub or at the server of SAFELIGHT_ORIGIN. They are told, not
 * asserted: a shared machine makes them vary. */
const isStub = process.env.SAFELIGHT_ORIGIN === undefined;
let world;
before(async () => {
  if (!isStub) return;
  world = await open({ items: 1_000_000 });
  world.stub.world.queue.facets();
  world.stub.world.queue.numbers(new URLSearchParams("state=open"));
});
after(() => world?.close());

/** Notes when the first cards were drawn, in ms from the start of the navigation. */
function noteFirstCards() {
  new MutationObserver((_, observer) => {
    if (document.querySelector(".card[data-item]") === null) return;
    observer.disconnect();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        window.firstCards = performance.now();
      }),
    );
  }).observe(document, { childList: true, subtree: true });
}

async function openQueue() {
  if (isStub) return world.person("demo-ana", { reducedMotion: "no-preference" });
  world = await openAny(noteFirstCards);
  await world.page.waitForSelector(".cases a, .card[data-item]");
  if ((await world.page.locator(".cases a").count()) > 0)
    await world.page.locator(".cases a").first().click();
  await world.page.waitForSelector(".card[data-item]");
  return world;
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

test("a million cards are opened, scrolled through and decided", async (t) => {
  const started = performance.now();
  const { page, context, faults } = await openQueue();
  if (!isStub) {
    await page.waitForFunction(() => window.firstCards !== undefined);
    const sinceLink = await page.evaluate(() => window.firstCards);
    t.diagnostic(
      `first cards ${Math.round(sinceLink)} ms after the link was followed, log-in included; ` +
        `seen ${Math.round(performance.now() - started)} ms after the browser was started`,
    );
  }

  const first = await page.locator(".card.focused .card-rank").innerText();

  // A person's wheel, not a script that sets the position: reading it back would lay out the page.
  async function framesWith(by) {
    const collected = page.evaluate(async () => {
      const times = [];
      let last = performance.now();
      for (let i = 0; i < 400; ++i) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
      return times.slice(10).sort((x, y) => x - y);
    });
    let isDone = false;
    void collected.then(() => {
      isDone = true;
    });
    await page.locator(".grid").hover();
    while (!isDone) {
      if (by > 0) await page.mouse.wheel(0, by);
      await new Promise((resolve) => setTimeout(resolve, 16));
    }
    return collected;
  }
  const still = await framesWith(0);
  const frames = await framesWith(90);
  t.diagnostic(
    `nothing moving: frames p50 ${at(still, 0.5).toFixed(1)} ms, p99 ${at(still, 0.99).toFixed(1)} ms`,
  );
  t.diagnostic(
    `scrolling: frames p50 ${at(frames, 0.5).toFixed(1)} ms, p99 ${at(frames, 0.99).toFixed(1)} ms`,
  );

  const jumps = await page.evaluate(async () => {
    const grid = document.querySelector(".grid");
    const times = [];
    for (let i = 1; i <= 20; ++i) {
      const begun = performance.now();
      grid.scrollTop = (grid.scrollHeight * i) / 20;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - begun);
    }
    return times.sort((x, y) => x - y);
  });
  t.diagnostic(
    `jumps of 50,000 cards: two frames after, p50 ${at(jumps, 0.5).toFixed(1)} ms, p99 ${at(jumps, 0.99).toFixed(1)} ms`,
  );

  // Where cards of the last jump are still on their way, a key may come too early to mean one.
  await page.waitForTimeout(500);
  await page.keyboard.press("End");
  await page.waitForFunction(
    () =>
      Number(document.querySelector(".card.focused .card-rank")?.textContent.replaceAll(",", "")) > 980_000,
  );
  await page.keyboard.press("Home");
  await page.waitForFunction(
    (rank) => document.querySelector(".card.focused .card-rank")?.textContent === rank,
    first,
  );

  const keys = await page.evaluate(async () => {
    const drawn = [];
    const painted = [];
    for (let i = 0; i < 40; ++i) {
      const { item } = document.querySelector(".card.focused").dataset;
      const isStamped = () => document.querySelector(`[data-item="${item}"] .stamp`) !== null;
      const begun = performance.now();
      const key = new KeyboardEvent("keydown", { key: "5", bubbles: true, cancelable: true });
      document.querySelector(".grid").dispatchEvent(key);
      for (let turn = 0; turn < 20 && !isStamped(); ++turn) await Promise.resolve();
      while (!isStamped()) await new Promise((done) => setTimeout(done));
      drawn.push(performance.now() - begun);
      // The frame that shows it is over when the next one begins.
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      painted.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done, 60));
    }
    const sorted = (times) => times.sort((x, y) => x - y);
    return { drawn: sorted(drawn), painted: sorted(painted) };
  });
  for (const [name, times] of Object.entries(keys)) {
    t.diagnostic(
      `a key and its stamp ${name}: p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms`,
    );
  }
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  t.diagnostic(`heap ${(heap / 1e6).toFixed(1)} MB`);
  assert.ok(await focusedItem(page));
  assert.deepEqual(faults, []);
  await context.close();
});
