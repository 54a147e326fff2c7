// The check of links in documents: what it finds, and what it leaves alone.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { brokenLinks } from "../../pkg-scripts/check/documents.mjs";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";

/**
 * What is wrong with a folder of these files.
 * @param {Record<string, string>} files the text of each, by its path
 */
function problems(files) {
  const folder = join(target, "test", "documents");
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return brokenLinks(folder, Object.keys(files));
}

test("docs/commands.md has every command, and no other", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const document = readFileSync(join(root, "docs/commands.md"), "utf8");
  const named = document.matchAll(/`npm (?:run )?([\w-]+)`/g);
  assert.deepEqual(
    [...new Set([...named].map(([, name]) => name))].sort(),
    Object.keys(scripts).sort(),
  );
});

test("links to files, folders and headings resolve", () => {
  const files = {
    "README.md":
      "# Head\n[a](docs/a.md) [b](docs) [c](docs/a.md#two-words) [d](#head) ![e](pic.png)",
    "docs/a.md": '## Two words\n[up](../README.md)\n\n<img src="../pic.png">',
    "pic.png": "",
  };
  assert.deepEqual(problems(files), []);
});

test("a file, a heading and an image that are not there are found", () => {
  const files = {
    "README.md": '[a](gone.md) [b](docs/a.md#gone)\n\n<img src="gone.png">',
    "docs/a.md": "# A\n[c](README.md)",
  };
  assert.deepEqual(problems(files), [
    "README.md: there is no gone.md",
    "README.md: there is no heading for docs/a.md#gone",
    "README.md: there is no gone.png",
    "docs/a.md: there is no README.md",
  ]);
});

test("addresses and what stands in code are left alone", () => {
  const files = {
    "README.md":
      "[a](https://payple.kr/gone) [b](mailto:a@b.example)\n\n```\n[c](gone.md)\n```\n`[d](gone.md)`",
  };
  assert.deepEqual(problems(files), []);
});

test("equal headings are told apart as the code host does", () => {
  const files = { "README.md": "# A\n# A\n[first](#a) [second](#a-1) [third](#a-2)" };
  assert.deepEqual(problems(files), ["README.md: there is no heading for #a-2"]);
});
