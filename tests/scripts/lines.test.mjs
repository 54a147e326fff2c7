// The check of long lines: what it finds, and what it leaves alone since it cannot be broken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { longLines } from "../../pkg-scripts/check/lines.mjs";

const LONG = "x".repeat(120);

test("a line of more than 100 columns is found, of code as of a comment", () => {
  assert.deepEqual(longLines(`const a = ${"b + ".repeat(30)}1;\n`), [1]);
  assert.deepEqual(
    longLines(`ok();\n// ${"word ".repeat(25)}\n/** ${"word ".repeat(25)} */`),
    [2, 3],
  );
  assert.deepEqual(longLines(`${"a".repeat(100)}\n${"a".repeat(101)}`), [2]);
});

test("a text, a template and an address are left alone, and the rest of their line is not", () => {
  assert.deepEqual(longLines(`call("${LONG}");\nconst r = r#"{"a":"${LONG}"}"#;`), []);
  assert.deepEqual(longLines(`const t = \`\n${LONG}\n\`;\nconst u = ${LONG};`), [4]);
  assert.deepEqual(longLines(`const S: &str = "a, \\\n    ${LONG}, \\\n    c";`), []);
  assert.deepEqual(
    longLines(`// See https://example.com/${LONG}\n// biome-ignore a: ${LONG} b`),
    [],
  );
  assert.deepEqual(longLines(`call("text", ${LONG});`), [1]);
});
