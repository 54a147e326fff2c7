// Every link in every document of the checkout resolves: to a file that git has, and to a heading
// in it. Addresses on the internet are not requested, since they change without us. Also:
// docs/dependencies.md names every dependency.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import GithubSlugger from "github-slugger";
import { marked } from "marked";
import { root } from "../common/checkout.mjs";
import { main, Stop } from "../common/program.mjs";
import { undocumented } from "./dependencies.mjs";

main(import.meta, async () => {
  const files = filesOfGit();
  const unexplained = (await undocumented()).map((name) => `docs/dependencies.md lacks ${name}`);
  const problems = [...brokenLinks(root, files), ...unexplained];
  if (problems.length > 0) throw new Stop(problems.join("\n"));
  console.log(`${files.filter(isDocument).length} documents: all links resolve`);
});

/**
 * What is wrong with the links of the documents among `files`, whose names are relative to
 * `folder`.
 * @param {string} folder
 * @param {string[]} files
 */
export function brokenLinks(folder, files) {
  const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
  const documents = new Map(
    files.filter(isDocument).map((file) => [file, read(join(folder, file))]),
  );
  const problems = [];
  for (const [file, { links }] of documents) {
    for (const link of links.filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link))) {
      const [path, heading] = link.split("#").map(decodeURIComponent);
      const to = path === "" ? file : relative(folder, resolve(folder, dirname(file), path));
      const anchors = documents.get(to)?.anchors;
      if (!known.has(to)) problems.push(`${file}: there is no ${link}`);
      else if (heading && anchors && !anchors.has(heading))
        problems.push(`${file}: there is no heading for ${link}`);
    }
  }
  return problems;
}

/**
 * The links of a document and the anchors of its headings.
 * @param {string} path
 */
function read(path) {
  const slugger = new GithubSlugger();
  /** @type {string[]} */
  const links = [];
  const anchors = new Set();
  marked.walkTokens(marked.lexer(readFileSync(path, "utf8")), (token) => {
    if (token.type === "heading") anchors.add(slugger.slug(plain(token.tokens ?? [])));
    if (token.type === "link" || token.type === "image") links.push(token.href);
    if (token.type !== "html") return;
    for (const [, name, value] of token.text.matchAll(/\b(href|src|srcset|id|name)="([^"]*)"/g))
      if (name === "id" || name === "name") anchors.add(value);
      else links.push(value.split(" ")[0]);
  });
  return { links, anchors };
}

/**
 * A heading's text without its marks.
 * @param {import("marked").Token[]} tokens
 * @returns {string}
 */
function plain(tokens) {
  return tokens
    .map((token) => {
      if ("tokens" in token && token.tokens) return plain(token.tokens);
      return "text" in token ? token.text : "";
    })
    .join("");
}

/** @param {string} file */
function foldersOf(file) {
  const folders = [];
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) folders.push(folder);
  return [...folders, ""];
}

/** @param {string} file */
function isDocument(file) {
  return file.endsWith(".md");
}

/** What git has or would take, without what has been deleted. */
function filesOfGit() {
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", options, { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(root, file)));
}
