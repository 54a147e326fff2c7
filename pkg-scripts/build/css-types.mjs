// The classes of the page's CSS modules as TypeScript sees them, in target/css-types: a class that
// a module does not have is an error of the compiler, not an element without style.
//
// `www/tsconfig.json` lays that folder over www/src (`rootDirs`), so each declaration is found
// beside its module.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root, target } from "../common/checkout.mjs";
import { main } from "../common/program.mjs";

const SOURCE = join(root, "www", "src");
const DECLARATIONS = join(target, "css-types");

/** Writes the declarations anew. */
export async function declareCssModules() {
  rmSync(DECLARATIONS, { recursive: true, force: true });
  for (const [path, classes] of await cssModules()) {
    const file = join(DECLARATIONS, path.replace(/\.css$/, ".d.css.ts"));
    mkdirSync(dirname(file), { recursive: true });
    const lines = classes.map((name) => `  readonly ${JSON.stringify(name)}: string;\n`);
    writeFileSync(file, `declare const classes: {\n${lines.join("")}};\nexport default classes;\n`);
  }
}

/**
 * Each CSS module below www/src with its classes, as the bundler reads them.
 * @returns {Promise<[path: string, classes: string[]][]>}
 */
export async function cssModules() {
  const paths = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".module.css"))
    .sort();
  return Promise.all(paths.map(async (path) => [path, await classesOf(path)]));
}

/** @param {string} path @returns {Promise<string[]>} */
async function classesOf(path) {
  const contents = `import classes from "./${path}"; export default Object.keys(classes).sort();`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE },
    bundle: true,
    format: "esm",
    outdir: "out",
    write: false,
  });
  const script = outputFiles.find((file) => file.path.endsWith(".js"))?.text ?? "";
  const source = Buffer.from(script).toString("base64");
  return (await import(`data:text/javascript;base64,${source}`)).default;
}

main(import.meta, declareCssModules);
