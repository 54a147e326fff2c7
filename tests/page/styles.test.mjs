// The styles of the page: each class belongs to one component, and what is global styles elements
// alone.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, test } from "node:test";
import { cssModules } from "../../pkg-scripts/build/css-types.mjs";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const SOURCE = join(root, "www", "src");

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" });
const read = (/** @type {string} */ path) => readFileSync(join(SOURCE, path), "utf8");

describe("the styles of the page", () => {
  test("what is global styles no class", () => {
    const global = files.filter((path) => path.endsWith(".css") && !path.endsWith(".module.css"));
    assert.ok(global.length > 0);
    for (const path of global)
      assert.doesNotMatch(read(path).replace(/\/\*.*?\*\//gs, ""), /^[^:;{}@"]*\.[a-z]/im, path);
  });

  test("no element has a class by its mere name", () => {
    for (const path of files.filter((path) => path.endsWith(".tsx")))
      assert.doesNotMatch(read(path), /\bclass(Name)?="|\bclass(Name)?=\{[^}]*"|classList/, path);
  });

  test("every class of a module is used where the module is imported", async () => {
    const used = new Set();
    const byName = new Set();
    for (const path of files.filter((path) => /\.tsx?$/.test(path))) {
      const text = read(path);
      for (const [, name, module] of text.matchAll(/^import (\w+) from "(.+\.module\.css)";$/gm)) {
        const file = relative(SOURCE, resolve(SOURCE, dirname(path), module));
        for (const [, style] of text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g")))
          used.add(`${file}: ${style}`);
        // By a name of the data: which, the compiler knows.
        if (text.includes(`${name}[`)) byName.add(file);
      }
    }
    const modules = (await cssModules()).filter(([path]) => !byName.has(path));
    assert.ok(modules.length > 20);
    const all = modules.flatMap(([path, names]) => names.map((name) => `${path}: ${name}`));
    // The name of an animation is scoped like a class, and used by its own module.
    const spare = all.filter((name) => !used.has(name) && name !== "parts/common.module.css: turn");
    assert.deepEqual(spare, []);
  });
});
