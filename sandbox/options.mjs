// Options of the sandbox as a caller hands them over: what is not known is an error.

/**
 * An option that is not known would be skipped in silence: a fault that should come once would last
 * for ever.
 * @param {string} where
 * @param {unknown} options
 * @param {readonly string[]} known
 */
export function refuseUnknown(where, options, known) {
  if (options === null || typeof options !== "object")
    throw new RangeError(`${where} must be an object`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  // What looks like anything else than a name may be a value that went astray.
  const shown = /^[A-Za-z_]{1,32}$/.test(unknown) ? unknown : "…";
  throw new RangeError(`${where} must not have "${shown}"; known are ${known.join(", ")}`);
}
