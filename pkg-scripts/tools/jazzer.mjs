// Jazzer.js, libFuzzer for Node, from npm; and what its library lacks on a Linux older than the one
// it was made on.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone } from "../common/lock.mjs";
import { orStop, run } from "../common/process.mjs";
import { Stop } from "../common/program.mjs";
import { withOptionalVersions } from "./elf.mjs";
import { packagesOnDemand } from "./packages.mjs";

/** How Jazzer.js is started: the arguments for Node, and what has to be in its environment. */
export async function jazzer() {
  const modules = await packagesOnDemand("jazzer");
  const args = [join(modules, "@jazzer.js/core/dist/cli.js")];
  const library = join(
    modules,
    "@jazzer.js/fuzzer/prebuilds",
    `fuzzer-${process.platform}-${process.arch}.node`,
  );
  if (!existsSync(library))
    throw new Stop("Jazzer.js has no library for this kind of machine in the npm registry.");
  if (process.platform !== "linux") return { args, env: {} };
  // Node's types say no more of it than that it is an object.
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  const glibc = header.glibcVersionRuntime;
  if (glibc === undefined) throw new Stop("Jazzer.js needs a Linux with glibc.");
  if (Number(glibc.split(".")[1]) >= 38) return { args, env: {} };
  return { args, env: { LD_PRELOAD: await shim(modules, library) } };
}

/**
 * The library was linked with glibc 2.38 and GCC 13, of which it takes three functions that only
 * have new names. Here the three are given by a few lines of C, and the library is told that it can
 * do without the versions themselves.
 * @param {string} modules
 * @param {string} library
 */
async function shim(modules, library) {
  const made = join(modules, "..", "shim.so");
  await alone("tools", async () => {
    if (existsSync(made)) return;
    const source = join(modules, "..", "shim.c");
    writeFileSync(source, SHIM);
    await orStop(
      run("cc", ["-shared", "-fPIC", "-O1", "-o", `${made}.new.so`, source]),
      "A C compiler is needed.",
    );
    const versions = ["GLIBC_2.38", "GLIBCXX_3.4.32"];
    writeFileSync(library, withOptionalVersions(readFileSync(library), versions));
    writeFileSync(made, readFileSync(`${made}.new.so`));
  });
  return made;
}

const SHIM = `#include <stdlib.h>
long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
unsigned long __isoc23_strtoul(const char *text, char **end, int base) { return strtoul(text, end, base); }
/* Before GCC 13 each object began the standard streams by itself, with an object of one byte. */
extern void _ZNSt8ios_base4InitC1Ev(void *);
void _ZSt21ios_base_library_initv(void) { static char init[16]; _ZNSt8ios_base4InitC1Ev(init); }
`;
