// The command line of the scripts: wrong arguments, and `--help`.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { capture } from "../../pkg-scripts/common/process.mjs";

const run = (/** @type {string} */ program, /** @type {string[]} */ ...args) =>
  capture(process.execPath, [join(root, "pkg-scripts", program), ...args]);

/** @type {[program: string, args: string[], said: string][]} */
const REFUSED = [
  ["check/kill.mjs", ["--lookup", "5"], "Unknown option '--lookup'. Known are: --lookups, --help."],
  ["check/axe.mjs", ["--state"], "Unknown option '--state'. Known are: --help."],
  ["build/build.mjs", ["worker"], "Unexpected argument 'worker'. Known are: --help."],
  ["check/test.mjs", ["--only", "npm", "--only", "page"], "--only is there twice."],
  ["check/soak.mjs", ["--lookups", "1e5"], "--lookups must be a whole number, 1 or more."],
];
for (const [program, args, said] of REFUSED)
  test(`${program} ${args.join(" ")} is refused in a sentence`, async () => {
    assert.deepEqual(await run(program, ...args), { code: 1, output: `\n✗ ${said}\n` });
  });

test("a name that is not known is refused with those that are", async () => {
  const { code, output } = await run("check/test.mjs", "--only", "npm,pages");
  assert.equal(code, 1);
  assert.match(output, /✗ No such step: pages\. There are: lint, .*, page\.\n$/);
});

test("--help says what a program does, and does nothing", async () => {
  const { code, output } = await run("check/kill.mjs", "--help");
  assert.equal(code, 0);
  assert.match(output, /^`npm run kill`: 20,000 look-ups [\s\S]*`--lookups 1000` is a shorter run/);
  assert.doesNotMatch(output, /import|^\/\//m);
});
