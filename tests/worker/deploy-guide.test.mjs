// docs/deploy.md and docs/deploy.ko.md, followed as a reader would: every command runs, in the
// documents' order, up to what needs an account. Deploys are dry runs; what was deployed is a
// Worker of this machine, with the reader's own secrets.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse as parseToml } from "smol-toml";
import { startSandbox } from "../../sandbox/index.mjs";
import { eventually, startWorkers } from "./workers.mjs";

/**
 * What is read of wrangler.toml, and of what the guide adds to it.
 *
 * @typedef {object} Config
 * @property {{ required: string[] }} secrets
 * @property {object} [env]
 * @property {{ entrypoint: string, props: Record<string, unknown> }[]} [services]
 */

/**
 * @typedef {{ language: string, code: string }} Example
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const run = promisify(execFile);

/** What the relay's reader writes into a file of their own. */
const RELAY_SECRETS = "PROXY_CLIENT_ID=id\nPROXY_CLIENT_SECRET=secret\n";

test("both guides have the same commands and settings", () => {
  const bare = (/** @type {Example} */ { language, code }) => [
    language,
    code.replaceAll(/(^|\s)#.*$/gm, "").replaceAll(/[ \t]+$/gm, ""),
  ];
  const [english, korean] = ["deploy.md", "deploy.ko.md"].map(examplesOf);
  // The picture of the way to Payple is in each one's language.
  const commands = (/** @type {Example[]} */ examples) =>
    examples.filter(({ language }) => language).map(bare);
  assert.deepEqual(commands(korean), commands(english));
});

for (const path of ["deploy.md", "deploy.ko.md"]) {
  describe(`docs/${path}`, { timeout: 300_000 }, () => {
    const examples = examplesOf(path);
    const of = (/** @type {string} */ language) =>
      examples.filter((example) => example.language === language).map(({ code }) => code);
    /** @type {string} */
    let folder;
    /** @type {Sandbox} */
    let sandbox;
    /** @type {Workers} */
    let workers;
    /** @type {Record<string, string>} */
    let secrets;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "payple-edge-guide-"));
      for (const name of ["package.json", "pkg-scripts", "node_modules", "build", "www", "docs"])
        symlinkSync(join(root, name), join(folder, name));
      writeFileSync(join(folder, "wrangler.json"), JSON.stringify(withSettings(of("toml"))));
      mkdirSync(join(folder, "bin"));
      for (const [name, script] of Object.entries(COMMANDS)) {
        writeFileSync(join(folder, "bin", name), script);
        chmodSync(join(folder, "bin", name), 0o755);
      }
      sandbox = await startSandbox();
    });
    after(async () => {
      await workers?.close();
      await sandbox?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Runs an example as it stands, with the addresses of this machine. */
    const follow = async (/** @type {string} */ code) => {
      const aimed = code
        .replaceAll("https://payple-edge.<you>.workers.dev", workers?.test.origin ?? "")
        .replaceAll('"groupKey":"…"', '"groupKey":"Q0RSSkYzWUI3"');
      const { stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", aimed], {
        cwd: folder,
        env: {
          ...process.env,
          PATH: [join(folder, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
          WRANGLER: join(root, "node_modules/wrangler/bin/wrangler.js"),
          WRANGLER_LOG_PATH: folder,
          WRANGLER_SEND_METRICS: "false",
          WRANGLER_HIDE_BANNER: "true",
          CLOUDFLARE_CF_FETCH_ENABLED: "false",
        },
      });
      return { stdout, stderr };
    };
    const [build, deploy, ask, deployLive, tokens, putTokens, deployRelay, ...more] = of("sh");

    test("has the commands that are followed here", () => {
      assert.deepEqual(more, []);
      const put = "npx wrangler secret put NAMED_TOKENS --env live < .dev.vars.named-tokens\n";
      assert.equal(putTokens, put);
    });

    test("builds, makes the secrets and deploys the test Worker with them", async () => {
      await follow(build);
      const { stdout, stderr } = await follow(deploy);
      secrets = readSecrets(join(folder, ".dev.vars.deploy"));
      for (const name of configOf(readRoot("wrangler.toml")).secrets.required) {
        assert.ok(secrets[name], name);
        assert.ok(stdout.includes(`env.${name} ("(hidden)")`), stdout);
      }
      assert.equal(new Set(Object.values(secrets)).size, Object.keys(secrets).length);
      assert.doesNotMatch(stdout + stderr, /WARNING|Unexpected/);
    });

    test("gets from it what it promises", async () => {
      workers = await startWorkers({
        test: { origin: sandbox.origin, settings: secrets },
        caller: {
          script: callerOf(of("js")[0]),
          services: { PAYPLE: serviceOf(of("toml")) },
        },
      });
      const { stdout } = await follow(ask);
      const [, promised = ""] = /^# (\{.*\})$/m.exec(ask) ?? [];
      assert.ok(promised);
      assert.ok(stdout.startsWith(promised), `${stdout} is not ${promised}`);
      const group = JSON.parse(stdout.slice(promised.length));
      assert.deepEqual([group.total, group.review.consistent], [4000, true]);
    });

    test("deploys live, with the settings that it says", async () => {
      writeFileSync(
        join(folder, ".dev.vars.live"),
        readFileSync(join(folder, ".dev.vars.deploy"), "utf8"),
      );
      const { stdout, stderr } = await follow(deployLive);
      for (const binding of [
        'PAYPLE_ENVIRONMENT ("live")',
        "PAYPLE_EGRESS (payple-egress)",
        "ACCESS_TEAM_DOMAIN",
        "ROLES",
        "RECORD_KEY",
      ])
        assert.ok(stdout.includes(`env.${binding}`), `no ${binding} in ${stdout}`);
      assert.doesNotMatch(stdout + stderr, /WARNING|Unexpected/);
    });

    test("makes the tokens whose entries it shows", async () => {
      const { stdout, stderr } = await follow(tokens);
      assert.equal(stdout.trim().split("\n").length, 2);
      const entries = stderr.split("\n").flatMap((line) => (/^ {2}\{/.test(line) ? [line] : []));
      const [shown] = of("json");
      /** @type {(entry: { sha256: string, expires: string }) => object} */
      const shape = ({ sha256, expires, ...entry }) => ({
        ...entry,
        sha256: typeof sha256,
        expires: /^\d{4}-\d\d-\d\d$/.test(expires),
      });
      assert.deepEqual(
        entries.map((entry) => shape(JSON.parse(entry))),
        JSON.parse(shown).map(shape),
      );
      writeFileSync(join(folder, ".dev.vars.named-tokens"), shown);
      const put = await follow(putTokens);
      assert.equal(JSON.parse(put.stdout).length, entries.length, "all of the list");
    });

    test("deploys the relay", async () => {
      writeFileSync(join(folder, ".dev.vars.relay"), RELAY_SECRETS);
      const { stdout, stderr } = await follow(deployRelay);
      for (const name of ["PROXY_ORIGIN", "PROXY_CLIENT_ID", "PROXY_CLIENT_SECRET"])
        assert.ok(stdout.includes(`env.${name}`), stdout);
      assert.doesNotMatch(stdout + stderr, /WARNING|Unexpected/);
    });

    test("looks up from another Worker, by the binding and the calls that it shows", async () => {
      const asked = {
        groupKey: "Q0RSSkYzWUI3",
        total: 4000,
        count: 4,
        payerId: "d0toSS9sT084bVJSNThScnFX",
      };
      const reply = await workers.caller.post("/", asked);
      assert.deepEqual(await reply.json(), { consistent: true, type: "card" });
    });

    test("shows the lines of the log as they are", async () => {
      const shown = of("json")[1]
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      /** @type {(value: object) => unknown[]} */
      const shape = (value) =>
        Object.entries(value).map(([name, of]) =>
          typeof of === "object" ? [name, shape(of)] : name,
        );
      for (const line of shown)
        await eventually(() => {
          const logged = workers.events(line.event).filter(({ route }) => route === line.route);
          assert.deepEqual(shape(logged[0]), shape(line));
        });
    });
  });
}

/**
 * Commands that need an account, and those that take long, are said and not run; a deploy is a dry
 * run.
 */
const COMMANDS = {
  npm: `#!/bin/sh
case "$*" in
  "run --silent token"*) shift 3; exec node pkg-scripts/run/token.mjs "$@" ;;
  "run token -- "*) shift 3; exec node pkg-scripts/run/token.mjs "$@" ;;
  "ci" | "run build") ;;
  *) echo "npm $* is not known here" >&2; exit 1 ;;
esac
`,
  npx: `#!/bin/sh
case "$*" in
  "wrangler deploy "*) shift; exec node "$WRANGLER" "$@" --dry-run ;;
  "wrangler login" | "wrangler tail --env live") ;;
  # As wrangler reads it where it is not typed.
  "wrangler secret put NAMED_TOKENS --env live") cat ;;
  *) echo "npx $* is not known here" >&2; exit 1 ;;
esac
`,
  curl: `#!/bin/sh
exec /usr/bin/env -i PATH="/usr/bin:/bin" curl --silent --show-error "$@"
`,
};

function readRoot(/** @type {string} */ path) {
  return readFileSync(join(root, path), "utf8");
}

/** The code of a guide, with the language of each block. */
function examplesOf(/** @type {string} */ path) {
  const guide = readRoot(`docs/${path}`);
  return [...guide.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent, language, code]) => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

function configOf(/** @type {string} */ text) {
  return /** @type {Config} */ (/** @type {unknown} */ (parseToml(text)));
}

/** wrangler.toml with what the guide adds to it. */
function withSettings(/** @type {string[]} */ snippets) {
  const settings = snippets.map(configOf).filter(({ env }) => env);
  return settings.reduce(merged, configOf(readRoot("wrangler.toml")));
}

/** One part of a configuration with another one over it, whatever it is. */
function merged(/** @type {any} */ one, /** @type {any} */ other) {
  if (typeof one !== "object" || typeof other !== "object" || Array.isArray(other)) return other;
  const both = { ...one };
  for (const [name, value] of Object.entries(other)) both[name] = merged(one[name], value);
  return both;
}

/** The binding of another Worker, to the Worker of the test. */
function serviceOf(/** @type {string[]} */ snippets) {
  const [{ entrypoint, props }] = snippets.flatMap((snippet) => configOf(snippet).services ?? []);
  return { name: "test", entrypoint, props };
}

/** A Worker that makes the calls of the guide. */
function callerOf(/** @type {string} */ code) {
  return `export default {
    async fetch(request, env) {
      const { groupKey, total, count, payerId } = await request.json();
      ${code}
      return Response.json({ consistent: group.review.consistent, type: key.type });
    },
  };`;
}

function readSecrets(/** @type {string} */ path) {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}
