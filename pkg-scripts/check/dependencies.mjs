// Which direct dependencies docs/dependencies.md does not name.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";
import { readToml } from "../tools/toml.mjs";

/**
 * The direct dependencies, of Cargo.toml and package.json, that docs/dependencies.md does not name.
 */
export async function undocumented() {
  const manifest = await readToml("Cargo.toml");
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const tables = [manifest.dependencies, manifest["dev-dependencies"], devDependencies];
  const names = new Set(tables.flatMap(Object.keys));
  names.delete(manifest.package.name);
  const document = readFileSync(join(root, "docs/dependencies.md"), "utf8");
  return [...names].filter((name) => !document.includes(`| \`${name}\` |`));
}
