// Bundles the command `payple-edge` into the package, with the libraries that read workbooks and
// tables, and the licences of these: so the package has no runtime dependency.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";

/** What of the page is in the command, beside its own source. */
export const CLI_SOURCES = ["www/src", "pkg-scripts/build/cli.mjs"];

/**
 * Writes cli.mjs and the licences of what is bundled in it.
 * @param {string} out
 * @param {string} version
 */
export async function packCli(out, version) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: [join(root, "src/npm/cli/main.ts")],
    outfile: join(out, "cli.mjs"),
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    inject: [join(root, "src/npm/cli/text-decoder.ts")],
    // Papa Parse's streams for Node are not used, and ask for `require`.
    define: { VERSION: JSON.stringify(version), PAPA_BROWSER_CONTEXT: "true" },
    plugins: [
      besideIt("payple-edge", "./index.mjs"),
      besideIt("../../../sandbox/command.mjs", "./sandbox/command.mjs"),
    ],
  });
  const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => packageOf(path) ?? []));
  const texts = [...packages].sort().map(licenceOf);
  writeFileSync(join(out, "THIRD-PARTY-LICENSES.txt"), `${HEAD}${texts.join("")}`);
}

/**
 * What lies in the package beside the command, and is not bundled.
 * @param {string} name
 * @param {string} path
 * @returns {import("esbuild").Plugin}
 */
function besideIt(name, path) {
  const filter = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}$`);
  return {
    name: path,
    setup(build) {
      build.onResolve({ filter }, () => ({ path, external: true }));
    },
  };
}

/** @param {string} path */
function packageOf(path) {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** @param {string} name */
function licenceOf(name) {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined || !existsSync(join(folder, file)))
    throw new Error(`${name} is bundled, and says its licence in no file`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  return `\n${"=".repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`;
}

const HEAD = "What the command payple-edge (cli.mjs) is bundled with.\n";
