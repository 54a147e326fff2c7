// `npm run sbom`: what is in the products and what they are built with, as CycloneDX, in
// target/sbom: the crates of each face, and the npm packages of building and testing. No npm
// package is in the products but those that are bundled there.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { withFolder } from "../common/folder.mjs";
import { capture, run } from "../common/process.mjs";
import { commandLine, main, Stop, say } from "../common/program.mjs";
import { cargoCyclonedx } from "../tools/cargo.mjs";

main(import.meta, async () => {
  commandLine({});
  const PATH = `${await cargoCyclonedx()}${delimiter}${process.env.PATH}`;
  rmSync(sboms, { recursive: true, force: true });
  mkdirSync(sboms, { recursive: true });
  // The command writes beside Cargo.toml: into a copy, not into the checkout.
  await withFolder(join(target, "sbom-"), async (copy) => {
    for (const name of ["Cargo.toml", "Cargo.lock", "src"])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    for (const face of ["npm", "worker", "browser"]) {
      const options = ["--format", "json", "--spec-version", "1.5", "--override-filename", face];
      const product = ["--no-default-features", "--features", face, "--target", WASM];
      await run("cargo", ["cyclonedx", "--quiet", ...options, ...product], {
        cwd: copy,
        env: { PATH },
      });
      // Without the folder that this was made in.
      const text = readFileSync(join(copy, `${face}.json`), "utf8").replaceAll(
        `file://${copy}`,
        "",
      );
      writeFileSync(join(sboms, `${face}.cdx.json`), text);
    }
  });
  const { code, output } = await capture("npm", [
    "sbom",
    "--sbom-format",
    "cyclonedx",
    "--package-lock-only",
  ]);
  if (code !== 0) throw new Stop(output);
  writeFileSync(join(sboms, "build.cdx.json"), output);
  say("ready: target/sbom");
});

const sboms = join(target, "sbom");
const WASM = "wasm32-unknown-unknown";
