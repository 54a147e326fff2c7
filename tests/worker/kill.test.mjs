// workerd killed under load: what a caller has received is on the access record. `npm run kill` is
// the long run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { killAtRandom } from "./killing.mjs";

test("what was answered is on the record though workerd is killed, and its chains verify", async (t) => {
  const result = await killAtRandom({ lookUps: 600, between: 100 });
  t.diagnostic(JSON.stringify(result));
  assert.deepEqual(result.failures, []);
  assert.ok(result.kills >= 1 && result.answers >= 600 && result.lost === 0);
  assert.ok(Object.keys(result.chains).length >= 3);
});
