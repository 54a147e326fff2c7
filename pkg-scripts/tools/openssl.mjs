// OpenSSL's headers and libraries, which worker-build is linked with on Linux: those of the
// machine, else Debian's or Ubuntu's package, unpacked into target/tools. Nothing is installed, so
// nobody has to be root.

import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { target } from "../common/checkout.mjs";
import { onPath, run, works } from "../common/process.mjs";
import { Stop, say } from "../common/program.mjs";

/** What Cargo's build needs in its environment to find OpenSSL. */
export async function openssl() {
  if (process.platform !== "linux" || (await works("pkg-config", "--exists", "openssl"))) return {};
  const folder = join(target, "tools", "openssl");
  if (!staticLibrary(folder)) await unpackPackage(folder);
  const library = staticLibrary(folder);
  if (!library) throw new Stop(ADVICE);
  const include = join(folder, "usr", "include");
  const triplet = basename(dirname(library));
  return {
    OPENSSL_STATIC: "1",
    OPENSSL_LIB_DIR: dirname(library),
    OPENSSL_INCLUDE_DIR: include,
    // The header that differs by architecture lies apart.
    C_INCLUDE_PATH: join(include, triplet),
  };
}

/** @param {string} folder */
async function unpackPackage(folder) {
  if (!onPath("apt-get") || !onPath("dpkg-deb")) throw new Stop(ADVICE);
  say("getting OpenSSL's headers from the distribution, into target/tools …");
  rmSync(folder, { recursive: true, force: true });
  const [lists, cache] = [join(folder, "lists"), join(folder, "cache")];
  for (const path of [join(lists, "partial"), join(cache, "archives", "partial")])
    mkdirSync(path, { recursive: true });
  // Lists and cache of its own: those of the machine are root's.
  const own = ["-o", `Dir::State::Lists=${lists}`, "-o", `Dir::Cache=${cache}`];
  /** @param {string[]} args */
  const apt = (...args) =>
    run("apt-get", ["-qq", ...own, "-o", "Debug::NoLocking=1", ...args], { cwd: folder });
  // A package source that cannot be reached must not stand in the way of the others.
  await apt("update").catch(() => {});
  await apt("download", PACKAGE);
  const files = readdirSync(folder).filter((name) => name.startsWith(`${PACKAGE}_`));
  for (const file of files) await run("dpkg-deb", ["-x", file, folder], { cwd: folder });
  for (const path of [lists, cache]) rmSync(path, { recursive: true, force: true });
}

/** @param {string} folder */
function staticLibrary(folder) {
  const libraries = join(folder, "usr", "lib");
  if (!existsSync(libraries)) return undefined;
  return readdirSync(libraries, { encoding: "utf8", recursive: true })
    .filter((name) => name.endsWith("/libssl.a"))
    .map((name) => join(libraries, name))[0];
}

const PACKAGE = "libssl-dev";

const ADVICE =
  "worker-build needs OpenSSL's headers (Debian: libssl-dev and pkg-config; Fedora: openssl-devel).";
