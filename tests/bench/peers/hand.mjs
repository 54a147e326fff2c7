// Peer (b): a reply to a payout look-up read with `JSON.parse` and checks by hand.

import { koreanTime, LookupError, review, sumOf, words } from "./group.mjs";

/**
 * @import { PayoutRequest } from "../../../src/npm/js/models.d.ts"
 * @import { ReadGroup } from "./group.mjs"
 */

/** @typedef {any} Json what Payple has sent, before it is checked */

/**
 * The bytes of a reply to a complete, reviewed `PayoutRequestGroup`.
 *
 * @type {ReadGroup}
 */
export function readGroup(bytes, groupKey, cstId, secrets = []) {
  const reply = parse(bytes);
  const code = text(reply.result);
  if (code !== "A0000") {
    if (!/^\w{1,16}$/.test(code ?? ""))
      throw new LookupError("protocol", "Payple's reply has no result code");
    throw new LookupError(
      "rejected",
      `Payple refused this look-up: [${code}] ${words(text(reply.message) ?? "", secrets)}`,
      { code },
    );
  }
  const requests = listOf(reply.list).map(readRow);
  const isEmpty = requests.length === 0;
  const total = isEmpty && !reply.total ? 0 : amount(reply.total, "total");
  const count = isEmpty && !reply.count ? 0 : amount(reply.count, "count");
  return {
    groupKey,
    total,
    count,
    requests,
    review: review(requests, sumOf(requests), total, count, groupKey, cstId),
    code,
    message: words(text(reply.message) ?? "", secrets),
  };
}

/** @returns {Record<string, Json>} */
function parse(/** @type {AllowSharedBufferSource} */ bytes) {
  let reply;
  try {
    reply = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new LookupError("protocol", "Payple's reply is not JSON", { cause });
  }
  if (typeof reply !== "object" || reply === null || Array.isArray(reply))
    throw new LookupError("protocol", "Payple's reply is no object");
  return reply;
}

/** @returns {Json[]} */
function listOf(/** @type {Json} */ list) {
  if (list === undefined || list === null || list === "") return [];
  if (Array.isArray(list)) return list;
  if (typeof list === "object") return [list];
  throw new LookupError("protocol", "list is no list");
}

/** @returns {PayoutRequest} */
function readRow(/** @type {Json} */ row, /** @type {number} */ index) {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw fault(index, "row", "is no object");
  const cstId = required(row.cst_id, index, "cst_id");
  const subId = optional(row.sub_id, index, "sub_id");
  const groupKey = required(row.group_key, index, "group_key");
  const billingTranId = required(row.billing_tran_id, index, "billing_tran_id");
  const printContent = optional(row.print_content, index, "print_content");
  const won = amount(row.tran_amt, "tran_amt", index);
  const remainingLimit = limit(row.remain_amt, index);
  const requestedAtRaw = required(row.request_date, index, "request_date");
  const requestedAt = koreanTime(requestedAtRaw);
  if (requestedAt === undefined)
    throw fault(index, "request_date", "is not a time of the documented form");
  if (subId !== undefined && printContent !== undefined) {
    return {
      cstId,
      subId,
      groupKey,
      billingTranId,
      printContent,
      amount: won,
      remainingLimit,
      requestedAt,
      requestedAtRaw,
    };
  }
  return {
    cstId,
    ...(subId !== undefined && { subId }),
    groupKey,
    billingTranId,
    ...(printContent !== undefined && { printContent }),
    amount: won,
    remainingLimit,
    requestedAt,
    requestedAtRaw,
  };
}

/**
 * A documented string that may arrive as an integer, empty, `null` or not at all.
 *
 * @returns {string | undefined}
 */
function text(/** @type {Json} */ value) {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  return Number.isSafeInteger(value) ? String(value) : fail();
}

/** @returns {never} */
function fail() {
  throw new LookupError("protocol", "a text of Payple's reply is none");
}

/** @returns {string | undefined} */
function optional(
  /** @type {Json} */ value,
  /** @type {number} */ index,
  /** @type {string} */ field,
) {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value)) return String(value);
  throw fault(index, field, "is not a text");
}

function required(
  /** @type {Json} */ value,
  /** @type {number} */ index,
  /** @type {string} */ field,
) {
  const read = optional(value, index, field);
  if (read === undefined) throw fault(index, field, "is missing");
  return read;
}

/**
 * @param {Json} value
 * @param {string} field
 * @param {number} [index]
 * @returns {number}
 */
function amount(value, field, index) {
  if (typeof value === "string" && /^\d+$/.test(value)) {
    const won = Number(value);
    if (Number.isSafeInteger(won)) return won;
  } else if (Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw fault(index, field, "is not a whole amount of won");
}

/** @returns {number} */
function limit(/** @type {Json} */ value, /** @type {number} */ index) {
  if (typeof value === "string" && /^-?\d+$/.test(value)) {
    const won = Number(value);
    if (Number.isSafeInteger(won)) return won;
  } else if (Number.isSafeInteger(value)) {
    return value;
  }
  throw fault(index, "remain_amt", "is not a whole amount of won");
}

/**
 * @param {number | undefined} index
 * @param {string} field
 * @param {string} what
 */
function fault(index, field, what) {
  const where = index === undefined ? field : `payout request ${index + 1}: ${field}`;
  return new LookupError("protocol", `${where} ${what}`);
}
