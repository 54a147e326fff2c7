// The canonical form of a payout group as a careful user would write it from docs/fingerprint.md.

/** @import { Group } from "./group.mjs" */

/**
 * The canonical form; lines of one amount by code units, which is the order of the bytes but for
 * characters beyond U+FFFF.
 */
export function canonical(/** @type {Group} */ { groupKey, requests }) {
  const rows = requests.map((row) => ({
    amount: row.amount,
    line: [
      row.cstId,
      row.billingTranId,
      row.subId,
      row.printContent,
      String(row.amount),
      row.requestedAt,
    ]
      .map(field)
      .join(""),
  }));
  rows.sort((a, b) => a.amount - b.amount || (a.line < b.line ? -1 : 1));
  return [field(groupKey), ...rows.map(({ line }) => line)].join("\n");
}

function field(/** @type {string | undefined} */ text) {
  return text === undefined ? "-" : `${byteLength(text)}:${text},`;
}

/** The length of a text in UTF-8. */
function byteLength(/** @type {string} */ text) {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair stands for two of its four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
