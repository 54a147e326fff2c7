// What the documents say about the Worker is true: settings, bindings, and the tests they name.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (/** @type {string} */ path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** How many threats each names at least. */
const THREATS = { "SECURITY.md": 40, "docs/security-tests.md": 12 };
for (const [document, least] of Object.entries(THREATS))
  test(`each threat in ${document} names a test that there is`, () => {
    const rows = read(document)
      .split("\n")
      .filter((line) => /^\| (?!\*\*|threat|weakness)/.test(line));
    assert.ok(rows.length >= least);
    for (const row of rows) {
      const [, file, name] = row.match(/\| ([\w/-]+): ([^|]+) \|$/) ?? [];
      assert.ok(file, `no test in: ${row}`);
      const source = read(`tests/${file}.test.mjs`);
      assert.ok(
        source.includes(`test("${name}"`) || source.includes(`test('${name}'`),
        `${file} has no test "${name}"`,
      );
    }
  });

test("docs/deploy.md knows every setting and binding of wrangler.toml", () => {
  const guide = read("docs/deploy.md");
  const names = [...read("wrangler.toml").matchAll(/\b[A-Z][A-Z]+(?:_[A-Z]+)+\b/g)].map(
    ([name]) => name,
  );
  const sources = ["settings/mod.rs", "settings/sign_in.rs", "settings/walls.rs"].flatMap(
    (file) => [...read(`src/worker/${file}`).matchAll(/const [A-Z_]+: &str = "([A-Z][A-Z_]+)";/g)],
  );
  for (const name of [...names, ...sources.map(([, name]) => name)])
    assert.ok(guide.includes(name), name);
});
