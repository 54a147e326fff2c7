// The example for Rust programs does both look-ups, against the sandbox.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";

/** @type {import("../../sandbox/index.d.ts").Sandbox} */
let sandbox;
before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.close());

const native = (/** @type {Record<string, string>} */ settings) =>
  promisify(execFile)(join(root, "target", "debug", "examples", "native"), {
    env: { PAYPLE_ORIGIN: sandbox.origin, ...settings },
  });

test("examples/native.rs prints both answers", async () => {
  const { stdout } = await native({});
  assert.match(stdout, /^4 requests, ₩4,000 in total\n/);
  assert.match(stdout, /requests have the same recipient, amount and print content/);
  assert.match(stdout, /^card: /m);
});

test("examples/native.rs ends with Payple's refusal, and with a number other than 0", async () => {
  await assert.rejects(native({ PAYPLE_CUST_KEY: "not-the-test-key" }), (thrown) => {
    const error = /** @type {{ code: number, stderr: string }} */ (thrown);
    assert.notEqual(error.code, 0);
    assert.match(error.stderr, /Authentication/);
    assert.doesNotMatch(error.stderr, /not-the-test-key/);
    return true;
  });
});
