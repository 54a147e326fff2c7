// The fuzz targets of JavaScript, each bundled with what it fuzzes and the libraries that this
// reads files by.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";

const here = join(root, "fuzz/javascript");

/** Their names. */
export const TARGETS = readdirSync(join(here, "targets"))
  .map((name) => name.replace(/\.ts$/, ""))
  .sort();

/** Where what is worth replaying is kept, a folder for each target. */
export const CORPUS = join(here, "corpus");

/** Bundles targets, and returns their modules' paths by name. @param {string[]} names */
export async function bundle(names = TARGETS) {
  const { build } = await import("esbuild");
  const out = join(target, "fuzz-javascript");
  await build({
    entryPoints: names.map((name) => join(here, "targets", `${name}.ts`)),
    outdir: out,
    outExtension: { ".js": ".cjs" },
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    charset: "utf8",
    logLevel: "warning",
    // As the command `payple-edge` has them (pkg-scripts/build/cli.mjs).
    inject: [join(root, "src/npm/cli/text-decoder.ts")],
    define: { VERSION: '"0.0.0"', PAPA_BROWSER_CONTEXT: "true" },
  });
  return new Map(names.map((name) => [name, join(out, `${name}.cjs`)]));
}
