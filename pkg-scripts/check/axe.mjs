// `npm run axe`: axe over every state of the admin page in every way to look at it – light, dark,
// forced colours, Korean, English, 1280 and 320 pixels. Some minutes; `npm test` looks at each
// state in one way.

import { buildPage, buildWorker } from "../build/build.mjs";
import { run } from "../common/process.mjs";
import { commandLine, main } from "../common/program.mjs";
import { chromium } from "../tools/chromium.mjs";
import { node22 } from "../tools/runtimes.mjs";

main(import.meta, async () => {
  const { positionals } = commandLine({ allowPositionals: true });
  await buildWorker();
  await buildPage();
  // No state but these, where some are named.
  const asked = positionals.length > 0 ? { AXE_STATES: positionals.join(",") } : {};
  await run(await node22(), ["--test", "tests/page/axe.test.mjs"], {
    env: { ...(await chromium()), ...asked, AXE_MATRIX: "whole" },
  });
});
