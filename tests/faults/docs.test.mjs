// docs/faults.md is the table of the code, and the tests that it names are there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { faults } from "../../sandbox/index.mjs";
import { faultsWithoutKey, readPage, renderPage } from "./table.mjs";

test("docs/faults.md is up to date (node tests/faults/table.mjs)", async () => {
  assert.equal(await readPage(), renderPage());
});

test("every fault of the sandbox has its row", async () => {
  const page = await readPage();
  const rows = page.match(/^\| `FAULT_\w+` /gm);
  assert.equal(rows?.length, faults.length);
  for (const { key } of faults) assert.ok(page.includes(`| \`${key}\` |`), key);
});

test("the tests that play a fault without a key exist", () => {
  for (const { fault, core, npm, worker } of faultsWithoutKey) {
    for (const tested of [core, npm, worker]) {
      if (typeof tested === "string") continue;
      const [file, name] = tested;
      assert.ok(
        readFileSync(join(root, file), "utf8").includes(name),
        `${fault}: ${file}: ${name}`,
      );
    }
  }
});
