// The fingerprint of a payout group as a careful user of Node would write it from docs/fingerprint.md.

import { createHash } from "node:crypto";

/** A group with its fingerprint. */
export function withFingerprint(group) {
  const hash = createHash("sha256").update(canonical(group)).digest("hex");
  return { ...group, fingerprint: `v1:${hash}` };
}

/** The canonical form; lines of one amount by code units, which is the order of the bytes but for characters beyond U+FFFF. */
export function canonical({ groupKey, requests }) {
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

function field(text) {
  return text === undefined ? "-" : `${Buffer.byteLength(text)}:${text},`;
}
