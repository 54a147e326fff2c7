// Reads the TOML files of the checkout. The parser comes with the npm packages, so it is imported
// when they are there.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";
import { npmPackages } from "./npm.mjs";

/**
 * A TOML file by its path in the checkout.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function readToml(path) {
  await npmPackages();
  const { parse } = await import("smol-toml");
  return parse(readFileSync(join(root, path), "utf8"));
}
