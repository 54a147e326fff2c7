// Assembles dist/npm, the publishable package, from what build.mjs has built.
//
// The WebAssembly of the face `npm` is in it twice: as a file for workerd and Next's edge runtime,
// which take no other form, and inside the entries for all other runtimes, so that it survives
// every bundler and needs no file system (docs/decisions/0002).

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { readToml } from "../tools/toml.mjs";
import { packCli } from "./cli.mjs";
import { adaptGlue } from "./glue.mjs";
import { packDocuments } from "./package-documents.mjs";

/** @import { BuildOptions, OnResolveArgs, Plugin } from "esbuild" */

/** How an entry takes the WebAssembly. @typedef {keyof typeof FORMS | "inline"} Form */

/**
 * What Cargo.toml says of the package.
 * @typedef {Record<"name" | "version" | "description" | "license" | "repository" | "homepage",
 *   string>} Crate
 */

/**
 * Fills `out` anew. The faces `npm` and `browser` must have been built. `faces` and `hidden` serve
 * test builds: another face folder, and exports that are not in the published entry.
 */
export async function pack({
  out = join(root, "dist", "npm"),
  npmFace = face("npm"),
  hidden = "",
} = {}) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, "sandbox"), { recursive: true });
  const { build } = await import("esbuild");
  // What crate and package have in common is said in Cargo.toml alone.
  /** @type {{ package: Crate }} */
  const { package: crate } = await readToml("Cargo.toml");

  const client = `export { PaypleClient, reviewPayoutRequests } from "${source("npm/js/client.mjs")}";${hidden}`;
  const error = `export { PaypleError } from "${source("npm/js/error.mjs")}";`;
  /**
   * @param {string} contents
   * @param {string} outfile
   * @param {BuildOptions & { form?: Form }} [options]
   */
  const bundle = (contents, outfile, { format = "esm", form = "file", ...more } = {}) =>
    build({
      stdin: { contents, resolveDir: root, sourcefile: outfile },
      outfile: join(out, outfile),
      bundle: true,
      format,
      platform: "neutral",
      target: "es2022",
      legalComments: "none",
      charset: "utf8",
      logLevel: "warning",
      // wasm-bindgen's default loader is cut off by `--omit-default-module-path`; in CommonJS
      // nothing else needs it.
      logOverride: { "empty-import-meta": "silent" },
      ...more,
      plugins: [wasm(form, npmFace), ...(format === "esm" ? [apart("error.mjs")] : [])],
    });

  await bundle(error, "error.mjs");
  for (const [name, form] of /** @type {const} */ ([
    ["index", "inline"],
    ["workerd", "file"],
    ["edge-light", "edge-light"],
  ])) {
    await bundle(client, `${name}-client.mjs`, { form });
    // In files of their own, so that who takes the error alone does not bundle the WebAssembly.
    const entry = `export { PaypleError } from "./error.mjs";\nexport * from "./${name}-client.mjs";\n`;
    writeFileSync(join(out, `${name}.mjs`), entry);
  }
  await bundle(client + error, "index.cjs", { form: "inline", format: "cjs" });
  await bundle(`export * from "${source("npm/js/page.mjs")}";`, "page.mjs");
  cpSync(join(npmFace, "payple_edge_bg.wasm"), join(out, "payple_edge_bg.wasm"));

  const edge = `export * from "${source("browser/js/index.mjs")}";`;
  await bundle(edge, "browser.mjs", { form: "address" });
  await bundle(edge, "browser.cjs", { form: "inline", format: "cjs" });
  cpSync(join(face("browser"), "payple_edge_bg.wasm"), join(out, "browser_bg.wasm"));

  // What is declared as a peer is taken from beside the package.
  const peer = {
    external: ["@opentelemetry/api"],
    define: { VERSION: JSON.stringify(crate.version) },
  };
  const telemetry = `export * from "${source("npm/js/opentelemetry.mjs")}";`;
  await bundle(telemetry, "opentelemetry.mjs", peer);
  await bundle(telemetry, "opentelemetry.cjs", { ...peer, format: "cjs" });

  const sources = readdirSync(join(root, "sandbox"), { encoding: "utf8", recursive: true });
  for (const file of sources.filter((name) => name.endsWith(".mjs"))) {
    cpSync(join(root, "sandbox", file), join(out, "sandbox", file));
  }
  const sandbox = `export * from "${join(root, "sandbox/index.mjs")}";`;
  // MSW is required from beside the package, also in CommonJS.
  const define = { "import.meta.url": "__filename" };
  await bundle(sandbox, "sandbox/index.cjs", { format: "cjs", platform: "node", define });

  await packCli(out, crate.version);

  const types = {
    index: readFileSync(source("npm/js/index.d.ts"), "utf8"),
    models: readFileSync(source("npm/js/models.d.ts"), "utf8"),
    browser: readFileSync(source("browser/js/index.d.ts"), "utf8"),
    opentelemetry: readFileSync(source("npm/js/opentelemetry.d.ts"), "utf8"),
    "sandbox/index": readFileSync(join(root, "sandbox/index.d.ts"), "utf8"),
  };
  for (const [name, text] of Object.entries(types)) {
    for (const [kind, script] of [
      ["d.mts", "mjs"],
      ["d.cts", "cjs"],
    ]) {
      writeFileSync(
        join(out, `${name}.${kind}`),
        text.replaceAll(
          /"\.[./]*(?:npm\/js\/)?(index|models)(?:\.d\.ts|\.mjs|\.js)?"/g,
          `"./$1.${script}"`,
        ),
      );
    }
  }

  for (const name of readdirSync(root).filter((name) => name.startsWith("LICENSE")))
    cpSync(join(root, name), join(out, name));
  packDocuments(out, crate.repository);
  writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(crate), null, 2)}\n`);
}

/** @param {Crate} crate */
function manifest(crate) {
  /** @param {string} name */
  const both = (name) => ({
    import: { types: `./${name}.d.mts`, default: `./${name}.mjs` },
    require: { types: `./${name}.d.cts`, default: `./${name}.cjs` },
  });
  /** @param {string} name */
  const only = (name) => ({ types: "./index.d.mts", default: `./${name}.mjs` });
  return {
    name: crate.name,
    version: crate.version,
    description: crate.description,
    license: crate.license,
    repository: { type: "git", url: `git+${crate.repository}.git` },
    homepage: crate.homepage,
    bugs: { url: `${crate.repository}/issues` },
    keywords: [
      "payple",
      "페이플",
      "payments",
      "payout",
      "billing-key",
      "wasm",
      "cloudflare-workers",
    ],
    type: "module",
    engines: { node: ">=20" },
    sideEffects: false,
    // Read from the top: the edge runtimes also answer to `worker`, `browser` and `node` in some
    // bundlers, so they come first. A `worker` is no web page. A page's bundler says `module`, or
    // imports; who only requires is Jest's jsdom.
    exports: {
      ".": {
        workerd: only("workerd"),
        "edge-light": only("edge-light"),
        node: both("index"),
        worker: both("index"),
        browser: { module: only("page"), import: only("page"), require: both("index").require },
        ...both("index"),
      },
      "./browser": both("browser"),
      "./sandbox": both("sandbox/index"),
      "./opentelemetry": both("opentelemetry"),
      "./package.json": "./package.json",
    },
    main: "./index.cjs",
    module: "./index.mjs",
    types: "./index.d.cts",
    // For TypeScript's old `moduleResolution: node`, which reads no `exports`.
    typesVersions: {
      "*": {
        browser: ["./browser.d.cts"],
        sandbox: ["./sandbox/index.d.cts"],
        opentelemetry: ["./opentelemetry.d.cts"],
      },
    },
    peerDependencies: { "@opentelemetry/api": "^1.3.0", msw: ">=2" },
    peerDependenciesMeta: { "@opentelemetry/api": { optional: true }, msw: { optional: true } },
    bin: { "payple-edge": "cli.mjs", "payple-edge-sandbox": "sandbox/cli.mjs" },
  };
}

/**
 * Resolves what the sources leave open: `#glue`, `#text`, and `#wasm` in the form that an entry's
 * runtimes can take.
 * @param {Form} form
 * @param {string} npmFace
 * @returns {Plugin}
 */
function wasm(form, npmFace) {
  /** @param {string} importer */
  const folder = (importer) =>
    importer.includes(`${join("src", "browser")}`) ? face("browser") : npmFace;
  return {
    name: "wasm",
    setup(build) {
      build.onResolve({ filter: /^#glue$/ }, ({ importer }) => ({
        path: join(folder(importer), "payple_edge.js"),
      }));
      build.onResolve({ filter: /^#text$/ }, () => ({ path: source("npm/js/text.mjs") }));
      // From the checkout: esbuild names it in a comment.
      build.onResolve({ filter: /^#wasm$/ }, ({ importer }) => ({
        path: relative(root, folder(importer)),
        namespace: "wasm",
      }));
      build.onResolve({ filter: /\.wasm(\?module)?$/, namespace: "wasm" }, ({ path }) => ({
        path,
        external: true,
      }));
      build.onLoad({ filter: /payple_edge\.js$/ }, ({ path }) => {
        const glue = readFileSync(path, "utf8");
        return { contents: path.startsWith(npmFace) ? adaptGlue(glue) : glue };
      });
      build.onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({
        contents: form === "inline" ? inlined(join(root, path)) : FORMS[form],
      }));
    },
  };
}

/**
 * Keeps a source file out of the bundle: it lies beside the entries under the same name.
 * @param {string} name
 * @returns {Plugin}
 */
function apart(name) {
  /** @param {OnResolveArgs} asked */
  const isEntry = ({ importer }) => !importer.includes(join(root, "src"));
  return {
    name: "apart",
    setup(build) {
      build.onResolve({ filter: new RegExp(`/${name.replace(".", "\\.")}$`) }, (asked) =>
        isEntry(asked) ? undefined : { path: `./${name}`, external: true },
      );
    },
  };
}

const FORMS = {
  // workerd imports a file as a module.
  file: `import module from "./payple_edge_bg.wasm"; export default () => module;`,
  // Next does so where the address says it.
  "edge-light": `import module from "./payple_edge_bg.wasm?module"; export default () => module;`,
  // A page, and every bundler for pages, follows an address beside the script.
  address: `export default () => new URL("./browser_bg.wasm", import.meta.url);`,
};

/**
 * The module as text that every runtime can turn into bytes. Where there is a `Buffer` that takes
 * less than a millisecond; by `atob` alone it was half of the time from import to the first client.
 * @param {string} folder
 */
function inlined(folder) {
  const base64 = readFileSync(join(folder, "payple_edge_bg.wasm")).toString("base64");
  return `const base64 = "${base64}";
export default () =>
  globalThis.Buffer?.from(base64, "base64") ??
  Uint8Array.fromBase64?.(base64) ??
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));`;
}

/** @param {"npm" | "browser"} name */
function face(name) {
  return join(target, "faces", name);
}

/** @param {string} path */
function source(path) {
  return join(root, "src", path);
}
