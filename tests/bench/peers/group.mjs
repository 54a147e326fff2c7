// What both peers share, written as one would without this project: the review of a payout group,
// and Payple's errors.

/**
 * @import { Finding, FindingKind, PayoutRequest } from "../../../src/npm/js/models.d.ts"
 * @import { PayoutRequestGroup, PayoutReview, Severity } from "../../../src/npm/js/models.d.ts"
 */

/**
 * What a peer reads: the group, without its fingerprint.
 *
 * @typedef {Omit<PayoutRequestGroup, "fingerprint">} Group
 */

/**
 * Reads the bytes of a reply to a look-up; `secrets` are kept out of what it says.
 *
 * @template [Read=Group]
 * @typedef {(
 *   bytes: AllowSharedBufferSource, groupKey: string, cstId: string, secrets?: string[]
 * ) => Read} ReadGroup
 */

export class LookupError extends Error {
  /**
   * @param {string} kind
   * @param {string} message
   * @param {{ cause?: unknown, code?: string }} [more]
   */
  constructor(kind, message, more = {}) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.code = more.code;
    this.phase = "lookup";
  }
}

/** The sum of the rows, which must be exact. */
export function sumOf(/** @type {PayoutRequest[]} */ rows) {
  let sum = 0;
  for (const { amount } of rows) sum += amount;
  if (!Number.isSafeInteger(sum))
    throw new LookupError("protocol", "the sum cannot be counted exactly");
  return sum;
}

/** `YYYY-MM-DD HH:mm:ss`, a day and a time that exist; as ISO 8601 in Korea, or undefined. */
export function koreanTime(/** @type {string} */ text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)$/.exec(text);
  if (!parts) return undefined;
  // Comparing makes numbers of them.
  const [, year, month, day, hour, minute, second] = /** @type {any[]} */ (parts);
  if (hour > 23 || minute > 59 || second > 59 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysIn(Number(year), Number(month))) return undefined;
  return `${text.slice(0, 10)}T${text.slice(11)}+09:00`;
}

function daysIn(/** @type {number} */ year, /** @type {number} */ month) {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Payple's message on one line, bounded, without secrets and without long runs of digits. */
export function words(/** @type {string} */ text, /** @type {string[]} */ secrets) {
  let shown = text;
  for (const secret of secrets) if (secret.length >= 6) shown = shown.replaceAll(secret, "…");
  shown = shown
    .replace(/\p{Cc}/gu, " ")
    .replace(/\d(?:[ -]?\d){4,}/g, (run) => run.slice(0, 4) + run.slice(4).replace(/\d/g, "*"));
  return (shown.length > 200 ? `${shown.slice(0, 200)}…` : shown).trim();
}

/**
 * The contract's review.
 *
 * @param {PayoutRequest[]} rows
 * @param {number} computedTotal
 * @param {number} total
 * @param {number} count
 * @param {string} groupKey
 * @param {string} cstId
 * @returns {PayoutReview}
 */
export function review(rows, computedTotal, total, count, groupKey, cstId) {
  /** @type {Finding[]} */
  const findings = [];
  /**
   * @param {Severity} severity
   * @param {FindingKind} kind
   * @param {string} message
   * @param {string} messageKo
   * @param {number[]} [found]
   */
  const add = (severity, kind, message, messageKo, found) =>
    findings.push(
      found
        ? { kind, severity, message, messageKo, rows: found }
        : { kind, severity, message, messageKo },
    );
  /** @type {(...finding: [FindingKind, string, string, number[]?]) => void} */
  const error = (...finding) => add("error", ...finding);

  if (total !== computedTotal) {
    const [declared, computed] = [won(total), won(computedTotal)];
    error(
      "total_mismatch",
      `Payple declares ${declared} in total, but the requests add up to ${computed}.`,
      `페이플이 알린 총액은 ${declared}이지만 요청 금액의 합은 ${computed}입니다.`,
    );
  }
  if (count !== rows.length) {
    error(
      "count_mismatch",
      `Payple declares a count of ${count}, but lists ${rows.length}.`,
      `페이플이 알린 건수는 ${count}건이지만 목록에는 ${rows.length}건이 있습니다.`,
    );
  }
  const otherGroup = placesOf(rows, (row) => row.groupKey !== groupKey);
  if (otherGroup.length > 0) {
    error(
      "foreign_group_key",
      `Another group key than the one asked for is named in ${otherGroup.length} of the requests.`,
      `${otherGroup.length}건이 조회한 그룹 키가 아닌 다른 그룹 키의 요청입니다.`,
      otherGroup,
    );
  }
  const otherPartner = placesOf(rows, (row) => row.cstId !== cstId);
  if (otherPartner.length > 0) {
    error(
      "foreign_partner",
      `Another partner is named in ${otherPartner.length} of the requests.`,
      `${otherPartner.length}건이 다른 파트너의 요청입니다.`,
      otherPartner,
    );
  }
  const [exceeded, outOfSequence] = limits(rows);
  if (exceeded.length > 0) {
    error(
      "limit_exceeded",
      `The transfer limit is overdrawn by ${exceeded.length} of the requests.`,
      `${exceeded.length}건이 지급이체 한도를 초과합니다.`,
      exceeded,
    );
  }
  if (outOfSequence.length > 0) {
    error(
      "limit_sequence",
      `At ${outOfSequence.length} of the requests the remaining limit does not fall by the amount of the request.`,
      `${outOfSequence.length}건에서 잔여 한도가 요청 금액만큼 줄지 않았습니다.`,
      outOfSequence,
    );
  }
  const consistent = findings.length === 0;
  for (const alike of duplicates(rows)) {
    add(
      "notice",
      "possible_duplicate",
      `${alike.length} requests have the same recipient, amount and print content.`,
      `수취 계좌, 금액, 적요가 같은 요청이 ${alike.length}건 있습니다.`,
      alike,
    );
  }
  return { consistent, computedTotal, computedCount: rows.length, findings };
}

/**
 * @param {PayoutRequest[]} rows
 * @param {(row: PayoutRequest) => boolean} isWrong
 */
function placesOf(rows, isWrong) {
  const places = [];
  for (let i = 0; i < rows.length; i += 1) if (isWrong(rows[i])) places.push(i);
  return places;
}

/**
 * Rows that overdraw the limit, and rows whose remaining limit does not follow from the row before.
 */
function limits(/** @type {PayoutRequest[]} */ rows) {
  /** @typedef {(before: PayoutRequest, after: PayoutRequest) => boolean} Holds */
  /** @type {Holds} */
  const follows = (before, after) => before.remainingLimit - after.amount === after.remainingLimit;
  const all = (/** @type {Holds} */ holds) => {
    for (let i = 1; i < rows.length; i += 1) if (!holds(rows[i - 1], rows[i])) return false;
    return true;
  };
  const step = !all(follows) && all((first, second) => follows(second, first)) ? 1 : -1;
  /** @type {number[][]} */
  const [exceeded, outOfSequence] = [[], []];
  for (let i = 0; i < rows.length; i += 1) {
    const { amount, remainingLimit } = rows[i];
    const before = rows[i + step];
    const left = before && before.remainingLimit - amount;
    if (remainingLimit < 0 || left < 0) exceeded.push(i);
    else if (before && left !== remainingLimit) outOfSequence.push(i);
  }
  return [exceeded, outOfSequence];
}

/**
 * The places of rows that agree in recipient, amount and print content, in the order in which each
 * set begins.
 */
function duplicates(/** @type {PayoutRequest[]} */ rows) {
  /** @type {Map<string, number | number[]>} */
  const seen = new Map();
  for (let i = 0; i < rows.length; i += 1) {
    const { billingTranId, amount, printContent } = rows[i];
    const key = `${billingTranId}\n${amount}\n${printContent ?? ""}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, i);
    else if (typeof first === "number") seen.set(key, [first, i]);
    else first.push(i);
  }
  return [...seen.values()].filter(Array.isArray);
}

function won(/** @type {number} */ amount) {
  return `₩${amount.toLocaleString("en-US")}`;
}
