import { defineConfig } from "vite";

// The stub of dev/, or a real server: whichever answers there while developing.
const server = "http://127.0.0.1:7300";

export default defineConfig({
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2022",
    // Files, never data: addresses, so that the policy of the page can stay as narrow as it is.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    sourcemap: false,
  },
  server: { port: 7301, strictPort: true, proxy: { "/v1": server } },
});
