// The rooms of the page's source: what one imports from another points one way.

import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const SOURCE = join(root, "www", "src");

/** Each folder of the page with those that it imports from. */
async function rooms() {
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
  const roomOf = (/** @type {string} */ path) => relative(SOURCE, dirname(join(SOURCE, path)));
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const room = roomOf(path);
    const others = found.get(room) ?? new Set();
    found.set(room, others);
    for (const { path: other, external } of imports)
      if (!external && roomOf(other) !== room) others.add(roomOf(other));
  }
  return found;
}

describe("the rooms of the page", () => {
  test("no two import each other, not by way of a third either", async () => {
    const imports = await rooms();
    for (const room of ["payout", "expect", "review", "billing", "files"])
      assert.ok(imports.has(room), `${room} is there`);
    /** @type {string[]} */
    const circles = [];
    /** @type {(room: string, way: string[]) => void} */
    const walk = (room, way) => {
      if (way.includes(room)) circles.push([...way.slice(way.indexOf(room)), room].join(" → "));
      else for (const next of imports.get(room) ?? []) walk(next, [...way, room]);
    };
    // The files beside the rooms are the frame and what every room uses; they are no room of their
    // own.
    imports.delete("");
    for (const [, others] of imports) others.delete("");
    for (const room of imports.keys()) walk(room, []);
    assert.deepEqual(circles, []);
  });
});
