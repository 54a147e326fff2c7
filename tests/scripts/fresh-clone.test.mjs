// In a fresh clone there is no node_modules: what a command imports before it has got the packages
// is Node's or ours.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * All that a module imports when it is loaded, as `importer: what`, for what is of a package.
 * @param {string} file
 * @param {Set<string>} seen the modules that have been read
 * @returns {string[]}
 */
function packagesOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  /** @type {string[]} */
  const found = [];
  const text = readFileSync(file, "utf8");
  for (const [, from] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";/gms)) {
    if (from.startsWith(".")) found.push(...packagesOf(join(dirname(file), from), seen));
    else if (!from.startsWith("node:")) found.push(`${relative(root, file)}: ${from}`);
  }
  return found;
}

for (const [name, command] of Object.entries(scripts)) {
  const [, program] = command.match(/\bnode (\S+\.mjs)/) ?? [];
  if (program)
    test(`npm run ${name} begins without a package`, () => {
      assert.ok(existsSync(join(root, program)));
      assert.deepEqual(packagesOf(join(root, program)), []);
    });
}
