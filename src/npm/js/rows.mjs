// Makes the rows of a payout group from columns: plain objects, made here because each field that crosses the border
// to WebAssembly by itself costs more than the whole rest of reading it.

/** Where a row's six texts are in `places`: twelve numbers a row, beginning and end of each. */
const PLACES = 12;
/** `2021-10-26T10:55:03+09:00`, which stands before the time as Payple wrote it. */
const ISO_TIME = 25;
/** Set in a beginning that is in `wide`. */
const WIDE = 0x80000000;

/** A payout group as the core hands it over: JSON without its requests, and these as columns. */
export function groupOf(json, ascii, wide, places, won) {
  const group = JSON.parse(json);
  group.requests = rowsOf(ascii, wide, places, won);
  return group;
}

/**
 * @param {string} ascii @param {string} wide the texts, those of ASCII alone and all others
 * @param {Uint32Array} places @param {Float64Array} won amount and remaining limit of each row
 */
function rowsOf(ascii, wide, places, won) {
  const cut = (at) => {
    const [begin, end] = [places[at], places[at + 1]];
    return begin < WIDE ? ascii.slice(begin, end) : wide.slice(begin - WIDE, end);
  };
  const rows = [];
  // What repeats from row to row is cut once.
  let cstId, subId, groupKey, requestedAt, requestedAtRaw;
  for (let at = 0, i = 0; at < places.length; at += PLACES, i += 2) {
    const repeats = (place) => at > 0 && places[at + place] === places[at + place - PLACES];
    if (!repeats(0)) cstId = cut(at);
    if (!repeats(2)) subId = places[at + 3] === 0 ? undefined : cut(at + 2);
    if (!repeats(4)) groupKey = cut(at + 4);
    const billingTranId = cut(at + 6);
    const printContent = places[at + 9] === 0 ? undefined : cut(at + 8);
    if (!repeats(10)) {
      const begin = places[at + 10];
      requestedAt = ascii.slice(begin - ISO_TIME, begin);
      requestedAtRaw = ascii.slice(begin, places[at + 11]);
    }
    const [amount, remainingLimit] = [won[i], won[i + 1]];
    // Written out four times, so that every row has its final shape at once.
    if (subId !== undefined && printContent !== undefined) {
      rows.push({ cstId, subId, groupKey, billingTranId, printContent, amount, remainingLimit, requestedAt, requestedAtRaw });
    } else if (subId !== undefined) {
      rows.push({ cstId, subId, groupKey, billingTranId, amount, remainingLimit, requestedAt, requestedAtRaw });
    } else if (printContent !== undefined) {
      rows.push({ cstId, groupKey, billingTranId, printContent, amount, remainingLimit, requestedAt, requestedAtRaw });
    } else {
      rows.push({ cstId, groupKey, billingTranId, amount, remainingLimit, requestedAt, requestedAtRaw });
    }
  }
  return rows;
}
