// wrangler, as every script runs it.

import { join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { npmPackages } from "./npm.mjs";
import { node22 } from "./runtimes.mjs";

/**
 * How to run wrangler, quiet and without asking anything of the internet:
 * spawn(command, [...args, "dev", …], { env: { ...process.env, ...env } }).
 */
export async function wrangler() {
  await npmPackages();
  return {
    command: await node22(),
    args: [join(root, "node_modules", "wrangler", "bin", "wrangler.js")],
    env: {
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_HIDE_BANNER: "true", // the banner asks the registry for a newer version
      WRANGLER_LOG_PATH: join(target, "wrangler-logs"),
      WRANGLER_SEND_METRICS: "false",
    },
  };
}
