// Options of the sandbox as a caller hands them over: what is not known, or wrong, is an error.

/**
 * An option that is not known would be skipped in silence: a fault that should come once would last
 * for ever. A value that is not as it must be would show much later: as a reply that does not come,
 * or as a delay that is none.
 * @param {string} where
 * @param {object} options
 * @param {readonly string[]} known
 * @param {readonly string[]} [required] the others have their defaults where they are absent
 */
export function checkOptions(where, options, known, required = []) {
  if (options === null || typeof options !== "object" || Array.isArray(options))
    throw new RangeError(`${where} must be an object`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    // What looks like anything else than a name may be a value that went astray.
    const shown = /^[A-Za-z_]{1,32}$/.test(unknown) ? unknown : "…";
    throw new RangeError(`${where} must not have "${shown}"; known are ${known.join(", ")}`);
  }
  for (const [name, [isRight, words]] of Object.entries(VALUES)) {
    if (!known.includes(name)) continue;
    const value = /** @type {Record<string, unknown>} */ (options)[name];
    if (value === undefined ? required.includes(name) : !isRight(value))
      throw new RangeError(`${name} must be ${words}`);
  }
}

/**
 * The domain of a Referer, or of a domain as it is registered with Payple: with or without scheme.
 * @param {unknown} referer
 */
export function domainOf(referer) {
  if (typeof referer !== "string" || referer === "") return undefined;
  const url = /^[a-z]+:\/\//i.test(referer) ? referer : `https://${referer}`;
  return URL.canParse(url) ? new URL(url).hostname || undefined : undefined;
}

/** @param {unknown} value */
export function isDuration(value) {
  return typeof value === "number" && value >= 0;
}

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isBoolean = (/** @type {unknown} */ value) => typeof value === "boolean";
const MILLISECONDS = "a number of milliseconds, 0 or more";
/** A timer that is to wait longer does not wait at all. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What an option may be, and that in words.
 * @type {Record<string, [(value: any) => boolean, string]>}
 */
const VALUES = {
  port: [
    (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
    "a whole number from 0 to 65535",
  ],
  environment: [(value) => value === "test" || value === "live", '"test" or "live"'],
  credentials: [Array.isArray, "a list of { cstId, custKey }"],
  cstId: [isText, "a text"],
  custKey: [isText, "a text"],
  referers: [
    (value) => Array.isArray(value) && value.every((each) => domainOf(each) !== undefined),
    "a list of domains",
  ],
  tokenLifetimeMs: [isDuration, MILLISECONDS],
  authLifetimeMs: [isDuration, MILLISECONDS],
  now: [(value) => typeof value === "function", "a function"],
  quiet: [isBoolean, "true or false"],
  latencyMs: [
    (value) => isDuration(value) && value <= MAX_TIMER_MS,
    `${MILLISECONDS}, at most ${MAX_TIMER_MS}`,
  ],
  trap: [isBoolean, "true or false"],
  forGood: [isBoolean, "true or false"],
};
