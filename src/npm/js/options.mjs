// What a caller hands over: options, which are an object and hold nothing but what is known; a
// signal; a key, which is a text.

import { PaypleError } from "./error.mjs";

/**
 * The options that are given, each read once, also where an object of a class has them: a plain
 * object of its own, so that what the caller changes later changes nothing here.
 *
 * An option that is not known would be skipped in silence: a comparison not made, or the real
 * Payple asked.
 * @template {object} Options
 * @param {string} where
 * @param {Options} options
 * @param {readonly string[]} known
 * @param {"invalid_config" | "invalid_input"} kind
 * @returns {Options}
 */
export function readOptions(where, options, known, kind) {
  const isObject = options !== null && typeof options === "object" && !Array.isArray(options);
  // An AbortSignal or a Map in their place, which has none of them, would be skipped as well.
  if (!isObject || !(isPlain(options) || known.some((name) => name in options)))
    throw new PaypleError({ kind, message: `${where} must be an object` });
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    // What looks like anything else than a name may be a value that went astray.
    const shown = /^[A-Za-z_]{1,32}$/.test(unknown) ? unknown : "…";
    const message = `${where} must not have "${shown}"; known are ${known.join(", ")}`;
    throw new PaypleError({ kind, message });
  }
  const entries = known.map((name) => {
    try {
      return [name, /** @type {Record<string, unknown>} */ (options)[name]];
    } catch (cause) {
      throw new PaypleError({ kind, message: `${where}: ${name} cannot be read`, cause });
    }
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Whether it is an object of no class, of this realm or another one. @param {object} object */
function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * The `AbortSignal` of any runtime or package has what is used of one.
 * @param {import("./index.d.ts").AbortSignalLike | undefined} signal
 */
export function checkSignal(signal) {
  if (signal === undefined) return;
  const { aborted, addEventListener, removeEventListener } = signal ?? {};
  const methods = [addEventListener, removeEventListener];
  if (typeof aborted === "boolean" && methods.every((method) => typeof method === "function"))
    return;
  throw new PaypleError({ kind: "invalid_input", message: "signal must be an AbortSignal" });
}

/**
 * A text as it can be sent: half a character of UTF-16 would be sent as another one.
 * @param {string} name
 * @param {unknown} value
 * @returns {asserts value is string}
 */
export function checkText(name, value) {
  const kind = "invalid_input";
  if (typeof value !== "string")
    throw new PaypleError({ kind, message: `${name} must be a string` });
  if (/\p{Surrogate}/u.test(value))
    throw new PaypleError({ kind, message: `${name} holds half a character` });
}

/**
 * Whether a number of milliseconds is one that a timer can wait.
 * @param {number} timeoutMs
 * @param {"invalid_config" | "invalid_input"} kind of the error
 */
export function checkTimeout(timeoutMs, kind) {
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS) return;
  const message = `timeoutMs must be a whole number from 1 to ${MAX_TIMER_MS}`;
  throw new PaypleError({ kind, message });
}

/** What a JavaScript timer can wait, as Rust has it; one that is to wait longer does not wait. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
