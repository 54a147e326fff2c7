// Which entry each runtime and bundler gets, and that it works where the runtime is unlike Node:
// Next's edge runtime, Jest's jsdom, a worker's bundle, a runtime that does not load WebAssembly.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import vm from "node:vm";
import { build } from "esbuild";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";

/**
 * @import { Plugin } from "esbuild"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @typedef {string | { [condition: string]: Entry }} Entry
 */

const run = promisify(execFile);
const dist = join(root, "dist", "npm");
const work = join(target, "test", "entries");

/** Both look-ups and one error, of the package in the global `payple`. */
const BOTH_LOOKUPS = `(async () => {
  const client = new payple.PaypleClient({
    environment: "test", cstId: "test", custKey: "abcd1234567890", origins: { hub: origin, cpay: origin }, fetch });
  const group = await client.lookupPayoutRequests("Q0RSSkYzWUI3");
  const key = await client.lookupBillingKey("BK_CARD_001");
  const error = await client.lookupBillingKey("BK_UNKNOWN").catch((error) => error);
  const review = payple.reviewPayoutRequests(group, { total: 1 });
  return JSON.stringify([group.count, key.type, error instanceof payple.PaypleError, error.code, review.consistent]);
})()`;
const BOTH_ANSWERS = JSON.stringify([4, "card", true, "SPCD0001", false]);

describe("the entry", () => {
  /** @type {Sandbox} */
  let sandbox;

  before(async () => {
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  /** @type {[string, string, string[], string][]} */
  const table = [
    ["workerd of wrangler", "import", ["workerd", "worker", "browser"], "workerd.mjs"],
    ["Next's edge runtime", "import", ["edge-light", "worker", "browser"], "edge-light.mjs"],
    ["Next's edge runtime, required", "require", ["edge-light", "worker"], "edge-light.mjs"],
    ["a worker's bundle", "import", ["worker", "browser"], "index.mjs"],
    ["a worker's bundle, required", "require", ["worker", "browser"], "index.cjs"],
    ["a web page", "import", ["browser", "module"], "page.mjs"],
    ["a web page, required", "require", ["browser", "module"], "page.mjs"],
    ["Jest's jsdom", "require", ["browser"], "index.cjs"],
    ["Node", "import", ["node"], "index.mjs"],
    ["Node, required", "require", ["node"], "index.cjs"],
    ["anything else", "import", [], "index.mjs"],
  ];
  for (const [who, how, conditions, file] of table) {
    test(`of ${who} is ${file}`, () => {
      const { exports } = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
      assert.equal(basename(String(resolve(exports["."], [how, ...conditions, "default"]))), file);
    });
  }

  test("of the edge runtime takes a module of another realm", async () => {
    const bundle = await bundled("edge-light.mjs", {
      name: "wasm?module",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "module" }));
        onLoad({ filter: /.*/, namespace: "module" }, () => ({
          contents: "export default globalThis.edgeModule",
        }));
      },
    });
    const module = await WebAssembly.compile(readFileSync(join(dist, "payple_edge_bg.wasm")));
    const { fetch, URL, crypto, TextEncoder, TextDecoder, AbortController } = globalThis;
    const edge = { fetch, URL, crypto, TextEncoder, TextDecoder, AbortController };
    const more = { edgeModule: module, EdgeRuntime: "edge-runtime" };
    assert.equal(await inRealm(bundle, { ...edge, ...more, origin: sandbox.origin }), BOTH_ANSWERS);
  });

  test("of Jest's jsdom needs no TextDecoder and no TextEncoder", async () => {
    const entry = `const module = { exports: {} }; ${readFileSync(join(dist, "index.cjs"), "utf8")}
      globalThis.payple = module.exports;`;
    const { fetch, crypto, AbortController } = globalThis;
    const jsdom = { document: {}, process, fetch, crypto, AbortController, origin: sandbox.origin };
    assert.equal(await inRealm(entry, jsdom), BOTH_ANSWERS);
  });

  test("says what to do where WebAssembly is switched off", async () => {
    const script = join(work, "jitless.mjs");
    writeFileSync(
      script,
      `import { PaypleClient, reviewPayoutRequests } from "${join(dist, "index.mjs")}";
      const group = { groupKey: "G", total: 0, count: 0, requests: [] };
      for (const act of [
        () => new PaypleClient({ environment: "test", cstId: "test", custKey: "key" }),
        () => reviewPayoutRequests(group, { count: 0 }),
      ]) {
        try { act(); } catch ({ name, kind, hint, hintKo }) { console.log(JSON.stringify({ name, kind, hint, hintKo })); }
      }`,
    );
    const { stdout } = await run(process.execPath, ["--jitless", "--no-warnings", script]);
    const errors = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(errors.length, 2);
    for (const { name, kind, hint, hintKo } of errors) {
      assert.deepEqual([name, kind], ["PaypleError", "invalid_config"]);
      assert.match(hint, /--jitless/);
      assert.match(hintKo, /--jitless/);
    }
  });

  test("says which export condition a bundle lacks where WebAssembly is taken as a file alone", async () => {
    const entry = `const module = { exports: {} }; ${readFileSync(join(dist, "index.cjs"), "utf8")}
      globalThis.payple = module.exports;`;
    const { TextEncoder, TextDecoder } = globalThis;
    const outcome = vm.runInContext(
      `${entry} try { new payple.PaypleClient({ environment: "test", cstId: "test", custKey: "key" }); "no error" }
      catch (error) { JSON.stringify([error.kind, error.hint, error.cause.name]) }`,
      vm.createContext(
        { atob, TextEncoder, TextDecoder },
        { codeGeneration: { wasm: false, strings: false } },
      ),
    );
    assert.match(outcome, /invalid_config.*workerd.*edge-light.*CompileError/);
  });
});

/**
 * As Node resolves a package's `exports`: the first condition that holds, all the way down.
 * @param {Entry} entry
 * @param {string[]} conditions
 * @returns {string | undefined}
 */
function resolve(entry, conditions) {
  if (typeof entry === "string") return entry;
  for (const [condition, next] of Object.entries(entry)) {
    const found = conditions.includes(condition) && resolve(next, conditions);
    if (found) return found;
  }
  return undefined;
}

/**
 * An entry as a script that leaves the package in the global `payple`.
 * @param {string} entry
 * @param {Plugin} plugin
 */
async function bundled(entry, plugin) {
  const { outputFiles } = await build({
    entryPoints: [join(dist, entry)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "payple",
    plugins: [plugin],
  });
  return outputFiles[0].text;
}

/**
 * What both look-ups come to, in a realm of its own that has these globals alone.
 * @param {string} entry
 * @param {object} globals
 */
function inRealm(entry, globals) {
  const { atob, setTimeout, clearTimeout, queueMicrotask, console } = globalThis;
  const common = { atob, setTimeout, clearTimeout, queueMicrotask, console };
  const realm = vm.createContext({ ...common, ...globals });
  vm.runInContext(entry, realm);
  return vm.runInContext(BOTH_LOOKUPS, realm);
}
