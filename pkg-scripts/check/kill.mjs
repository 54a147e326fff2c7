// `npm run kill`: 20,000 look-ups while workerd is killed with SIGKILL at random, with the access
// record on disk.
//
// Every answer that a caller has received must be on the record, no entry and nothing that is
// written in one piece may be torn, and the chains must verify. `--lookups 1000` is a shorter run.
// Result: target/kill.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage, buildWorker } from "../build/build.mjs";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { commandLine, main, Stop, say } from "../common/program.mjs";
import { node22 } from "../tools/runtimes.mjs";

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      lookups: { type: "string", default: "20000" },
      here: { type: "boolean", default: false },
    },
  });
  if (!values.here) return await underNode22(process.argv.slice(2));
  // Node 20, which starts this, cannot read the TypeScript of the verifier.
  const { killAtRandom } = await import("../../tests/worker/killing.mjs");
  const lookUps = Number(values.lookups);
  const result = await killAtRandom({ lookUps, between: 400, tell: say });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "kill.json"), `${JSON.stringify(result, null, 2)}\n`);
  for (const [what, value] of Object.entries(result))
    console.log(`  ${what.padEnd(16)} ${JSON.stringify(value)}`);
  if (result.failures.length > 0) process.exitCode = 1;
});

/** The Worker's runtime asks for Node 22. */
async function underNode22(args) {
  if (process.platform !== "linux")
    throw new Stop("workerd is found by way of /proc: on Linux alone.");
  await buildWorker();
  await buildPage();
  const { code } = await capture(await node22(), [import.meta.filename, ...args, "--here"], {
    output: "both",
  });
  process.exitCode = code === 0 ? 0 : 1;
}
