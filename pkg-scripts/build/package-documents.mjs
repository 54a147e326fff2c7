// The documents in the npm package: their links lead to each other where both are in it, or else
// into the repository.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { root } from "../common/checkout.mjs";

/** Where a document of the checkout is in the package. @type {Record<string, string>} */
const PLACES = {
  "docs/npm.md": "README.md",
  "docs/npm.ko.md": "README.ko.md",
  "docs/api.md": "api.md",
  "sandbox/README.md": "sandbox/README.md",
  "docs/sandbox.ko.md": "sandbox/README.ko.md",
};

/** What the package's documents are made of. */
export const DOCUMENTS = Object.keys(PLACES);

/** @param {string} out the package's folder @param {string} repository its address */
export function packDocuments(out, repository) {
  for (const [from, to] of Object.entries(PLACES)) {
    const text = readFileSync(join(root, from), "utf8");
    mkdirSync(join(out, posix.dirname(to)), { recursive: true });
    writeFileSync(join(out, to), withLinks(text, from, to, repository));
  }
}

/** @param {string} text @param {string} from @param {string} to @param {string} repository */
function withLinks(text, from, to, repository) {
  return text.replaceAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g, (_, path) => {
    const inRepository = posix.join(posix.dirname(from), path);
    const inPackage = PLACES[inRepository];
    if (inPackage === undefined) return `](${repository}/blob/main/${inRepository}`;
    return `](${relativeTo(to, inPackage)}`;
  });
}

/** @param {string} from @param {string} to */
function relativeTo(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
