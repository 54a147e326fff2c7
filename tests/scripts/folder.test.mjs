// A script's folder does not outlive the script.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { withFolder } from "../../pkg-scripts/common/folder.mjs";

const place = mkdtempSync(join(tmpdir(), "payple-edge-folder-"));
after(() => rmSync(place, { recursive: true, force: true }));

/** @param {string} file */
const moduleOf = (file) =>
  JSON.stringify(pathToFileURL(join(root, "pkg-scripts/common", file)).href);
/** When asked to end, the program writes into the folder once more. */
const PROGRAM = `
  const { mkdirSync } = require("node:fs");
  const end = () => setTimeout(() => (mkdirSync(process.argv[1] + "/late"), process.exit()), 300);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
  console.log(process.argv[1]);
  setInterval(() => {}, 1_000);
`;
/** @type {Record<string, string>} */
const BODIES = {
  "that waits": `console.log(folder); await new Promise(() => setInterval(() => {}, 1_000));`,
  "that runs a program": `await capture(process.execPath, ["-e", ${JSON.stringify(PROGRAM)}, folder], { output: "both" });
    await new Promise(() => {});`,
  "with two folders": `const other = ${JSON.stringify(join(place, "c-"))};
    await withFolder(other, () => (console.log(folder), new Promise(() => setInterval(() => {}, 1_000))));`,
  "that exits": `console.log(folder); process.on("SIGINT", () => process.exit());
    process.on("SIGTERM", () => process.exit()); process.on("SIGHUP", () => process.exit());
    await new Promise(() => setInterval(() => {}, 1_000));`,
};

for (const [what, body] of Object.entries(BODIES))
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    test(`${signal} at a script ${what} removes its folder`, { timeout: 20_000 }, async () => {
      const code = `
        import { withFolder } from ${moduleOf("folder.mjs")};
        import { capture } from ${moduleOf("process.mjs")};
        await withFolder(${JSON.stringify(join(place, "a-"))}, async (folder) => { ${body} });`;
      const script = spawn(process.execPath, ["--input-type=module", "-e", code], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = await once(script.stdout, "data");
      const folder = String(said).trim();
      assert.ok(existsSync(folder));
      script.kill(signal);
      const [, endedBy] = await once(script, "exit");
      assert.deepEqual(
        [existsSync(folder), endedBy],
        [false, what === "that exits" ? null : signal],
      );
    });

test("of all of these nothing is left", () => assert.deepEqual(readdirSync(place), []));

test("a body that fails has its folder removed, and its error passed on", async () => {
  let folder = "";
  const work = withFolder(join(place, "b-"), async (its) => {
    folder = its;
    assert.ok(existsSync(folder));
    throw new Error("no luck");
  });
  await assert.rejects(work, /no luck/);
  assert.equal(existsSync(folder), false);
});
