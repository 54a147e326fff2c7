// `npm run conformance`: schemathesis (from PyPI) tries the running Worker against its own OpenAPI
// description.
//
// `npm run conformance -- --max-examples 1000` tries that many of each operation; what follows
// another `--` goes to `schemathesis run`.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { capture, orStop, run } from "../common/process.mjs";
import { commandLine, main, Stop, say, wholeNumber } from "../common/program.mjs";
import { underNode22 } from "./long-run.mjs";

main(import.meta, async () => {
  const { values, positionals } = commandLine({
    options: {
      "max-examples": { type: "string", default: "300" },
      here: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const examples = wholeNumber("max-examples", values["max-examples"]);
  if (!values.here) return await underNode22(import.meta.filename);
  const schemathesis = await install();
  const { startSandbox } = await import("../../sandbox/index.mjs");
  const { ADMIN_TOKEN, startWorkers } = await import("../../tests/worker/workers.mjs");
  const sandbox = await startSandbox();
  const workers = await startWorkers({ api: { origin: sandbox.origin, limit: 1_000_000 } });
  try {
    const config = ["--config-file", join(root, "tests", "worker", "schemathesis.toml")];
    const env = {
      SCHEMATHESIS_HOOKS: join(root, "tests", "worker", "schemathesis_hooks.py"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const options = [
      "-H",
      `Authorization: Bearer ${ADMIN_TOKEN}`,
      "--max-examples",
      String(examples),
      "--no-color",
      "--warnings",
      "off",
    ];
    await run(
      schemathesis,
      [...config, "run", `${workers.api.origin}/openapi.json`, ...options, ...positionals],
      { cwd: target, env },
    );
    say(`the Worker answered ${workers.events("request").length} requests`);
  } finally {
    await Promise.all([workers.close(), sandbox.close()]);
  }
});

async function install() {
  const folder = join(target, "tools", `schemathesis-${VERSION}`);
  const path = join(folder, "bin", "schemathesis");
  if (existsSync(path)) return path;
  if ((await capture("python3", ["-c", "import venv, ensurepip"])).code !== 0) {
    throw new Stop("Python 3 with venv is missing (Debian: apt-get install python3-venv).");
  }
  say(`getting schemathesis ${VERSION} …`);
  await run("python3", ["-m", "venv", folder]);
  await orStop(
    run(join(dirname(path), "pip"), ["install", "--quiet", `schemathesis==${VERSION}`]),
    "Is PyPI reachable? It is needed for this command alone.",
  );
  return path;
}

const VERSION = "4.32.5";
