// What is run in the foreground does not outlive the script that runs it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const MODULE = pathToFileURL(join(root, "pkg-scripts/common/process.mjs")).href;
/** Says its number, and would go on for ever. */
const CHILD = "console.log(process.pid); setInterval(() => {}, 1_000)";
/** @type {Record<string, string>} */
const WAYS = {
  run: `await run(process.execPath, ["-e", ${JSON.stringify(CHILD)}])`,
  capture: `await capture(process.execPath, ["-e", ${JSON.stringify(CHILD)}], { output: "both" }); setInterval(() => {}, 1_000)`,
};

for (const [way, line] of Object.entries(WAYS))
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    test(`${way}: ${signal} at the script ends both`, { timeout: 20_000 }, async () => {
      const code = `import { ${way} } from "${MODULE}"; ${line}`;
      const script = spawn(process.execPath, ["--input-type=module", "-e", code], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [said] = await once(script.stdout, "data");
      const child = Number(String(said));
      assert.ok(isRunning(child));
      script.kill(signal);
      const [, endedBy] = await once(script, "exit");
      try {
        assert.deepEqual([endedBy, isRunning(child)], [signal, false]);
      } finally {
        if (isRunning(child)) process.kill(child, "SIGKILL");
      }
    });

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
