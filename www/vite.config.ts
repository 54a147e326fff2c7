// How the admin page is built: small files under a strict Content-Security-Policy, nothing inlined.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "payple-edge/browser": here("../src/browser/js/index.mjs"),
      "#glue": here("../target/faces/browser/payple_edge.js"),
      "#wasm": here("src/wasm.ts"),
    },
  },
  build: {
    target: "es2022",
    // The policy allows no data: addresses.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script in all but name; every browser that runs the WebAssembly preloads modules.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
