import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startStub } from "../dev/stub.mjs";

const args = ["--no-sandbox", "--disable-dev-shm-usage"];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A stub, a browser, and people who are logged in; everything is stopped by close(). */
export async function open({ items = 5000, viewport = { width: 1280, height: 800 } } = {}) {
  const stub = await startStub({ items });
  const browser = await chromium.launch({
    executablePath,
    args,
  });
  async function person(token = "demo-ana", more = {}, first = ".card[data-item]") {
    const one = await profile(browser, { viewport, reducedMotion: "reduce", ...more });
    await one.page.goto(`${stub.origin}/#link=${token}`);
    await one.page.waitForSelector(first, { timeout: 20000 });
    return one;
  }
  async function close() {
    await browser.close();
    await stub.stop();
  }
  return { stub, browser, person, close };
}

/** A browser profile of its own, with a list of all that it asked the network for. */
async function profile(browser, options) {
  const context = await browser.newContext(options);
  return { context, ...watched(await context.newPage()) };
}

function watched(page) {
  const requests = [];
  const faults = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    // A refusal that the app expects is also told on the console; a broken policy is a fault.
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) faults.push(text);
  });
  return { page, requests, faults };
}

/** Whoever a one-time link lets in at the server of SAFELIGHT_ORIGIN, by the token in SAFELIGHT_LINK;
 * at a stub where there is none. `script` runs in the page before its own. */
export async function openAny(script = () => {}) {
  const stub = process.env.SAFELIGHT_ORIGIN === undefined ? await startStub({ items: 2000 }) : null;
  const origin = stub?.origin ?? process.env.SAFELIGHT_ORIGIN;
  const browser = await chromium.launch({ executablePath, args });
  const viewport = { width: 1280, height: 800 };
  const one = await profile(browser, { viewport, reducedMotion: "reduce", ignoreHTTPSErrors: true });
  await one.page.addInitScript(script);
  await one.page.goto(`${origin}/#link=${process.env.SAFELIGHT_LINK ?? "demo"}`);
  const close = async () => {
    await browser.close();
    await stub?.stop();
  };
  return { ...one, origin, close };
}

/** People who log in by name at the server of SAFELIGHT_ORIGIN with SAFELIGHT_PASSWORD; at a stub where
 * there is none. Each has a browser that writes to a folder of its own, as one on a desk does. */
export async function openTeam() {
  const stub = process.env.SAFELIGHT_ORIGIN === undefined ? await startStub({ items: 2000 }) : null;
  const origin = stub?.origin ?? process.env.SAFELIGHT_ORIGIN;
  const opened = [];
  async function logIn(page, login, password = process.env.SAFELIGHT_PASSWORD ?? "safelight") {
    await page.getByLabel("Login").fill(login);
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
  }
  async function person(login, password) {
    const folder = await mkdtemp(join(tmpdir(), "safelight-browser-"));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath,
      args,
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ignoreHTTPSErrors: true,
    });
    opened.push({ context, folder });
    const one = { context, folder, ...watched(context.pages()[0]) };
    await one.page.goto(origin);
    await logIn(one.page, login, password);
    return one;
  }
  async function close() {
    for (const { context, folder } of opened) {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    }
    await stub?.stop();
  }
  return { origin, person, logIn, close };
}

export const focused = (page) => page.locator(".card.focused");

/** The item under the keys. */
export function focusedItem(page) {
  return focused(page).getAttribute("data-item");
}

/** Waits until `what` holds, for things that the server sees and the page does not show. */
export async function until(what, words) {
  for (let i = 0; i < 100; ++i) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never came: ${words}`);
}
