// What the page tells the Worker before rows leave it or are shown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/** @type {typeof import("../../www/src/action-parts.ts")} */
const { parts } = await pageModule("action-parts.ts");

test("each part of many billing keys says how many it is about", () => {
  const payerIds = Array.from({ length: 2_500 }, (_, n) => `P${n}`);
  for (const action of /** @type {const} */ (["export", "show"])) {
    const sent = parts({ action, payerIds, rows: payerIds.length });
    assert.deepEqual(
      sent.map((part) => [part.action, part.payerIds?.length, part.rows]),
      [1_000, 1_000, 500].map((length) => [action, length, length]),
    );
    assert.deepEqual(
      sent.flatMap((part) => part.payerIds),
      payerIds,
    );
  }
});

test("a group is told as a whole", () => {
  const action = { action: /** @type {const} */ ("print"), groupKey: "G", rows: 2_500 };
  assert.deepEqual(parts(action), [action]);
});
