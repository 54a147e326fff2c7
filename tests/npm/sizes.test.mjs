// What the package weighs stays within its limits, and is what the documents say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { packageSizes, TABLES_IN, tableIn } from "../../pkg-scripts/measure/sizes.mjs";

const LIMITS_KB = { "`.wasm` of `payple-edge`": 160, "`.wasm` of `payple-edge/browser`": 90 };

describe("the size of the package", async () => {
  const sizes = await packageSizes();

  for (const [name, limit] of Object.entries(LIMITS_KB)) {
    test(`${name.replaceAll("`", "")} is at most ${limit} kB when compressed`, () => {
      const size = sizes.find((size) => size.name === name);
      assert.ok(size, "not measured");
      assert.ok(size.gzip <= limit * 1_000, `${size.gzip} bytes`);
    });
  }

  for (const path of TABLES_IN) {
    test(`is what ${path} says, to a twentieth`, () => {
      const written = tableIn(readFileSync(join(root, path), "utf8"));
      for (const { name, bytes, gzip } of sizes) {
        const row = written.find((row) => row.name === name);
        assert.ok(row, `no row for ${name}: npm run sizes`);
        for (const [measured, said] of [
          [bytes, row.bytes],
          [gzip, row.gzip],
        ]) {
          assert.ok(
            Math.abs(measured - said) <= said / 20,
            `${name}: ${measured} bytes, ${said} written: npm run sizes`,
          );
        }
      }
    });
  }
});
