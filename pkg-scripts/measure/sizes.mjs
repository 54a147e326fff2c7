// `npm run sizes`: measures what a user downloads or uploads, and writes the table into
// docs/commands.md and docs/npm.md.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildNpm, buildWorker } from "../build/build.mjs";
import { root, target } from "../common/checkout.mjs";
import { withFolder } from "../common/folder.mjs";
import { capture } from "../common/process.mjs";
import { commandLine, main, Stop } from "../common/program.mjs";

const MARK = "<!-- sizes: measured and written by `npm run sizes` -->";
const END = "<!-- end of sizes -->";
export const TABLES_IN = ["docs/commands.md", "docs/npm.md", "docs/npm.ko.md"];

/**
 * What something weighs, in bytes; gzip at its best level.
 * @typedef {{ name: string, bytes: number, gzip: number }} Size
 */

/** What the package weighs. Its faces must have been built. @returns {Promise<Size[]>} */
export async function packageSizes() {
  return [
    fileSize("`.wasm` of `payple-edge`", "dist/npm/payple_edge_bg.wasm"),
    fileSize("`.wasm` of `payple-edge/browser`", "dist/npm/browser_bg.wasm"),
    await packed(),
  ];
}

/** What the Worker's module weighs. */
export function workerSize() {
  return fileSize("`.wasm` of the Worker", "build/index_bg.wasm");
}

/** @param {string} name @param {string} path @returns {Size} */
function fileSize(name, path) {
  return { name, bytes: statSync(join(root, path)).size, gzip: gzipSize(path) };
}

/**
 * What files of the checkout weigh, each compressed by itself, in bytes.
 * @param {string[]} paths
 */
export function gzipSize(...paths) {
  return paths.reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(root, path)), { level: 9 }).length,
    0,
  );
}

/**
 * The package as npm packs it: the tarball is a gzip of its own.
 * @returns {Promise<Size>}
 */
function packed() {
  return withFolder(join(target, "sizes-"), async (folder) => {
    const args = ["pack", join(root, "dist", "npm"), "--pack-destination", folder, "--json"];
    const { code, output } = await capture("npm", [...args, "--silent"]);
    if (code !== 0) throw new Stop(`npm pack ended with ${code}.`);
    const [{ filename, unpackedSize }] = [JSON.parse(output)].flat();
    return {
      name: "the npm package, whole",
      bytes: unpackedSize,
      gzip: statSync(join(folder, filename)).size,
    };
  });
}

/**
 * The table as it stands in the documents: kilobytes of 1,000 bytes.
 * @param {Size[]} sizes
 */
export function tableOf(sizes) {
  /** @param {number} bytes */
  const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
  const rows = sizes.map(
    ({ name, bytes, gzip }) => `| ${name} | ${kilobytes(bytes)} | ${kilobytes(gzip)} |`,
  );
  return ["| | unpacked | gzip |", "|---|---:|---:|", ...rows].join("\n");
}

/**
 * The rows of the table in a document, rounded as they are written.
 * @param {string} document
 * @returns {Size[]}
 */
export function tableIn(document) {
  const between = document.split(MARK)[1]?.split(END)[0] ?? "";
  const rows = between.matchAll(/^\| (.+) \| ([\d.]+) kB \| ([\d.]+) kB \|$/gm);
  return [...rows].map(([, name, bytes, gzip]) => ({
    name,
    bytes: Number(bytes) * 1_000,
    gzip: Number(gzip) * 1_000,
  }));
}

main(import.meta, async () => {
  commandLine({});
  await buildNpm();
  await buildWorker();
  const table = tableOf([...(await packageSizes()), workerSize()]);
  for (const path of TABLES_IN) {
    const document = readFileSync(join(root, path), "utf8");
    const [before, rest] = document.split(MARK);
    const after = rest?.split(END)[1];
    if (after === undefined)
      throw new Stop(`${path} has no place for the table: a line ${MARK} and a line ${END}.`);
    writeFileSync(join(root, path), `${before}${MARK}\n${table}\n${END}${after}`);
  }
  console.log(table);
});
