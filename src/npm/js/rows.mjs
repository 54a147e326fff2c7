// Makes the rows of a payout group from columns (src/npm/columns.rs): plain objects, made here
// because each field that crosses the border to WebAssembly by itself costs more than the whole
// rest of reading it.

/** @import { PayoutRequest, PayoutRequestGroup } from "./models.d.ts" */

/** Where a row's six texts are in `places`: twelve numbers a row, beginning and end of each. */
const PLACES = 12;

/**
 * A payout group as the core hands it over: JSON with an empty list of requests, and these as
 * columns.
 * @param {string} json
 * @param {string} texts all texts, one after the other
 * @param {Uint32Array} places
 * @param {Float64Array} won amount and remaining limit of each row
 * @returns {PayoutRequestGroup}
 */
export function groupOf(json, texts, places, won) {
  const group = JSON.parse(json);
  group.requests = rowsOf(texts, places, won);
  return group;
}

/**
 * @param {string} texts all texts, one after the other
 * @param {Uint32Array} places @param {Float64Array} won amount and remaining limit of each row
 */
function rowsOf(texts, places, won) {
  const rows = new Array(places.length / PLACES);
  // What repeats from row to row is cut once.
  let [cstId, groupKey, requestedAt, requestedAtRaw] = ["", "", "", ""];
  let [cstIdBegin, groupKeyBegin, timeBegin] = [-1, -1, -1];
  for (let row = 0, at = 0; row < rows.length; row += 1, at += PLACES) {
    if (places[at] !== cstIdBegin) cstId = texts.slice((cstIdBegin = places[at]), places[at + 1]);
    if (places[at + 4] !== groupKeyBegin)
      groupKey = texts.slice((groupKeyBegin = places[at + 4]), places[at + 5]);
    if (places[at + 10] !== timeBegin) {
      requestedAtRaw = texts.slice((timeBegin = places[at + 10]), places[at + 11]);
      requestedAt = `${requestedAtRaw.slice(0, 10)}T${requestedAtRaw.slice(11)}+09:00`;
    }
    const request = /** @type {PayoutRequest} */ ({ cstId });
    if (places[at + 3] !== 0) request.subId = texts.slice(places[at + 2], places[at + 3]);
    request.groupKey = groupKey;
    request.billingTranId = texts.slice(places[at + 6], places[at + 7]);
    if (places[at + 9] !== 0) request.printContent = texts.slice(places[at + 8], places[at + 9]);
    request.amount = won[2 * row];
    request.remainingLimit = won[2 * row + 1];
    request.requestedAt = requestedAt;
    request.requestedAtRaw = requestedAtRaw;
    rows[row] = request;
  }
  return rows;
}
