// The folders of the page's source: no two import each other, not by way of a third either.

import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const SOURCE = join(root, "www", "src");

/** Each folder of the page with those that it imports from. */
async function folders() {
  const { metafile } = await build({
    absWorkingDir: SOURCE,
    entryPoints: ["main.tsx"],
    bundle: true,
    metafile: true,
    write: false,
    format: "esm",
    outdir: "out",
    packages: "external",
    loader: { ".css": "empty" },
    external: ["*?url", "#glue", "#wasm"],
    logLevel: "silent",
  });
  const folderOf = (/** @type {string} */ path) => relative(SOURCE, dirname(join(SOURCE, path)));
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const folder = folderOf(path);
    const others = found.get(folder) ?? new Set();
    found.set(folder, others);
    for (const { path: other, external } of imports)
      if (!external && folderOf(other) !== folder) others.add(folderOf(other));
  }
  return found;
}

describe("the folders of the page", () => {
  test("no two import each other, not by way of a third either", async () => {
    const imports = await folders();
    for (const folder of ["payout", "expect", "review", "billing", "files"])
      assert.ok(imports.has(folder), `${folder} is there`);
    /** @type {string[]} */
    const circles = [];
    /** @type {(folder: string, way: string[]) => void} */
    const walk = (folder, way) => {
      if (way.includes(folder))
        circles.push([...way.slice(way.indexOf(folder)), folder].join(" → "));
      else for (const next of imports.get(folder) ?? []) walk(next, [...way, folder]);
    };
    // The files beside the folders are the frame and what every folder uses.
    imports.delete("");
    for (const [, others] of imports) others.delete("");
    for (const folder of imports.keys()) walk(folder, []);
    assert.deepEqual(circles, []);
  });
});
