import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig } from "vite";

// The stub of dev/, or a real server: whichever answers there while developing.
const server = "http://127.0.0.1:7300";

/** Gives what the built page loads its digest (Subresource Integrity), so that a browser runs no other
 * bytes than those of this build. */
function integrity() {
  const asset = /<(?:script|link)\b[^>]*?\b(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g;
  return {
    name: "integrity",
    apply: "build",
    // After all is written: files change until then.
    async writeBundle({ dir }) {
      const page = join(dir, "index.html");
      let html = await readFile(page, "utf8");
      for (const [tag, path] of html.matchAll(asset)) {
        const digest = createHash("sha384")
          .update(await readFile(join(dir, path)))
          .digest("base64");
        html = html.replace(tag, `${tag} integrity="sha384-${digest}"`);
      }
      await writeFile(page, html);
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [integrity()],
  // Of the two ways to write elements, the one that is shorter once it is built.
  esbuild: {
    jsx: "transform",
    jsxFactory: "h",
    jsxFragment: "Fragment",
    jsxInject: 'import { Fragment, h } from "preact"',
    legalComments: "none",
  },
  build: {
    target: "es2022",
    // Files, never data: addresses, so that the policy of the page can stay as narrow as it is.
    assetsInlineLimit: 0,
    modulePreload: false,
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3 } },
    sourcemap: false,
  },
  server: { port: 7301, strictPort: true, proxy: { "/v1": server } },
});
