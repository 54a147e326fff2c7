// The comparison of a group with what a company means to pay: what JavaScript hands to Rust for it.
//
// The requests cross as numbers: amounts, and texts by their places in one list in which each stands once, so that Rust
// reads little JSON and compares numbers. What is wrong with them is told there; here it is only made known.

import { reviewPayoutRequests as review } from "#glue";
import { PaypleError } from "./error.mjs";
import { asJson } from "./json.mjs";
import { currentInstance, enter } from "./module.mjs";

/** Reviews a group that was fetched before, and compares it with what is expected. */
export function reviewPayoutRequests(group, expect) {
  if (group === null || typeof group !== "object") throw invalidInput("group must be an object");
  const { groupKey, total, count, requests } = group;
  const texts = new Texts();
  const rows = numbersOf("group", requests ?? [], texts);
  // A list is an array, or what JSON makes one of.
  const expected = Array.isArray(expect?.requests) ? expect : JSON.parse(asJson("expect", expect));
  const hasList = Array.isArray(expected?.requests);
  const lines = numbersOf("expect", hasList ? expected.requests : [], texts);
  const sums = hasList ? { total: expected.total, count: expected.count, requests: [] } : expected;
  const json = [
    asJson("group", { groupKey, total, count, texts: texts.list }),
    asJson("expect", sums),
  ];
  currentInstance();
  const reviewed = JSON.parse(enter(() => review(...json, rows, lines)));
  // Which partner asked is not in a group: what the look-up has found of that stays found.
  const found = group.review?.findings;
  const foreign = Array.isArray(found)
    ? found.filter((finding) => finding?.kind === "foreign_partner")
    : [];
  if (foreign.length === 0) return reviewed;
  return { ...reviewed, consistent: false, findings: [...foreign, ...reviewed.findings] };
}

/** Every text once, at its place, behind what stands for no text. */
class Texts {
  list = [null, "", false];
  #places = new Map([["", EMPTY]]);

  placeOf(name, value) {
    return value === undefined ? ABSENT : (this.#places.get(value) ?? this.#add(name, value));
  }

  #add(name, value) {
    if (typeof value !== "string") {
      const plain = asPlain(name, value);
      if (plain === null) return ABSENT;
      return typeof plain === "string" || Number.isSafeInteger(plain)
        ? this.placeOf(name, String(plain))
        : NO_TEXT;
    }
    const place = this.list.push(value) - 1;
    this.#places.set(value, place);
    return place;
  }
}

/** A list as numbers: of each object two amounts and the places of four texts, as far as it has them. */
function numbersOf(name, list, texts) {
  if (!Array.isArray(list)) throw invalidInput(`${name}.requests is not a list`);
  const numbers = new Float64Array(list.length * NUMBERS);
  // The same in every row, mostly.
  let [groupKey, placeOfKey] = [undefined, ABSENT];
  for (let row = 0, at = 0; row < list.length; row += 1, at += NUMBERS) {
    const request = typeof list[row]?.toJSON === "function" ? list[row].toJSON() : list[row];
    if (request === null || typeof request !== "object" || Array.isArray(request)) {
      numbers[at] = NO_OBJECT;
      continue;
    }
    numbers[at] = numberOf(name, request.amount);
    numbers[at + 1] = numberOf(name, request.remainingLimit);
    numbers[at + 2] = texts.placeOf(name, request.billingTranId);
    numbers[at + 3] = texts.placeOf(name, request.subId);
    numbers[at + 4] = texts.placeOf(name, request.printContent);
    if (request.groupKey !== groupKey)
      placeOfKey = texts.placeOf(name, (groupKey = request.groupKey));
    numbers[at + 5] = placeOfKey;
  }
  return numbers;
}

/** A number as it is, or as its digits say. */
function numberOf(name, value) {
  if (Number.isSafeInteger(value)) return value;
  const plain = value === undefined ? null : asPlain(name, value);
  if (plain === null) return NO_NUMBER;
  const isNumber =
    typeof plain === "number" || (typeof plain === "string" && /^-?\d{1,20}$/.test(plain));
  return isNumber ? Number(plain) : WRONG_NUMBER;
}

/** What JSON makes of a value. */
function asPlain(name, value) {
  return JSON.parse(asJson(name, [value]))[0];
}

function invalidInput(message) {
  return new PaypleError({ kind: "invalid_input", message });
}

/** What a request is in numbers (src/hub/anew.rs). */
const NUMBERS = 6;
// The first places in the list of texts.
const [ABSENT, EMPTY, NO_TEXT] = [0, 1, 2];
const NO_NUMBER = Number.NaN;
const WRONG_NUMBER = 0.5;
const NO_OBJECT = Number.POSITIVE_INFINITY;
