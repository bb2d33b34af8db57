import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { open } from "../test/browser.mjs";

/** Pictures of the app's pages for whoever works on its looks: node dev/shots.mjs [WIDTHxHEIGHT] [dark|light] [page...] */
const [size = "1280x800", theme = "dark", ...only] = process.argv.slice(2);
const [width, height] = size.split("x").map(Number);
const out = fileURLToPath(new URL("../test/shots/", import.meta.url));
await mkdir(out, { recursive: true });
const world = await open({ items: 20000, viewport: { width, height } });
world.stub.world.settings.set("Ana", { theme, style: "blur" });
world.stub.world.settings.set("Ben", { theme, style: "card" });
const { page, faults } = await world.person();
const shot = async (name) => {
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${out}${name}-${theme}-${width}.png` });
};
const go = (hash) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);
const wants = (name) => only.length === 0 || only.includes(name);
const ben = wants("queue") ? await world.person("demo-ben") : null;
if (wants("queue")) {
  for (const key of ["1", "5", "5", "g", "2"]) await page.keyboard.press(key);
  await ben.page.keyboard.press("3");
  await page.keyboard.press("ArrowDown");
  await shot("queue");
  await ben.page.waitForTimeout(300);
  await ben.page.screenshot({ path: `${out}queue-card-${theme}-${width}.png` });
}
const item = await page.locator(".card[data-item]").nth(7).getAttribute("data-item");
const other = await page.locator(".card[data-item]").nth(3).getAttribute("data-item");
if (wants("reveal")) {
  await page.keyboard.down("Space");
  await page.waitForSelector("[data-reveal=shown]");
  await shot("reveal");
  await page.keyboard.up("Space");
}
if (wants("palette")) {
  await page.keyboard.press("Control+k");
  await shot("palette");
  await page.keyboard.press("Control+k");
}
if (wants("help")) {
  await page.keyboard.press("?");
  await shot("help");
  await page.keyboard.press("?");
}
if (wants("item")) {
  await go(`#/demo/item/${item}`);
  await shot("item");
}
if (wants("pair")) {
  await go(`#/demo/pair/${item}/${other}`);
  await shot("pair");
}
for (const name of ["charts", "report", "case"]) {
  if (!wants(name)) continue;
  await go(`#/demo/${name}`);
  await shot(name);
}
world.stub.world.office.ask(
  "export_originals",
  { case: "demo", items: [item, other], reason: "The court asked for the files." },
  "Ana",
);
const { upload } = world.stub.world.office.held[0];
world.stub.world.office.ask("purge", { reason: "Not needed any more.", upload }, "Fay");
for (const name of ["exposure", "settings", "approvals", "held"]) {
  if (!wants(name)) continue;
  await go(`#/${name}`);
  await shot(name);
}
for (const [login, name] of [
  ["eli", "lists"],
  ["cleo", "audit"],
]) {
  if (!wants(name)) continue;
  world.stub.world.settings.set(login === "eli" ? "Eli" : "Cleo", { theme });
  const one = await world.person(`demo-${login}`, {}, ".panel");
  await one.page.evaluate((to) => {
    location.hash = to;
  }, `#/${name}`);
  await one.page.waitForTimeout(700);
  await one.page.screenshot({ path: `${out}${name}-${theme}-${width}.png` });
  await one.context.close();
}
if (faults.length > 0) console.log(faults);
await world.close();
