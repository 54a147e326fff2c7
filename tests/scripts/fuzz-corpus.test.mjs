// Replays the kept corpora of the JavaScript fuzz targets: what fuzzing found interesting once goes
// well in every test run.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bundle, CORPUS } from "../../fuzz/javascript/bundle.mjs";

const load = createRequire(import.meta.url);

describe("every kept input goes well", async () => {
  for (const [name, module] of await bundle())
    test(name, async () => {
      const { fuzz } = load(module);
      const files = readdirSync(join(CORPUS, name));
      assert.ok(files.length > 0);
      for (const file of files) {
        try {
          await fuzz(readFileSync(join(CORPUS, name, file)));
        } catch (cause) {
          throw new Error(`fuzz/javascript/corpus/${name}/${file}`, { cause });
        }
      }
    });
});
