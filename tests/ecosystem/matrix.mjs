// One case of the matrix: the tarball installed as a stranger would, types checked, built, and
// asked against the sandbox.

import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { messageOf } from "../../pkg-scripts/common/errors.mjs";
import { background, capture } from "../../pkg-scripts/common/process.mjs";
import { node22 } from "../../pkg-scripts/tools/runtimes.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { closedPort } from "../closed-port.mjs";

const cases = join(root, "tests/ecosystem/cases");
const work = join(target, "ecosystem");

/**
 * What each case must report: the sandbox's sample group and card, and its refusal of an unknown
 * group.
 */
export const EXPECTED = {
  total: 4000,
  requests: 4,
  consistent: true,
  billingKey: "BC카드",
  error: { kind: "rejected", code: "A0404", isError: true },
};

/** The names of the cases, in the order of the table. */
export function caseNames() {
  return readdirSync(cases).sort();
}

/**
 * What the matrix knows of a case.
 * @typedef {object} About
 * @property {string} title
 * @property {string[]} [shows] the packages whose versions its row shows
 * @property {string[]} [routes] of its server, each to be asked
 * @property {string[]} [forms] of its server, each to be sent
 * @property {number} [reports] how many it writes to a file
 * @property {Installer} [installer]
 * @property {string} [builtBy]
 * @property {string} [shared] where what all cases share goes, below its folder
 *
 * @typedef {"npm" | "pnpm" | "yarn"} Installer
 * @typedef {{ cwd: string, env: Record<string, string> }} Surroundings
 */

/**
 * What a case says of itself, in its package.json.
 * @param {string} name
 * @returns {{ ecosystem: About, dependencies: object, scripts: Record<string, string> }}
 */
export function aboutCase(name) {
  return JSON.parse(readFileSync(join(cases, name, "package.json"), "utf8"));
}

/** The package as npm would publish it. */
export async function packed() {
  rmSync(join(work, "tarball"), { recursive: true, force: true });
  mkdirSync(join(work, "tarball"), { recursive: true });
  const folder = join(work, "tarball");
  const args = ["pack", join(root, "dist/npm"), "--pack-destination", folder, "--silent"];
  const { code, output } = await capture("npm", args);
  assert.equal(code, 0, output);
  return join(folder, readdirSync(folder)[0]);
}

/**
 * Runs a case, and returns the versions of what it shows and how long each step took.
 * @param {string} name
 * @param {string} tarball
 */
export async function runCase(name, tarball) {
  const about = aboutCase(name);
  const {
    shows = [],
    routes = [],
    forms = [],
    reports = 0,
    installer = "npm",
    builtBy,
  } = about.ecosystem;
  const folder = join(work, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(cases, name), folder, { recursive: true });
  for (const file of readdirSync(join(root, "tests/ecosystem/shared")))
    cpSync(
      join(root, "tests/ecosystem/shared", file),
      join(folder, about.ecosystem.shared ?? ".", file),
    );
  // Beside the case, so that its path is the same wherever it is.
  cpSync(tarball, join(folder, "payple-edge.tgz"));
  about.dependencies = { ...about.dependencies, "payple-edge": "file:./payple-edge.tgz" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(about, null, 2));

  // Yarn takes a folder with a lock file of its own for a project of its own.
  if (installer === "yarn") writeFileSync(join(folder, "yarn.lock"), "");

  const sandbox = await startSandbox();
  const env = {
    PATH: `${dirname(await node22())}${delimiter}${process.env.PATH}`,
    SANDBOX: sandbox.origin,
    REPORT: join(folder, "report.jsonl"),
    CI: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    NEXT_TELEMETRY_DISABLED: "1",
    NUXT_TELEMETRY_DISABLED: "1",
  };
  /** @type {Record<string, number>} */
  const seconds = {};
  /** @param {string} step @param {string} command @param {string[]} args */
  const step = async (step, command, args) => {
    const startedAt = performance.now();
    const { code, output } = await capture(command, args, {
      cwd: folder,
      env,
      timeoutMs: STEP_LIMIT_MS,
    });
    assert.equal(code, 0, `${name}: ${step} failed\n${output.slice(-6_000)}`);
    seconds[step] = (performance.now() - startedAt) / 1_000;
  };
  try {
    for (const [command, ...args] of INSTALL[installer]) await step("install", command, args);
    for (const script of ["types", "build", "ask"])
      if (about.scripts[script]) await step(script, ...runner(installer, script));
    const told = existsSync(env.REPORT)
      ? readFileSync(env.REPORT, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
    assert.equal(told.length, reports, `${name} reported ${told.length} times`);
    if (routes.length + forms.length > 0)
      told.push(...(await askServer(name, folder, env, { routes, forms })));
    assert.ok(told.length > 0, `${name} reported nothing`);
    for (const report of told) assert.deepEqual(report, EXPECTED, name);
    const versions = shows.map((dependency) => {
      const { version } = JSON.parse(
        readFileSync(join(folder, "node_modules", dependency, "package.json"), "utf8"),
      );
      return `${dependency} ${version}`;
    });
    versions.unshift(...(await installerVersion(installer, { cwd: folder, env })));
    const { title } = about.ecosystem;
    return { name, title, versions, builtBy, checked: told.length, seconds };
  } finally {
    await sandbox.close();
  }
}

/**
 * Starts the case's server, asks each of its routes, and sends each of its forms.
 * @param {string} name
 * @param {string} folder
 * @param {Record<string, string>} env
 * @param {Required<Pick<About, "routes" | "forms">>} about
 */
async function askServer(name, folder, env, { routes, forms }) {
  const port = await closedPort();
  let output = "";
  const server = background("npm", ["run", "--silent", "start"], {
    cwd: folder,
    env: { ...env, PORT: String(port), HOST: "127.0.0.1", HOSTNAME: "127.0.0.1" },
    onOutput: (text) => {
      output += text;
    },
  });
  try {
    const reports = [];
    const origin = `http://127.0.0.1:${port}`;
    for (const route of routes) reports.push(reportIn(await read(origin + route)));
    for (const form of forms) reports.push(await sendForm(origin + form));
    return reports;
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}\n${output.slice(-6_000)}`);
  } finally {
    await server.stop();
  }
}

/** What a page of a server that may still be starting holds. */
async function read(/** @type {string} */ url) {
  for (let waited = 0; ; waited += 250) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return textOf(response);
    if (waited > 60_000) throw new Error(`${url}: nobody answered`);
    await sleep(250);
  }
}

/**
 * Sends a page's form, with its hidden fields, as a browser does that has not loaded the page's
 * script.
 * @param {string} url
 */
async function sendForm(url) {
  const page = await read(url);
  const fields = new FormData();
  for (const [input] of page.matchAll(/<input type="hidden"[^>]*>/g)) {
    const attribute = (/** @type {string} */ name) =>
      new RegExp(` ${name}="(.*?)"`).exec(input)?.[1] ?? "";
    fields.append(unescaped(attribute("name")), unescaped(attribute("value")));
  }
  const headers = { origin: new URL(url).origin };
  return reportIn(await textOf(await fetch(url, { method: "POST", body: fields, headers })));
}

async function textOf(/** @type {Response} */ response) {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${response.url} answered ${response.status} ${text.slice(0, 2_000)}`);
}

/** JSON, or a page that shows it. */
function reportIn(/** @type {string} */ body) {
  if (body.startsWith("{")) return JSON.parse(body);
  const [, shown] = /<pre id="report">(.*?)<\/pre>/s.exec(body) ?? [];
  if (shown === undefined) throw new Error(`no report in ${body.slice(0, 2_000)}`);
  return JSON.parse(unescaped(shown));
}

function unescaped(/** @type {string} */ html) {
  return html.replaceAll("<!-- -->", "").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** @param {Installer} installer @param {string} script @returns {[string, string[]]} */
function runner(installer, script) {
  const others = OTHER_INSTALLERS[installer];
  return others === undefined
    ? ["npm", ["run", "--silent", script]]
    : ["npx", ["--yes", others, "run", script]];
}

/**
 * Which installer it was, where that is what the case is about.
 * @param {Installer} installer
 * @param {Surroundings} options
 */
async function installerVersion(installer, options) {
  const others = OTHER_INSTALLERS[installer];
  if (others === undefined) return [];
  const { output } = await capture("npx", ["--yes", others, "--version"], options);
  return [`${installer} ${output.trim().split("\n").at(-1)}`];
}

/** @type {Partial<Record<Installer, string>> & { pnpm: string, yarn: string }} */
const OTHER_INSTALLERS = { pnpm: "pnpm@12", yarn: "@yarnpkg/cli-dist@4" };

const QUIET = [
  "--prefer-offline",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

/**
 * No package's script runs, and no peer that is optional is brought along.
 * @type {Record<Installer, [command: string, ...args: string[]][]>}
 */
const INSTALL = {
  npm: [["npm", "install", ...QUIET]],
  pnpm: [
    [
      "npx",
      "--yes",
      OTHER_INSTALLERS.pnpm,
      "install",
      "--ignore-scripts",
      "--reporter=append-only",
    ],
  ],
  yarn: [["npx", "--yes", OTHER_INSTALLERS.yarn, "install"]],
};

const STEP_LIMIT_MS = 10 * 60_000;
