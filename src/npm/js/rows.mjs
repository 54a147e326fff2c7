// Makes the rows of a payout group from columns: plain objects, made here because each field that crosses the border
// to WebAssembly by itself costs more than the whole rest of reading it.

/** Where a row's six texts are in `places`: twelve numbers a row, beginning and end of each. */
const PLACES = 12;
/** `2021-10-26T10:55:03+09:00`, which stands before the time as Payple wrote it. */
const ISO_TIME = 25;
/** Set in a beginning that is in `wide`. */
const WIDE = 0x80000000;
/** How many texts that may come again are at hand, as a power of two. */
const SHARED_BITS = 11;
/** A call with more arguments may be one too many for the stack. */
const MAX_ARGUMENTS = 4096;

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** A payout group as the core hands it over: JSON without its requests, and these as columns. */
export function groupOf(json, ascii, wide, places, won) {
  const group = JSON.parse(json);
  group.requests = rowsOf(
    ascii,
    wide.length > MAX_ARGUMENTS ? utf16.decode(wide) : String.fromCharCode.apply(null, wide),
    places,
    won,
  );
  return group;
}

/**
 * @param {string} ascii @param {string} wide the texts, those of ASCII alone and all others
 * @param {Uint32Array} places @param {Float64Array} won amount and remaining limit of each row
 */
function rowsOf(ascii, wide, places, won) {
  const cut = (begin, end) =>
    begin < WIDE ? ascii.slice(begin, end) : wide.slice(begin - WIDE, end);
  // Each at the place that its beginning gives it, unless another has taken it since.
  const mask = 2 ** Math.min(SHARED_BITS, 32 - Math.clz32(places.length / PLACES)) - 1;
  const shared = new Array(mask + 1);
  const beginnings = new Array(mask + 1);
  const cutOnce = (begin, end) => {
    const at = (begin ^ (begin >>> SHARED_BITS)) & mask;
    if (beginnings[at] === begin) return shared[at];
    beginnings[at] = begin;
    return (shared[at] = cut(begin, end));
  };
  const rows = new Array(places.length / PLACES);
  // What repeats from row to row is cut once.
  let cstId, groupKey, requestedAt, requestedAtRaw;
  let [cstIdBegin, groupKeyBegin, timeBegin] = [-1, -1, -1];
  for (let row = 0, at = 0; row < rows.length; row += 1, at += PLACES) {
    if (places[at] !== cstIdBegin) cstId = cut((cstIdBegin = places[at]), places[at + 1]);
    const subId = places[at + 3] === 0 ? undefined : cutOnce(places[at + 2], places[at + 3]);
    if (places[at + 4] !== groupKeyBegin)
      groupKey = cut((groupKeyBegin = places[at + 4]), places[at + 5]);
    const billingTranId = cutOnce(places[at + 6], places[at + 7]);
    const printContent = places[at + 9] === 0 ? undefined : cut(places[at + 8], places[at + 9]);
    if (places[at + 10] !== timeBegin) {
      timeBegin = places[at + 10];
      requestedAt = ascii.slice(timeBegin - ISO_TIME, timeBegin);
      requestedAtRaw = ascii.slice(timeBegin, places[at + 11]);
    }
    const amount = won[2 * row];
    const remainingLimit = won[2 * row + 1];
    // Written out four times, so that every row has its final shape at once.
    if (subId !== undefined && printContent !== undefined) {
      rows[row] = {
        cstId,
        subId,
        groupKey,
        billingTranId,
        printContent,
        amount,
        remainingLimit,
        requestedAt,
        requestedAtRaw,
      };
    } else if (subId !== undefined) {
      rows[row] = {
        cstId,
        subId,
        groupKey,
        billingTranId,
        amount,
        remainingLimit,
        requestedAt,
        requestedAtRaw,
      };
    } else if (printContent !== undefined) {
      rows[row] = {
        cstId,
        groupKey,
        billingTranId,
        printContent,
        amount,
        remainingLimit,
        requestedAt,
        requestedAtRaw,
      };
    } else {
      rows[row] = {
        cstId,
        groupKey,
        billingTranId,
        amount,
        remainingLimit,
        requestedAt,
        requestedAtRaw,
      };
    }
  }
  return rows;
}
