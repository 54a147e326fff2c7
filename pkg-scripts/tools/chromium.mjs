// The browser that the page is tested in.

import { capture, onPath, works } from "../common/process.mjs";
import { Stop, say } from "../common/program.mjs";

/** Path of a Chromium, with a font that has Korean. CHROMIUM names another. */
export async function chromium() {
  const find = () => process.env.CHROMIUM || CHROMIUM_NAMES.map(onPath).find(Boolean);
  const hasKorean = async () =>
    (await capture("fc-list", [":lang=ko", "family"])).output.trim() !== "";
  const missing = [];
  if (!find()) missing.push("chromium");
  if (!(await hasKorean())) missing.push("fonts-noto-cjk");
  if (missing.length > 0) await aptInstall(missing);
  const path = find();
  if (path && (await works(path, "--version"))) return path;
  throw new Stop(
    "A Chromium is missing: install one (Debian: apt-get install chromium), or give its path in CHROMIUM.",
  );
}

const CHROMIUM_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Installs packages of Debian or Ubuntu where that is possible; tells whether it was. */
export async function aptInstall(packages) {
  if (!onPath("apt-get")) return false;
  const isRoot = process.getuid() === 0;
  if (!isRoot && !(await works("sudo", "-n", "true"))) return false;
  say(`getting ${packages.join(", ")} from the distribution …`);
  const apt = async (...args) => {
    const line = [
      ...(isRoot ? [] : ["sudo", "-n"]),
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-qq",
    ];
    line.push("-o", "DPkg::Lock::Timeout=300", ...args);
    return (await capture(line[0], line.slice(1))).code === 0;
  };
  // A package source that cannot be reached must not stand in the way of the others.
  await apt("update");
  return apt("install", "-y", "--no-install-recommends", ...packages);
}
