// A module of the page's source by itself, for tests of what needs no browser.

import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../pkg-scripts/common/checkout.mjs";

/** @param {string} path below www/src; what it imports comes with it */
export async function pageModule(path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "www", "src", path)],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}
