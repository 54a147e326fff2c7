// `npm run many-keys`: 2,000 billing keys from a file in a real browser, at the pace at which a
// clerk meets it: some seven minutes.
//
// The keys must be done within the pacing and each asked for once, the page's memory must be flat
// (JavaScript's heap after 200, 1,000 and 2,000 keys), a stop in the middle must end the requests
// and lose nothing, and a retry must ask for the failed keys and no other. `--keys 400` is a
// shorter run. Result: target/many-keys.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage, buildWorker } from "../build/build.mjs";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { commandLine, main } from "../common/program.mjs";
import { chromium } from "../tools/chromium.mjs";
import { node22 } from "../tools/runtimes.mjs";

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      keys: { type: "string", default: "2000" },
      here: { type: "boolean", default: false },
    },
  });
  if (!values.here) return await underNode22(process.argv.slice(2));
  const { lookUpManyKeys } = await import("../../tests/page/many-keys.mjs");
  const result = await lookUpManyKeys(Number(values.keys));
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "many-keys.json"), `${JSON.stringify(result, null, 2)}\n`);
  for (const [what, value] of Object.entries(result))
    console.log(`  ${what.padEnd(20)} ${JSON.stringify(value)}`);
});

/** The Worker's runtime asks for Node 22. */
async function underNode22(args) {
  await buildWorker();
  await buildPage();
  const { code } = await capture(await node22(), [import.meta.filename, ...args, "--here"], {
    output: "both",
    env: await chromium(),
  });
  process.exitCode = code === 0 ? 0 : 1;
}
