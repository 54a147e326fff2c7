// What every script that is run from the command line needs: a main function, options, progress and
// failures.

import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { messageOf } from "./errors.mjs";

/** A failure whose message is all that the user needs: it is printed without a stack. */
export class Stop extends Error {}

/**
 * Runs `body` when the module of this `import.meta` was started as the program (and not imported).
 * A `Stop` is printed as one sentence, with exit code 1.
 * @param {ImportMeta} meta
 * @param {() => unknown} body
 */
export async function main(meta, body) {
  const program = process.argv[1];
  if (!program || fileURLToPath(meta.url) !== realpathSync(program)) return;
  // The constants of a module stand at its end here: they must be initialised before `body` runs.
  await undefined;
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Stop ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * The options and arguments that this program was given. An unknown option stops it, and so does
 * one that is given twice, since one of the two would be ignored. `--help` prints the comment at
 * the head of the program, and ends it.
 * @template {import("node:util").ParseArgsConfig} T
 * @param {T} config
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export function commandLine(config) {
  const options = { ...config.options, help: /** @type {const} */ ({ type: "boolean" }) };
  const { tokens = [], values, positionals } = parsed({ ...config, options, tokens: true });
  if ("help" in values) {
    console.log(headOf(process.argv[1]));
    process.exit();
  }
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const twice = given.find((name, at) => given.indexOf(name) !== at);
  if (twice !== undefined) throw new Stop(`--${twice} is there twice.`);
  return /** @type {ReturnType<typeof parseArgs<T>>} */ ({ values, positionals });
}

/**
 * @template {import("node:util").ParseArgsConfig} T
 * @param {T} config
 */
function parsed(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's further sentences are advice on arguments that begin with "-".
    const [fault] = messageOf(error).split(". ");
    const names = Object.keys(config.options ?? {}).filter((name) => name !== HERE);
    throw new Stop(`${fault}. Known are: ${names.map((name) => `--${name}`).join(", ")}.`);
  }
}

/** The comment at the head of a program, which says what it does and by which options. */
function headOf(/** @type {string} */ program) {
  const [head] = readFileSync(program, "utf8").split(/^(?!\/\/)/m);
  return head.replaceAll(/^\/\/ ?/gm, "").trimEnd();
}

/**
 * The whole number that an option was given as; anything else stops the program.
 * @param {string} option
 * @param {string} text
 * @param {number} [min]
 */
export function wholeNumber(option, text, min = 1) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < min)
    throw new Stop(`--${option} must be a whole number, ${min} or more.`);
  return number;
}

/**
 * Shows a line of progress.
 * @param {string} line
 */
export function say(line) {
  console.log(`• ${line}`);
}

/**
 * The names that were given as `a,b`, or all of them; an unknown name stops the program.
 * @param {string | undefined} asked
 * @param {string[]} all
 * @param {string} what what they are names of
 */
export function chosen(asked, all, what) {
  const names = asked === undefined ? all : [...new Set(asked.split(","))];
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Stop(`No such ${what}: ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  return names;
}

/** The option with which a program starts itself again (long-run.mjs): not for users. */
const HERE = "here";
