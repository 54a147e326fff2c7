// Faults of the payout look-up: amounts, fields, `list`, rows of other groups, codes. Played on the
// spec page's four rows.

import { refuse, tokenNotAccepted } from "../hub.mjs";
import { group } from "../payout-groups.mjs";
import { define } from "./definition.mjs";
import { maintenance } from "./maintenance.mjs";

/** @import { Group, Row } from "../payout-groups.mjs" */

const badAmounts = {
  NEGATIVE: ["a negative number", '"-1000"'],
  FRACTIONAL: ["a fraction", '"1000.5"'],
  EXPONENT: ["a JSON number with an exponent", "1e3"],
  FLOAT: ["a JSON number with a decimal point", "1000.0"],
  HUGE: ["a number beyond 64 bits", '"99999999999999999999999"'],
  UNSAFE: ["a number beyond 2^53, which JavaScript cannot hold exactly", '"9007199254740993"'],
  COMMA: ["a number with a thousands separator", '"1,000"'],
  FULL_WIDTH: ["a number in full-width digits", '"１０００"'],
  WORDS: ["a word", '"천원"'],
  BOOLEAN: ["`true`", "true"],
  EMPTY: ["an empty text", '""'],
  NULL: ["null", "null"],
};

const amountFaults = [
  ...amountFamily("AMOUNT", "tran_amt"),
  ...amountFamily("TOTAL", "total"),
  ...amountFamily("COUNT", "count"),
  // A limit below zero is no fault of form: it is the review's finding `limit_exceeded`.
  ...amountFamily("LIMIT", "remain_amt").filter(({ name }) => name !== "LIMIT_NEGATIVE"),
];

/** @type {import("./definition.mjs").Outline[]} */
const formFaults = [
  {
    name: "NUMBERS_FOR_STRINGS",
    describes: "amounts, `total`, `count`, `sub_id` and `print_content` are JSON numbers",
    kind: "ok",
    edit: (body) => ({
      ...inRows(body, (row) => ({
        ...row,
        tran_amt: Number(row.tran_amt),
        remain_amt: Number(row.remain_amt),
        sub_id: 12385610,
        print_content: 20211026,
      })),
      total: Number(body.total),
      count: Number(body.count),
    }),
  },
  {
    name: "DUPLICATE_KEYS",
    describes: "`tran_amt` twice in the first row, with two values",
    text: (text) => text.replace(/"tran_amt":/, '"tran_amt":"9000000",$&'),
  },
  ...["null", "empty", "missing"].map((how) => ({
    name: `${how.toUpperCase()}_OPTIONAL_FIELDS`,
    describes: `\`sub_id\`, \`print_content\` and \`message\` are ${how}`,
    kind: "ok",
    edit: (/** @type {Group} */ body) => ({
      ...inRows(body, (row) => ({ ...row, sub_id: absent(how), print_content: absent(how) })),
      message: absent(how),
    }),
  })),
  rowField("BILLING_TRAN_ID_MISSING", "has no `billing_tran_id`", { billing_tran_id: undefined }),
  rowField("BILLING_TRAN_ID_NULL", "has null as `billing_tran_id`", { billing_tran_id: null }),
  rowField("ROW_GROUP_KEY_MISSING", "has no `group_key`", { group_key: undefined }),
  rowField("ROW_CST_ID_MISSING", "has no `cst_id`", { cst_id: undefined }),
  rowField("REQUEST_DATE_MISSING", "has no `request_date`", { request_date: undefined }),
  rowField("REQUEST_DATE_IMPOSSIBLE", "has the `request_date` 2021-13-45 99:99:99", {
    request_date: "2021-13-45 99:99:99",
  }),
  {
    name: "ROW_NOT_AN_OBJECT",
    describes: "the third row is a text",
    edit: (body) => ({ ...body, list: replaced(body.list, 2, "row") }),
  },
  {
    name: "RESULT_MISSING",
    describes: "no `result`, all else right",
    edit: (body) => ({ ...body, result: undefined }),
  },
  {
    name: "RESULT_NULL",
    describes: "`result` is null, all else right",
    edit: (body) => ({ ...body, result: null }),
  },
];

/** @type {import("./definition.mjs").Outline[]} */
const listFaults = [
  {
    name: "LIST_OBJECT",
    describes: "`list` is one row instead of a list of one",
    kind: "ok",
    edit: (body) => ({ ...group(body.list.slice(0, 1)), list: body.list[0] }),
  },
  emptyList("NULL", "null", null),
  emptyList("ABSENT", "absent", undefined),
  emptyList("EMPTY_TEXT", "an empty text", ""),
  { name: "LIST_TEXT", describes: "`list` is a text", edit: (body) => ({ ...body, list: "rows" }) },
  { name: "LIST_NUMBER", describes: "`list` is a number", edit: (body) => ({ ...body, list: 4 }) },
  {
    name: "LIST_LOST",
    describes: "`list` is absent, but `total` and `count` speak of four rows",
    kind: "ok",
    findings: ["total_mismatch", "count_mismatch"],
    edit: (body) => ({ ...body, list: undefined }),
  },
  {
    name: "TOTAL_AND_COUNT_DISAGREE",
    describes: "`total` and `count` speak of a fifth row",
    kind: "ok",
    findings: ["total_mismatch", "count_mismatch", "possible_duplicate"],
    edit: (body) => ({ ...body, total: "5000", count: "5" }),
  },
  {
    name: "FOREIGN_ROWS",
    describes: "every row belongs to another partner and another group",
    kind: "ok",
    findings: ["foreign_partner", "foreign_group_key", "possible_duplicate"],
    edit: (body) =>
      inRows(body, (row) => ({ ...row, cst_id: "stranger", group_key: "T1RIRVJfR1JPVVA=" })),
  },
];

/** @type {import("./definition.mjs").Outline[]} */
const codeFaults = [
  ...maintenance,
  {
    name: "A0001",
    describes: "A0001, a code worth a retry",
    kind: "unavailable",
    code: "A0001",
    calls: 3,
    instead: () => refuse("A0001", "은행 통신 오류입니다."),
  },
  {
    name: "A0001_ONCE",
    describes: "A0001 once per key, then all is well",
    kind: "ok",
    calls: 2,
    firstTimes: 1,
    instead: () => refuse("A0001", "은행 통신 오류입니다."),
  },
  {
    name: "A0009",
    describes: "A0009, refused by the bank",
    kind: "rejected",
    code: "A0009",
    instead: () => refuse("A0009", "[3143] 은행에서 거절하였습니다."),
  },
  {
    name: "UNKNOWN_CODE",
    describes: "a code that no source knows",
    kind: "rejected",
    code: "Z9876",
    instead: () => refuse("Z9876", "알 수 없는 오류입니다."),
  },
  {
    name: "TOKEN_REVOKED",
    describes: "the token is revoked before its first use with this key: HTTP 401",
    kind: "ok",
    upstreamCalls: { token: 2, lookup: 2 },
    firstTimes: 1,
    instead: ({ refuseToken }) => refuseToken(),
  },
  {
    name: "TOKEN_EXPIRED",
    describes: "the token expires before its first use with this key: HTTP 200 and a T-code",
    kind: "ok",
    upstreamCalls: { token: 2, lookup: 2 },
    firstTimes: 1,
    instead({ refuseToken }) {
      refuseToken();
      return tokenNotAccepted(200);
    },
  },
  {
    name: "TOKEN_REFUSED",
    describes: "no token is ever accepted: HTTP 200 and a T-code",
    kind: "authentication",
    note: "the token is replaced once",
    upstreamCalls: { token: 2, lookup: 2 },
    instead({ refuseToken }) {
      refuseToken();
      return tokenNotAccepted(200);
    },
  },
];

export const payoutFaults = define({ at: ["payout"] }, [
  ...amountFaults,
  ...formFaults,
  ...listFaults,
  ...codeFaults,
]);

/**
 * The first value of the field becomes a bad one. In the text, where `1e3` still looks like `1e3`.
 * @param {string} family
 * @param {string} field
 */
function amountFamily(family, field) {
  const pattern = new RegExp(`"${field}":"[^"]*"`);
  const faults = Object.entries(badAmounts).map(([name, [what, json]]) => ({
    name: `${family}_${name}`,
    describes: `${where(field)} is ${what}`,
    text: (/** @type {string} */ text) => text.replace(pattern, `"${field}":${json}`),
  }));
  const missing = {
    name: `${family}_MISSING`,
    describes: `${where(field)} is missing`,
    text: (/** @type {string} */ text) => text.replace(new RegExp(`"${field}":"[^"]*",`), ""),
  };
  return [...faults, missing];
}

/** @param {string} field */
function where(field) {
  return field === "tran_amt" || field === "remain_amt"
    ? `the first row's \`${field}\``
    : `\`${field}\``;
}

/**
 * @returns {import("./definition.mjs").Outline}
 * @param {string} name
 * @param {string} what
 * @param {string | null | undefined} list
 */
function emptyList(name, what, list) {
  return {
    name: `LIST_${name}`,
    describes: `nothing pending, and \`list\` is ${what}`,
    kind: "ok",
    note: "a group without rows",
    edit: () => ({ ...group([]), list }),
  };
}

/**
 * A change to `undefined` leaves the field out of the JSON text.
 * @param {string} name
 * @param {string} what
 * @param {Partial<Record<keyof Row, unknown>>} changes
 * @returns {import("./definition.mjs").Outline}
 */
function rowField(name, what, changes) {
  return {
    name,
    describes: `the third row ${what}`,
    edit: (body) => ({ ...body, list: replaced(body.list, 2, { ...body.list[2], ...changes }) }),
  };
}

/**
 * @template T
 * @param {T[]} list
 * @param {number} index
 * @param {T} value
 */
function replaced(list, index, value) {
  return list.map((each, i) => (i === index ? value : each));
}

/**
 * @param {Group} body
 * @param {(row: Row) => object} change
 */
function inRows(body, change) {
  return { ...body, list: body.list.map(change) };
}

/** @param {string} how */
function absent(how) {
  return { null: null, empty: "", missing: undefined }[how];
}
