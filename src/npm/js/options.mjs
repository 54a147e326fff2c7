// What a caller hands over: whether options are an object and hold nothing but what is known,
// whether a key is a text.

import { PaypleError } from "./error.mjs";

/**
 * An option that is not known would be skipped in silence: a comparison not made, or the real
 * Payple asked.
 * @param {string} where
 * @param {unknown} options
 * @param {readonly string[]} known
 * @param {"invalid_config" | "invalid_input"} kind
 */
export function checkOptions(where, options, known, kind) {
  if (options === null || typeof options !== "object" || Array.isArray(options))
    throw new PaypleError({ kind, message: `${where} must be an object` });
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  // What looks like anything else than a name may be a value that went astray.
  const shown = /^[A-Za-z_]{1,32}$/.test(unknown) ? unknown : "…";
  const message = `${where} must not have "${shown}"; known are ${known.join(", ")}`;
  throw new PaypleError({ kind, message });
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
 * @param {string} name
 * @param {unknown} value
 * @returns {asserts value is string}
 */
export function checkText(name, value) {
  if (typeof value !== "string")
    throw new PaypleError({ kind: "invalid_input", message: `${name} must be a string` });
}
