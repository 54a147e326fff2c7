// `npm run axe`: axe over every state of the admin page in every way to look at it – light, dark,
// forced colours, Korean, English, 1280 and 320 pixels. Some minutes; `npm test` looks at each
// state in one way. `npm run axe -- "review sheet" totals` looks at these states alone.

import { buildPage, buildWorker } from "../build/build.mjs";
import { run } from "../common/process.mjs";
import { chosen, commandLine, main } from "../common/program.mjs";
import { chromium } from "../tools/chromium.mjs";
import { npmPackages } from "../tools/npm.mjs";
import { node22 } from "../tools/runtimes.mjs";

main(import.meta, async () => {
  const { positionals } = commandLine({ allowPositionals: true });
  const names = positionals.join(",") || undefined;
  await npmPackages();
  const { STATES } = await import("../../tests/page/states.mjs");
  chosen(names, Object.keys(STATES), "state");
  await buildWorker();
  await buildPage();
  const asked = names === undefined ? {} : { AXE_STATES: names };
  await run(await node22(), ["--test", "tests/page/axe.test.mjs"], {
    env: { ...(await chromium()), ...asked, AXE_MATRIX: "whole" },
  });
});
