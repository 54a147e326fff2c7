// npm packages that only some machines or steps need, such as a browser or another Node: got when
// they are asked for.

import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { target } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { orStop, run } from "../common/process.mjs";
import { say } from "../common/program.mjs";

/**
 * The node_modules of `packages/<name>/package.json`, exactly as the lock file there has them, in
 * target/tools.
 * @param {string} name
 */
export async function packagesOnDemand(name) {
  const from = join(import.meta.dirname, "packages", name);
  const wanted = readFileSync(join(from, "package-lock.json"), "utf8");
  const digest = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  const folder = join(target, "tools", `${name}-${digest}`);
  const stamp = join(folder, ".complete");
  await alone("tools", async () => {
    if (existsSync(stamp)) return;
    say(`getting ${name} from npm (once) …`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(from, folder, { recursive: true });
    const args = ["ci", "--prefix", folder, "--ignore-scripts", "--loglevel=error"];
    await orStop(run("npm", args), `Is the npm registry reachable? Run: npm ${args.join(" ")}`);
    writeFileSync(stamp, "");
  });
  return join(folder, "node_modules");
}
