import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const page = await readFile(new URL("index.html", dist), "utf8");

test("a browser runs no other script and style than those of the build", async () => {
  const tags = [...page.matchAll(/<(?:script\b|link rel="stylesheet")[^>]*>/g)].map(([tag]) => tag);
  assert.ok(tags.length >= 2);
  for (const tag of tags) {
    const [, path] = /(?:src|href)="\/([^"]+)"/.exec(tag) ?? [];
    const bytes = await readFile(new URL(path, dist));
    const digest = createHash("sha384").update(bytes).digest("base64");
    assert.ok(tag.includes(`integrity="sha384-${digest}"`), tag);
  }
});

test("nothing of the page stands in it that its policy would refuse", () => {
  assert.doesNotMatch(page, /<style|\bstyle=|\bon[a-z]+=|<script(?![^>]*\bsrc=)/);
});

test("the whole app is under 60 KB gzipped", async () => {
  const names = ["index.html", ...(await readdir(new URL("assets/", dist))).map((name) => `assets/${name}`)];
  let sum = 0;
  for (const name of names) sum += gzipSync(await readFile(new URL(name, dist)), { level: 9 }).length;
  assert.ok(sum < 60_000, `${sum} bytes`);
});
