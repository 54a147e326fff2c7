// The comparison of a group with what a company means to pay: what JavaScript hands to Rust for it.
//
// The lists cross as columns: numbers, and texts as places in one list in which each stands once, so that Rust compares
// numbers and reads no JSON but that list. What is right and what is wrong is told there; here it is only made known.

import { reviewPayoutRequests as review } from "#glue";
import { PaypleError } from "./error.mjs";
import { asJson } from "./json.mjs";
import { currentInstance, enter } from "./module.mjs";

/** Reviews a group that was fetched before, and compares it with what is expected. */
export function reviewPayoutRequests(group, expect) {
  if (group === null || typeof group !== "object") throw invalidInput("group must be an object");
  const { groupKey, total, count, requests } = group;
  const texts = new Texts();
  const rows = columnsOf("group", requests ?? [], ROW_TEXTS, ROW_NUMBERS, texts);
  // A list is an array, or what JSON makes one of.
  const expected = Array.isArray(expect?.requests) ? expect : JSON.parse(asJson("expect", expect));
  const hasList = Array.isArray(expected?.requests);
  const lines = columnsOf("expect", hasList ? expected.requests : [], LINE_TEXTS, LINE_NUMBERS, texts);
  const sums = hasList ? { total: expected.total, count: expected.count, requests: [] } : expected;
  const json = [asJson("group", { groupKey, total, count }), asJson("expect", sums), JSON.stringify(texts.list)];
  currentInstance();
  const reviewed = JSON.parse(enter(() => review(...json, rows.texts, rows.numbers, lines.texts, lines.numbers)));
  // Which partner asked is not in a group: what the look-up has found of that stays found.
  const found = group.review?.findings;
  const foreign = Array.isArray(found) ? found.filter((finding) => finding?.kind === "foreign_partner") : [];
  if (foreign.length === 0) return reviewed;
  return { ...reviewed, consistent: false, findings: [...foreign, ...reviewed.findings] };
}

/** Every text once; each has a place, from 3 on. */
class Texts {
  list = [];
  #places = new Map([[undefined, ABSENT], [null, ABSENT], ["", EMPTY]]);

  placeOf(name, value) {
    return this.#places.get(value) ?? this.#add(name, value);
  }

  #add(name, value) {
    if (typeof value !== "string") {
      const plain = asPlain(name, value);
      if (plain === null) return ABSENT;
      return typeof plain === "string" || Number.isSafeInteger(plain) ? this.placeOf(name, String(plain)) : NO_TEXT;
    }
    const place = this.list.push(value) + NO_TEXT;
    this.#places.set(value, place);
    return place;
  }
}

/** The columns of a list of objects. */
function columnsOf(name, list, textNames, numberNames, texts) {
  if (!Array.isArray(list)) throw invalidInput(`${name}.requests is not a list`);
  const columns = { texts: new Uint32Array(list.length * textNames.length), numbers: new Float64Array(list.length * numberNames.length) };
  let [text, number] = [0, 0];
  for (const each of list) {
    const row = typeof each?.toJSON === "function" ? each.toJSON() : each;
    const isObject = row !== null && typeof row === "object" && !Array.isArray(row);
    for (const field of textNames) columns.texts[text++] = isObject ? texts.placeOf(name, row[field]) : ABSENT;
    for (const field of numberNames) columns.numbers[number++] = isObject ? numberOf(name, row[field]) : NO_OBJECT;
  }
  return columns;
}

/** A number as it is, or as its digits say. */
function numberOf(name, value) {
  if (Number.isSafeInteger(value)) return value;
  const plain = asPlain(name, value);
  if (plain === null) return NO_NUMBER;
  const isNumber = typeof plain === "number" || (typeof plain === "string" && /^-?\d{1,20}$/.test(plain));
  return isNumber ? Number(plain) : WRONG_NUMBER;
}

/** What JSON makes of a value. */
function asPlain(name, value) {
  return JSON.parse(asJson(name, [value]))[0];
}

function invalidInput(message) {
  return new PaypleError({ kind: "invalid_input", message });
}

const ROW_TEXTS = ["billingTranId", "subId", "printContent", "groupKey"];
const ROW_NUMBERS = ["amount", "remainingLimit"];
const LINE_TEXTS = ["billingTranId", "subId", "printContent"];
const LINE_NUMBERS = ["amount"];
// Places that stand for no text of the list.
const [ABSENT, EMPTY, NO_TEXT] = [0, 1, 2];
const NO_NUMBER = Number.NaN;
const WRONG_NUMBER = 0.5;
const NO_OBJECT = Number.POSITIVE_INFINITY;
