import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open, until } from "./browser.mjs";

let world;
let dora;
before(async () => {
  world = await open({ items: 100 });
  dora = await world.person("demo-dora", {}, ".table");
});
after(async () => {
  assert.deepEqual(dora.faults, []);
  await world.close();
});

const people = () => world.stub.world.accounts.people;

describe("an admin", () => {
  test("opens on the people, and asks for no case", () => {
    assert.equal(
      dora.requests.some((url) => url.includes("/v1/cases")),
      false,
    );
  });

  test("lets somebody log in, and is told why not where that is refused", async () => {
    const { page } = dora;
    const add = async (login) => {
      await page.getByLabel("Login", { exact: true }).fill(login);
      await page.getByLabel("Name", { exact: true }).fill("Eva");
      await page.getByLabel("First password").fill("a long enough one");
      await page.getByLabel("Role", { exact: true }).selectOption("lead");
      await page.getByRole("button", { name: "Add", exact: true }).click();
    };
    await add("ben");
    await page.getByText("Somebody has this login already.").waitFor();
    await add("eva");
    await page.getByRole("rowheader", { name: "eva" }).waitFor();
    assert.equal(people().at(-1).role, "lead");
  });

  test("changes a role, a state and a password", async () => {
    const { page } = dora;
    await page.getByLabel("Role of eva").selectOption("reviewer");
    // What the server says of the role may come back between the click and a look at the box.
    await until(() => people().at(-1).role === "reviewer", "the role");
    await page.getByLabel("eva may log in").click();
    await until(
      () => people().at(-1).role === "reviewer" && people().at(-1).state === "disabled",
      "the change",
    );
    await page.getByRole("button", { name: "New password of eva" }).click();
    await page.getByLabel("Password", { exact: true }).fill("another long enough one");
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await page.getByRole("button", { name: "Set password" }).click();
    assert.deepEqual((await sent).postDataJSON(), { password: "another long enough one" });
    await page.locator("dialog").waitFor({ state: "detached" });
  });

  test("makes a key that is shown once, and revokes it", async () => {
    const { page } = dora;
    await page.getByRole("link", { name: "Keys" }).click();
    await page.getByLabel("What it is for").fill("upload gate");
    await page.getByLabel("Whose uploads").fill("forum");
    await page.getByRole("button", { name: "Make", exact: true }).click();
    assert.match(await page.locator(".warn-line code").innerText(), /^slk_/);
    const digest = "ab".repeat(32);
    await page.getByRole("button", { name: "Add to upload gate" }).click();
    await page
      .getByLabel("SHA-256 of the certificate (DER)")
      .fill(digest.toUpperCase().match(/../g).join(":"));
    await page.getByRole("button", { name: "Add it" }).click();
    await page.getByTitle(digest).waitFor();
    await page.getByRole("button", { name: "Remove abababab" }).click();
    await page.getByTitle(digest).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Revoke upload gate" }).click();
    await page.getByText(/^revoked/).waitFor();
    await page.getByRole("link", { name: "People" }).click();
    await page.getByRole("link", { name: "Keys" }).click();
    await page.getByRole("rowheader", { name: "upload gate" }).waitFor();
    assert.equal(await page.locator(".warn-line code").count(), 0);
  });
});
