// Bundles worker.mjs with wrangler, runs it in workerd and prints what it answers.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { SANDBOX = "", WRANGLER = "" } = process.env;
const wrangler = createRequire(import.meta.url).resolve(WRANGLER);
/** @type {typeof import("wrangler")} */
const { unstable_startWorker } = await import(pathToFileURL(wrangler).href);
const worker = await unstable_startWorker({
  name: "sample",
  entrypoint: "worker.mjs",
  compatibilityDate: "2026-11-01",
  bindings: { SANDBOX: { type: "plain_text", value: SANDBOX } },
  dev: {
    logLevel: "error",
    inspector: false,
    watch: false,
    server: { hostname: "127.0.0.1", port: 0 },
  },
});
const response = await worker.fetch("http://sample.invalid/");
console.log(await response.text());
await worker.dispose();
process.exit(0);
