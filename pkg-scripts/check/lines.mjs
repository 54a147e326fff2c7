// No line of source is longer than 100 columns, except where a text or an address cannot be broken.
// The formatters do not break comments, texts and the content of macros, so this checks them.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";
import { main, Stop } from "../common/program.mjs";

const COLUMNS = 100;

main(import.meta, async () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((file) => SOURCES.test(file) && !EXCEPTED.some((part) => file.startsWith(part)));
  const problems = files.flatMap((file) =>
    longLines(readFileSync(join(root, file), "utf8")).map((line) => `${file}:${line}`),
  );
  if (problems.length > 0)
    throw new Stop(`Lines of more than ${COLUMNS} columns:\n${problems.join("\n")}`);
  console.log(`${files.length} files of source: no line is too long`);
});

/**
 * The numbers of the lines of a text that are too long.
 * @param {string} text
 */
export function longLines(text) {
  const found = [];
  // A text of several lines: a template of JavaScript, a string of Rust that goes on behind `\`.
  let [inTemplate, goesOn] = [false, false];
  for (const [at, line] of text.split("\n").entries()) {
    const beganInside = inTemplate || goesOn;
    const isComment = /^\s*(\/\/|\/?\*|#[^![])/.test(line);
    if (!isComment && (line.replaceAll("\\`", "").match(/`/g)?.length ?? 0) % 2 === 1)
      inTemplate = !inTemplate;
    goesOn = !isComment && line.endsWith("\\");
    if (line.length <= COLUMNS || beganInside || inTemplate || goesOn) continue;
    const rest = isComment ? withoutAddresses(line) : withoutTexts(line);
    if (rest.length > COLUMNS) found.push(at + 1);
  }
  return found;
}

/** @param {string} line */
function withoutTexts(line) {
  return TEXTS.reduce((rest, texts) => rest.replace(texts, ""), line);
}

/**
 * A comment for a tool must stand on one line, and so must an address.
 * @param {string} line
 */
function withoutAddresses(line) {
  return /biome-ignore|@ts-expect-error/.test(line) ? "" : line.replace(/\S{60,}/g, "");
}

// Raw ones of Rust, in three kinds of quotation marks, and regular expressions.
const TEXTS = [
  /r(#+)".*?"\1/g,
  /"(\\.|[^"\\])*"/g,
  /'(\\.|[^'\\])*'/g,
  /`(\\.|[^`\\])*`/g,
  /\/.+\//g,
];

const SOURCES = /\.(rs|[cm]?js|tsx?|toml)$/;
// Generated files; projects made as their frameworks make them; and programs with long rows of XML.
const EXCEPTED = ["src/npm/js/models.d.ts", "tests/ecosystem/cases/", "tests/page/sheets/", "www/"];
