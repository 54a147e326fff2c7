// A group's requests against a list of expected ones, as a careful programmer would write it with
// Maps: by recipient, amount and print content, then by recipient and amount, then by recipient.
//
// It follows the package's rule and tells the same kinds, rows and sums; of ambiguity it tells the
// plain case, other numbers of requests and lines left over for one recipient.

/**
 * @import { Finding, FindingKind, PayoutRequest, Severity } from "../../../src/npm/js/models.d.ts"
 * @typedef {Pick<PayoutRequest, "billingTranId" | "printContent" | "amount">} Line
 */

/**
 * A finding as the peer tells it: of words there are few.
 *
 * @typedef {Partial<Finding> & Pick<Finding, "kind" | "severity">} Found
 */

/**
 * The findings of a comparison, and its summary.
 *
 * @param {PayoutRequest[]} rows
 * @param {Line[]} lines
 */
export function compareRequests(rows, lines) {
  /** @type {Found[]} */
  const findings = [];
  const find = findingsInto(findings);
  /** @type {number[]} */
  const rowOf = new Array(lines.length).fill(-1);
  /** @type {number[]} */
  const lineOf = new Array(rows.length).fill(-1);
  const pair = (/** @type {number} */ line, /** @type {number} */ row) => {
    rowOf[line] = row;
    lineOf[row] = line;
  };
  /** @type {((each: Line) => string | undefined)[]} */
  const steps = [
    (each) =>
      each.printContent === undefined
        ? undefined
        : `${each.billingTranId}\n${each.amount}\n${each.printContent}`,
    (each) => `${each.billingTranId}\n${each.amount}`,
  ];
  for (const key of steps) {
    /** @type {Map<string | undefined, number[]>} */
    const free = new Map();
    rows.forEach((row, at) => {
      if (lineOf[at] < 0 && key(row) !== undefined) push(free, key(row), at);
    });
    lines.forEach((line, at) => {
      if (!Number.isSafeInteger(line.amount) || line.amount < 0)
        throw new TypeError(`expect.requests[${at}].amount`);
      if (rowOf[at] >= 0 || key(line) === undefined) return;
      const row = free.get(key(line))?.shift();
      if (row !== undefined) pair(at, row);
    });
  }
  /** @type {Map<string, number[]>} */
  const left = new Map();
  rows.forEach((row, at) => {
    if (lineOf[at] < 0) push(left, row.billingTranId, at);
  });
  /** @type {Map<string, number[]>} */
  const wanting = new Map();
  lines.forEach((line, at) => {
    if (rowOf[at] < 0 && left.has(line.billingTranId)) push(wanting, line.billingTranId, at);
  });
  /** @type {[rows: number[], lines: number[]][]} */
  const unsure = [];
  for (const [recipient, wants] of wanting) {
    const open = left.get(recipient) ?? [];
    wants.sort((a, b) => lines[a].amount - lines[b].amount);
    open.sort((a, b) => rows[a].amount - rows[b].amount);
    if (wants.length === open.length) {
      wants.forEach((line, at) => {
        pair(line, open[at]);
      });
      continue;
    }
    unsure.push([open.slice(), wants.slice()]);
    while (wants.length > 0 && open.length > 0) {
      let best = { gap: Number.POSITIVE_INFINITY, line: -1, row: -1 };
      for (const line of wants)
        for (const row of open) {
          const gap = Math.abs(rows[row].amount - lines[line].amount);
          if (gap < best.gap) best = { gap, line, row };
        }
      wants.splice(wants.indexOf(best.line), 1);
      open.splice(open.indexOf(best.row), 1);
      pair(best.line, best.row);
    }
  }
  /** @type {number[]} */
  const otherTexts = [];
  lines.forEach((line, at) => {
    const row = rows[rowOf[at]];
    if (row?.amount !== line.amount || !row.printContent || !line.printContent) return;
    if (row.printContent !== line.printContent) otherTexts.push(at);
  });
  /** @type {number[][]} */
  const [missing, different, unexpected] = [[], [], []];
  const summary = {
    matched: 0,
    missing: 0,
    unexpected: 0,
    different: 0,
    matchedTotal: 0,
    missingTotal: 0,
    unexpectedTotal: 0,
    differentTotal: 0,
    differentExpectedTotal: 0,
  };
  const add = (
    /** @type {"matched" | "missing" | "unexpected" | "different"} */ name,
    /** @type {number} */ amount,
  ) => {
    summary[name] += 1;
    summary[`${name}Total`] += amount;
  };
  lines.forEach((line, at) => {
    const row = rows[rowOf[at]];
    if (!row) {
      missing.push(at);
      add("missing", line.amount);
    } else if (row.amount === line.amount) add("matched", line.amount);
    else {
      different.push(at);
      add("different", row.amount);
      summary.differentExpectedTotal += line.amount;
    }
  });
  rows.forEach((row, at) => {
    if (lineOf[at] >= 0) return;
    unexpected.push(at);
    add("unexpected", row.amount);
  });
  find("missing_request", "error", undefined, missing);
  find("unexpected_request", "error", unexpected);
  for (const at of different) find("amount_mismatch", "error", [rowOf[at]], [at]);
  find(
    "text_mismatch",
    "notice",
    otherTexts.map((at) => rowOf[at]),
    otherTexts,
  );
  for (const [open, wants] of unsure) find("ambiguous_match", "notice", open, wants);
  return { findings, expectation: summary };
}

/** Adds a finding to a list, unless it names neither rows nor lines. */
export function findingsInto(/** @type {Found[]} */ findings) {
  /**
   * @param {FindingKind} kind
   * @param {Severity} severity
   * @param {number[]} [rows]
   * @param {number[]} [expectedRows]
   */
  return (kind, severity, rows, expectedRows) =>
    (rows?.length || expectedRows?.length) &&
    findings.push({
      kind,
      severity,
      message: `${kind}: ${rows?.length ?? 0}, ${expectedRows?.length ?? 0}`,
      rows,
      expectedRows,
    });
}

/**
 * Adds a value to the list under a key.
 *
 * @template Key
 * @param {Map<Key, number[]>} map
 * @param {Key} key
 * @param {number} value
 */
export function push(map, key, value) {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}
