// What callers hand over, as the JSON that Rust or the Worker reads; they check the rest.
//
// Of a row only the fields that matter are read, whatever else it holds: rows come from a table of
// one's own, with bigints, getters and relations that lead back to themselves. Of `expect` itself
// every field is handed on, so that one that is not known is refused by name.

import { PaypleError } from "./error.mjs";

/**
 * What a caller hands over as an object, before anything in it is checked.
 * @typedef {Record<string, unknown>} Given
 */

/**
 * An `expect` as JSON. Throws a PaypleError that names what cannot be handed over.
 * @param {unknown} expect
 */
export function expectJson(expect) {
  const source = plainObject("expect", expect);
  // What is not known must be there to be refused, `undefined` too.
  /** @type {Record<string, unknown>} */
  const written = Object.fromEntries(Object.keys(source).map((name) => [name, null]));
  for (const name of EXPECT_FIELDS)
    written[name] = scalar(`expect.${name}`, fieldOf("expect", source, name));
  written.requests = rows("expect.requests", fieldOf("expect", source, "requests"), LINE_FIELDS);
  return text("expect", written);
}

/**
 * A group that was fetched before, as JSON, and what the review that it brings has found.
 * @param {unknown} group
 */
export function groupJson(group) {
  const source = plainObject("group", group);
  const written = picked("group", source, GROUP_FIELDS);
  written.requests = rows("group.requests", fieldOf("group", source, "requests"), REQUEST_FIELDS);
  const review = /** @type {Given | null | undefined} */ (fieldOf("group", source, "review"));
  const findings = review ? fieldOf("group.review", review, "findings") : undefined;
  return {
    groupText: text("group", written),
    findings: /** @type {unknown[]} */ (Array.isArray(findings) ? findings : []),
  };
}

/**
 * @param {string} path
 * @param {unknown} given
 * @param {readonly string[]} fields
 */
function rows(path, given, fields) {
  if (given === undefined || given === null) return undefined;
  const list = asJson(path, given);
  if (!Array.isArray(list)) throw invalidInput(`${path} is not a list`);
  return list.map((row, at) => {
    const source = asJson(`${path}[${at}]`, row);
    const isObject = source !== null && typeof source === "object" && !Array.isArray(source);
    if (!isObject) throw invalidInput(`${path}[${at}] is not an object`);
    return picked(`${path}[${at}]`, /** @type {Given} */ (source), fields);
  });
}

/**
 * @param {string} path
 * @param {Given} source
 * @param {readonly string[]} fields
 */
function picked(path, source, fields) {
  /** @type {Given} */
  const written = {};
  for (const name of fields) {
    const value = fieldOf(path, source, name);
    // Most values are plain: they cost no call.
    written[name] =
      typeof value === "string" || value === undefined ? value : scalar(`${path}.${name}`, value);
  }
  return written;
}

/**
 * What is read of an object: a getter may fail, as one that loads a relation when it is asked for.
 * @param {string} path
 * @param {Given} source
 * @param {string} name
 */
function fieldOf(path, source, name) {
  try {
    return source[name];
  } catch (cause) {
    throw invalidInput(`${path}.${name} cannot be read`, cause);
  }
}

/**
 * A value as JSON has it: bigints as their digits. A number that JSON would write as `null` is an
 * error, and so is a whole one so large that it may have been another one: an id that was rounded
 * is the id of somebody else.
 * @param {string} path
 * @param {unknown} given
 */
function scalar(path, given) {
  const value = asJson(path, given);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value))
    throw invalidInput(`${path} is not a finite number`);
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw invalidInput(`${path} is beyond what a number holds exactly: a bigint or a text does`);
  if (typeof value === "function" || typeof value === "symbol")
    throw invalidInput(`${path} cannot be written as JSON`);
  return value;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function plainObject(name, value) {
  const source = asJson(name, value);
  if (source === null || typeof source !== "object")
    throw invalidInput(`${name} must be an object`);
  if (Array.isArray(source)) throw invalidInput(`${name} is not an object`);
  return /** @type {Given} */ (source);
}

/**
 * What JSON would write in a value's place: models of an ORM say so themselves. Where that is
 * nothing, as of a date that is none, the value is not passed over in silence.
 * @param {string} path
 * @param {unknown} value
 */
function asJson(path, value) {
  const given = /** @type {{ toJSON?: unknown } | null | undefined} */ (value);
  if (typeof given !== "object" || typeof given?.toJSON !== "function") return value;
  /** @type {unknown} */
  let made;
  try {
    made = given.toJSON();
  } catch (cause) {
    throw invalidInput(`${path} cannot be written as JSON`, cause);
  }
  if (made === undefined || made === null) throw invalidInput(`${path} cannot be written as JSON`);
  return made;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function text(name, value) {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw invalidInput(`${name} cannot be written as JSON`, cause);
  }
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
function invalidInput(message, cause) {
  return new PaypleError({ kind: "invalid_input", message, ...(cause !== undefined && { cause }) });
}

const EXPECT_FIELDS = ["total", "count", "matchBy", "fingerprint"];
const LINE_FIELDS = ["billingTranId", "subId", "printContent", "amount"];
const GROUP_FIELDS = ["groupKey", "total", "count"];
const REQUEST_FIELDS = [
  "cstId",
  "subId",
  "groupKey",
  "billingTranId",
  "printContent",
  "amount",
  "remainingLimit",
  "requestedAt",
];
