// What the monthly review makes of the entries of the access record.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/** @import { AccessRecord } from "../../src/npm/js/models.d.ts" */

/** @type {typeof import("../../www/src/records/monthly-counts.ts")} */
const { takenOf } = await pageModule("records/monthly-counts.ts");

test("what was taken out at once is one line with all of its rows", () => {
  const entry = (/** @type {string} */ requestId, rows = 1, outcome = "ok") =>
    /** @type {AccessRecord} */ ({ task: "export", requestId, rows, outcome });
  const taken = takenOf([
    entry("keys"),
    entry("keys"),
    entry("refused", 9, "role_missing"),
    entry("keys"),
    entry("group", 128),
  ]);
  assert.deepEqual(
    taken.map(({ first, subjects, rows }) => [first.requestId, subjects, rows]),
    [
      ["keys", 3, 3],
      ["group", 1, 128],
    ],
  );
});
