// `npm start`: builds what is missing, runs the Payple sandbox, the Worker and its admin page, and
// says how to get in.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { devNull } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv } from "node:util";
import { buildPage, buildWorker } from "../build/build.mjs";
import { root, target } from "../common/checkout.mjs";
import { codeOf } from "../common/errors.mjs";
import { background } from "../common/process.mjs";
import { commandLine, main, Stop, say } from "../common/program.mjs";
import { readToml } from "../tools/toml.mjs";
import { wrangler } from "../tools/wrangler.mjs";

/** @typedef {{ hub: string, cpay: string }} Origins */

/** With the settings. @typedef {NodeJS.Dict<string> & { ADMIN_TOKEN: string }} Secrets */

/** A program in the background. @typedef {ReturnType<typeof follow>} Program */

main(import.meta, async () => {
  commandLine({});
  const port = portFrom("PORT", 8787);
  const secrets = localSettings(join(root, ".dev.vars"));
  const origins = givenOrigins(secrets);
  const sandboxPort = origins ? undefined : portFrom("SANDBOX_PORT", 8788);
  if (port === sandboxPort)
    throw new Stop(`PORT and SANDBOX_PORT are both ${port}: they must differ.`);
  await mustBeFree("PORT", port);
  if (sandboxPort !== undefined) await mustBeFree("SANDBOX_PORT", sandboxPort);

  await buildWorker();
  await buildPage();
  const tool = await wrangler();
  /** @type {{ required: string[] }} */
  const { required } = (await readToml("wrangler.toml")).secrets;

  /** @type {Program[]} */
  const running = [];
  const stopping = stopRequested();
  const over = new AbortController();
  try {
    if (sandboxPort !== undefined) running.push(startSandbox(sandboxPort));
    const sandboxOrigin = `http://127.0.0.1:${sandboxPort}`;
    const payple = origins ?? { hub: sandboxOrigin, cpay: sandboxOrigin };
    running.push(startWorker(tool, port, payple, secrets, required));
    const ended = Promise.race(running.map(failure));
    const wait = async () => {
      if (!origins) await answer(`${sandboxOrigin}/__sandbox/stats`, over.signal);
      // Details are shown only with a sign-in.
      const headers = { Authorization: `Bearer ${secrets.ADMIN_TOKEN}` };
      return answer(`http://127.0.0.1:${port}/healthz`, over.signal, headers);
    };
    const health = await Promise.race([wait(), ended, stopping]);
    if (health) {
      console.log(greeting(port, sandboxPort, secrets.ADMIN_TOKEN, health));
      for (const program of running) program.show();
    }
    await Promise.race([ended, stopping]);
  } finally {
    over.abort();
    await Promise.all(running.map((program) => program.stop()));
  }
  say("stopped");
});

/** @param {number} port */
function startSandbox(port) {
  return follow("sandbox", process.execPath, [
    join(root, "sandbox", "cli.mjs"),
    "--port",
    String(port),
  ]);
}

/**
 * @param {Awaited<ReturnType<typeof wrangler>>} tool
 * @param {number} port
 * @param {Origins} origins
 * @param {Secrets} secrets
 * @param {string[]} required the names of the secrets that wrangler.toml requires
 */
function startWorker({ command, args, env }, port, origins, secrets, required) {
  const state = join(target, "start", String(port));
  forgetTokens(join(state, "v3"));
  // wrangler takes a secret from the environment, where other users of this machine do not see it,
  // when wrangler.toml requires it; an optional one has to go the way of a setting.
  /** @param {(isRequired: boolean) => boolean} isWanted */
  const pick = (isWanted) =>
    Object.fromEntries(
      Object.entries(secrets).filter(([name]) => isWanted(required.includes(name))),
    );
  const vars = {
    PAYPLE_ENVIRONMENT: "test",
    ...pick((isRequired) => !isRequired),
    PAYPLE_HUB_ORIGIN: origins.hub,
    PAYPLE_CPAY_ORIGIN: origins.cpay,
  };
  const options = [
    ["--local"],
    ["--ip", "127.0.0.1"],
    ["--port", String(port)],
    ["--persist-to", state],
    // In place of .dev.vars, which has been read: the environment is looked into only without it.
    ["--env-file", devNull],
    ["--show-interactive-dev-session=false"],
    ...Object.entries(vars).map(([name, value]) => ["--var", `${name}:${value}`]),
  ];
  return follow("worker", command, [...args, "dev", ...options.flat()], {
    ...env,
    ...pick((isRequired) => isRequired),
  });
}

/**
 * The sandbox forgets the tokens that it gave when it ends, so the Worker begins without any. Its
 * access record stays.
 * @param {string} state
 */
function forgetTokens(state) {
  /** @param {string} path */
  const folders = (path) => (existsSync(path) ? readdirSync(path) : []);
  for (const kind of folders(state).filter((kind) => kind !== "do" && kind !== "r2"))
    rmSync(join(state, kind), { recursive: true, force: true });
  for (const object of folders(join(state, "do")).filter(
    (name) => !name.endsWith("-AccessRecords"),
  ))
    rmSync(join(state, "do", object), { recursive: true, force: true });
}

/**
 * Runs a program in the background; what it prints is kept until `show()`, then passed on under its
 * name.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function follow(name, command, args, env) {
  let kept = "";
  let isShown = false;
  /** @param {string} text */
  const print = (text) => process.stdout.write(text.replace(/^(?=.)/gm, `${name} │ `));
  /** @param {string} text */
  const onOutput = (text) => {
    if (isShown) print(text);
    else kept += text;
  };
  const program = background(command, args, { env, onOutput });
  return { ...program, name, show: () => (isShown = true), said: () => kept };
}

/** @param {Program} program @returns {Promise<never>} */
async function failure({ name, ended, said }) {
  const code = await ended;
  throw new Stop(`The ${name} ended by itself (${code}).\n${said()}`);
}

/**
 * The first answer of a server that is starting; none when it is no longer waited for.
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {Record<string, string>} [headers]
 */
async function answer(url, signal, headers = {}) {
  while (!signal.aborted) {
    try {
      const response = await fetch(url, {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      await sleep(200);
    }
  }
  return undefined;
}

/**
 * Resolves when the user ends the command: by Ctrl-C, by SIGTERM, or because npm has ended.
 * @returns {Promise<undefined>}
 */
function stopRequested() {
  return new Promise((resolve) => {
    const stop = () => resolve(undefined);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event)
      setInterval(() => process.ppid !== parent && stop(), 1_000).unref();
  });
}

/**
 * The secrets and settings of `file`, which is made when it is not there. What the environment has
 * wins.
 * @param {string} file
 * @returns {Secrets}
 */
export function localSettings(file) {
  const old = existsSync(file)
    ? readFileSync(file, "utf8")
    : "# Secrets for local runs: `npm start` made this file, git ignores it.\n";
  const secrets = parseEnv(old);
  const missing = Object.entries({
    ...PUBLIC_TEST_PAIR,
    ADMIN_TOKEN: randomBytes(32).toString("base64url"),
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    RECORD_KEY: randomBytes(32).toString("base64url"),
  }).filter(([name]) => !secrets[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(file, old.replace(/(?<=[^\n])$/, "\n") + lines.join(""), { mode: 0o600 });
  }
  /** @type {NodeJS.Dict<string>} */
  const all = { ...secrets, ...Object.fromEntries(missing) };
  for (const name of SETTINGS) if (process.env[name]) all[name] = process.env[name];
  const { ADMIN_TOKEN } = all;
  if (ADMIN_TOKEN && ADMIN_TOKEN.length >= 32) return { ...all, ADMIN_TOKEN };
  throw new Stop("ADMIN_TOKEN must have at least 32 characters.");
}

/**
 * The origins of the user's own stand-in for Payple, if both are given.
 * @param {NodeJS.Dict<string>} settings
 * @returns {Origins | undefined}
 */
export function givenOrigins({ PAYPLE_HUB_ORIGIN: hub, PAYPLE_CPAY_ORIGIN: cpay }) {
  if (!hub && !cpay) return undefined;
  if (hub && cpay) return { hub, cpay };
  throw new Stop("Give both PAYPLE_HUB_ORIGIN and PAYPLE_CPAY_ORIGIN, or neither of them.");
}

/** @param {string} name @param {number} usual */
function portFrom(name, usual) {
  const text = process.env[name] || String(usual);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Stop(`${name} must be a port number from 1 to 65535, not "${text}".`);
}

/** @param {string} name @param {number} port */
async function mustBeFree(name, port) {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    const code = codeOf(error);
    const reason =
      code === "EADDRINUSE" ? "is in use by another program" : `cannot be used (${code})`;
    throw new Stop(
      `Port ${port} ${reason}: end that program, or choose another port with ${name}=… npm start.`,
    );
  }
  server.close();
  await once(server, "close");
}

/**
 * @param {number} port
 * @param {number | undefined} sandboxPort
 * @param {string} token
 * @param {{ status: number, text: string }} health
 */
function greeting(port, sandboxPort, token, health) {
  const sandbox = sandboxPort
    ? `\n  Payple sandbox · 샌드박스   http://127.0.0.1:${sandboxPort}`
    : "";
  const problem =
    health.status === 200
      ? ""
      : `\n  ⚠ /healthz answers ${health.status}: ${detailOf(health.text)}\n`;
  return `
  payple-edge
  Admin page · 관리 페이지    http://localhost:${port}${sandbox}

  Sign in with the access token · 접속 토큰으로 로그인
    ${token}

  Try a payout request group · 지급이체 요청 조회 (group key)
    ${GROUP_KEY}
  Try a billing key · 빌링키 조회 (PCD_PAYER_ID)
    ${BILLING_KEYS.card}           card · 카드
    ${BILLING_KEYS.account}   account · 계좌
${problem}
  Ctrl-C ends everything · Ctrl-C를 누르면 모두 종료됩니다
`;
}

/** What a problem says, or the whole text of another answer. @param {string} text */
function detailOf(text) {
  try {
    return JSON.parse(text).detail ?? text;
  } catch {
    return text;
  }
}

// Published by Payple for its test servers: no secret.
const PUBLIC_TEST_PAIR = { PAYPLE_CST_ID: "test", PAYPLE_CUST_KEY: "abcd1234567890" };

// All that the Worker reads (docs/deploy.md).
const SETTINGS = [
  "PAYPLE_ENVIRONMENT",
  "PAYPLE_HUB_ORIGIN",
  "PAYPLE_CPAY_ORIGIN",
  "PAYPLE_CST_ID",
  "PAYPLE_CUST_KEY",
  "PAYPLE_HUB_CST_ID",
  "PAYPLE_HUB_CUST_KEY",
  "PAYPLE_REFERER",
  "ADMIN_TOKEN",
  "SESSION_SECRET",
  "RECORD_KEY",
  "RECORD_RETENTION_DAYS",
  "EXPORT_REASON",
  "NAMED_TOKENS",
  "ACCESS_TEAM_DOMAIN",
  "ACCESS_AUD",
  "ROLES",
  "ACCEPT_WITHOUT",
];

const GROUP_KEY = "Q0RSSkYzWUI3";
const BILLING_KEYS = {
  card: "d0toSS9sT084bVJSNThScnFX",
  account: "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
};
