// `npm run screenshots`: photographs every state of the admin page into target/screenshots, and
// those for the READMEs into docs/screenshots. `npm run screenshots -- ko-light-desktop` takes one
// set alone.

import { buildPage, buildWorker } from "../build/build.mjs";
import { run } from "../common/process.mjs";
import { chosen, commandLine, main, say } from "../common/program.mjs";
import { chromium } from "../tools/chromium.mjs";
import { npmPackages } from "../tools/npm.mjs";
import { node22 } from "../tools/runtimes.mjs";

main(import.meta, async () => {
  const { positionals } = commandLine({ allowPositionals: true });
  await npmPackages();
  const { SET_NAMES } = await import("../../tests/page/screenshots.mjs");
  chosen(positionals.join(",") || undefined, SET_NAMES, "set");
  await buildWorker();
  await buildPage();
  await run(await node22(), ["tests/page/screenshots.mjs", ...positionals], {
    env: await chromium(),
  });
  say("ready: target/screenshots, docs/screenshots");
});
