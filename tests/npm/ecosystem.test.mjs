// Of the matrix of tests/ecosystem, the cases that are quick to install: the rest is `npm run
// ecosystem`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { aboutCase, caseNames, packed, runCase } from "../ecosystem/matrix.mjs";

const QUICK = ["hono", "lambda"];

describe("the package in an ecosystem", () => {
  /** @type {string} */
  let tarball;
  before(async () => {
    tarball = await packed();
  });

  for (const name of QUICK) {
    test(aboutCase(name).ecosystem.title, { timeout: 600_000 }, async () => {
      const { checked } = await runCase(name, tarball);
      assert.ok(checked > 0);
    });
  }

  test("docs/ecosystem.md has a row for every case", () => {
    const document = readFileSync(join(root, "docs/ecosystem.md"), "utf8");
    for (const name of caseNames())
      assert.ok(document.includes(`| ${aboutCase(name).ecosystem.title} |`), name);
  });
});
