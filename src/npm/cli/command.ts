// What a command of `payple-edge` is, and what its exit code means.

import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Language } from "./language.js";

export interface Command {
  /** One line for the help. */
  summary: Record<Language, string>;
  usage: Record<Language, string>;
  /** Resolves to the exit code; a `UsageError` is shown with the usage. */
  run(args: string[]): Promise<number>;
}

export const EXIT = {
  /** All is well. */
  ok: 0,
  /** The check was made, and found something. */
  found: 1,
  /** The check could not be made, or not wholly. */
  notMade: 2,
} as const;

/** The command was called wrongly. */
export class UsageError extends Error {}

/**
 * The options and the rest, by Node's own reader. What it does not know is an error, and so is an
 * option that is there twice: only its last value would be heard.
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: Options,
) {
  const read = () => {
    try {
      return parseArgs({ args, options, allowPositionals: true, strict: true, tokens: true });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  };
  const { values, positionals, tokens } = read();
  const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) throw new UsageError(`--${repeated} is there twice`);
  return { values, positionals };
}

/** A number given as an option. */
export function numberOf(
  name: string,
  text: string | undefined,
  { least = 0, most }: { least?: number; most?: number } = {},
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= least && number <= (most ?? number)) return number;
  const range = most ? ` from ${least} to ${most}` : least ? ` of at least ${least}` : "";
  throw new UsageError(`--${name} takes a whole number${range}`);
}
