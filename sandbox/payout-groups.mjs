// The sample payout groups (지급이체 요청) that the look-up knows: the spec page's, generated ones, one
// per review finding.

import { randomNumbers } from "./random.mjs";

export const SPEC_GROUP_KEY = "Q0RSSkYzWUI3";
const MAX_ROWS = 200_000;

/**
 * What each documented key answers and which findings its review should make; the README's table is
 * made from it.
 */
export const payoutGroupSamples = [
  {
    key: SPEC_GROUP_KEY,
    describes: "the spec page's four requests, ₩4,000",
    findings: ["possible_duplicate"],
  },
  { key: "EMPTY", describes: "nothing pending: no rows, total and count 0", findings: [] },
  {
    key: "CLEAN_128",
    describes: "128 requests to 128 recipients, for comparing with a list",
    findings: [],
  },
  {
    key: "ROWS_10000",
    describes: "10,000 requests to 300 recipients, about 2.5 MB; any `ROWS_<n>` up to 200,000",
    findings: [],
  },
  { key: "LONG_NAMES", describes: "long Korean print contents and huge amounts", findings: [] },
  {
    key: "HOSTILE_TEXT",
    describes: "print contents with markup, formulas, quotes, line breaks and control characters",
    findings: [],
  },
  {
    key: "REVIEW_TOTAL_MISMATCH",
    describes: "`total` is ₩1,000 more than the rows",
    findings: ["total_mismatch"],
  },
  {
    key: "REVIEW_COUNT_MISMATCH",
    describes: "`count` is one more than the rows",
    findings: ["count_mismatch"],
  },
  {
    key: "REVIEW_FOREIGN_GROUP_KEY",
    describes: "the last row belongs to another group",
    findings: ["foreign_group_key"],
  },
  {
    key: "REVIEW_FOREIGN_PARTNER",
    describes: "the last row belongs to another partner",
    findings: ["foreign_partner"],
  },
  {
    key: "REVIEW_LIMIT_EXCEEDED",
    describes: "the remaining limit falls below zero at the last row",
    findings: ["limit_exceeded"],
  },
  {
    key: "REVIEW_LIMIT_SEQUENCE",
    describes: "the remaining limit of row 5 falls by ₩500 too much",
    findings: ["limit_sequence"],
  },
  {
    key: "REVIEW_POSSIBLE_DUPLICATE",
    describes: "one request is there twice",
    findings: ["possible_duplicate"],
  },
  {
    key: "MANY_FINDINGS",
    describes: "all of these at once",
    findings: [
      "total_mismatch",
      "count_mismatch",
      "foreign_group_key",
      "foreign_partner",
      "limit_exceeded",
      "limit_sequence",
      "possible_duplicate",
    ],
  },
];

/**
 * The reply for a sample key, or `undefined` for a key unknown to this sandbox.
 * @param {string} sample which sample
 * @param {string} groupKey the key to echo
 * @param {string} cstId the partner
 */
export function payoutGroup(sample, groupKey, cstId) {
  const owner = { cst_id: cstId, group_key: groupKey };
  const rows = /^ROWS_([1-9]\d{0,5})$/.exec(sample);
  if (rows) return Number(rows[1]) <= MAX_ROWS ? manyRows(Number(rows[1]), owner) : undefined;
  switch (sample) {
    case SPEC_GROUP_KEY:
      return specPage(owner);
    case "EMPTY":
      return group([]);
    case "CLEAN_128":
      return group(plainRows(128, owner));
    case "LONG_NAMES":
      return group(longNames(owner));
    case "HOSTILE_TEXT":
      return group(
        plainRows(HOSTILE_TEXTS.length, owner).map((each, i) => ({
          ...each,
          print_content: HOSTILE_TEXTS[i],
        })),
      );
    default:
      return sample === "MANY_FINDINGS" || sample.startsWith("REVIEW_")
        ? reviewGroup(sample, owner)
        : undefined;
  }
}

/**
 * Who asks, and for which group.
 * @typedef {{ cst_id: string, group_key: string }} Owner
 * @typedef {ReturnType<typeof row>} Row
 * @typedef {ReturnType<typeof group>} Group
 */

/**
 * @param {Row[]} list
 * @param {{ total?: string, count?: string }} [changes]
 */
export function group(list, changes = {}) {
  const total = list.reduce((sum, row) => sum + BigInt(row.tran_amt), 0n);
  return {
    result: "A0000",
    message: "처리 성공",
    total: String(total),
    count: String(list.length),
    ...changes,
    list,
  };
}

/** @param {Owner} owner */
function specPage({ cst_id, group_key }) {
  const row = (/** @type {string} */ remain_amt, /** @type {string} */ time) => ({
    cst_id,
    sub_id: "test12385610",
    group_key,
    billing_tran_id: "2g4493dc-...",
    print_content: "정산테스트2",
    tran_amt: "1000",
    remain_amt,
    request_date: `2021-10-26 ${time}`,
  });
  return group([
    row("9988000", "10:55:03"),
    row("9987000", "10:55:03"),
    row("9986000", "10:55:04"),
    row("9985000", "10:55:05"),
  ]);
}

/**
 * Rows without any finding: as many recipients as rows, the limit falling from row to row.
 * @param {number} n
 * @param {Owner} owner
 */
function plainRows(
  n,
  owner,
  { amount = (/** @type {number} */ i) => 10_000 + i * 1_000, limitLeft = 10_000_000 } = {},
) {
  const amounts = Array.from({ length: n }, (_, i) => amount(i));
  let remaining = amounts.reduce((sum, won) => sum + won, limitLeft);
  return amounts.map((won, i) => {
    remaining -= won;
    return row(owner, i, i, won, remaining, `10월 정산 ${recipientName(i)}`);
  });
}

/** @param {Owner} owner */
function longNames(owner) {
  // The sums stay below 2^53, so that every amount is exact as a JavaScript number.
  const rows = plainRows(20, owner, {
    amount: (i) => 99_999_999_999_999 - i,
    limitLeft: 1_000_000_000_000_000,
  });
  const words =
    "주식회사 대한민국종합물류유통센터 2021년 10월 하반기 판매대금 및 배송비 정산금 지급의 건";
  return rows.map((each, i) => ({
    ...each,
    print_content: `${`${words} `.repeat(1 + (i % 6))}제${i + 1}차`,
  }));
}

/**
 * @param {string} sample
 * @param {Owner} owner
 */
function reviewGroup(sample, owner) {
  const rows = plainRows(8, owner);
  const total = rows.reduce((sum, each) => sum + Number(each.tran_amt), 0);
  switch (sample) {
    case "REVIEW_TOTAL_MISMATCH":
      return group(rows, { total: String(total + 1_000) });
    case "REVIEW_COUNT_MISMATCH":
      return group(rows, { count: "9" });
    // The foreign row is the last one: the limit then falls rightly with it and without it.
    case "REVIEW_FOREIGN_GROUP_KEY":
      rows[7].group_key = "T1RIRVJfR1JPVVA=";
      return group(rows);
    case "REVIEW_FOREIGN_PARTNER":
      rows[7].cst_id = "stranger";
      return group(rows);
    case "REVIEW_LIMIT_EXCEEDED":
      return group(plainRows(8, owner, { limitLeft: -5_000 }));
    case "REVIEW_LIMIT_SEQUENCE":
      lowerLimit(rows, 4, 500);
      return group(rows);
    case "REVIEW_POSSIBLE_DUPLICATE":
      return group(withDuplicate(rows));
    case "MANY_FINDINGS": {
      const many = withDuplicate(plainRows(12, owner, { limitLeft: -30_000 }));
      lowerLimit(many, 4, 500);
      many[6].group_key = "T1RIRVJfR1JPVVA=";
      many[7].cst_id = "stranger";
      return group(many, { total: "1", count: "99" });
    }
    default:
      return undefined;
  }
}

/**
 * From row `from` on, every remaining limit is lower by `won`: only the step to that row is wrong.
 * @param {Row[]} rows
 * @param {number} from
 * @param {number} won
 */
function lowerLimit(rows, from, won) {
  for (const each of rows.slice(from)) each.remain_amt = String(Number(each.remain_amt) - won);
}

/** @param {Row[]} rows */
function withDuplicate(rows) {
  const last = rows[rows.length - 1];
  return [
    ...rows,
    { ...last, remain_amt: String(Number(last.remain_amt) - Number(last.tran_amt)) },
  ];
}

// Generating 10,000 rows costs more than sending them; a caller of a big group mostly asks for it
// again.
/** @type {{ key: string, group?: object }} */
let lastManyRows = { key: "" };

/**
 * @param {number} n
 * @param {Owner} owner
 */
function manyRows(n, owner) {
  const key = JSON.stringify([n, owner]);
  if (lastManyRows.key !== key) lastManyRows = { key, group: group(generateRows(n, owner)) };
  return lastManyRows.group;
}

/**
 * @param {number} n
 * @param {Owner} owner
 */
function generateRows(n, owner) {
  const random = randomNumbers(20211026);
  const picks = Array.from({ length: n }, () => ({
    recipient: Math.floor(random() * RECIPIENTS),
    won: (1 + Math.floor(random() ** 3 * 3_000)) * 1_000,
  }));
  let remaining = picks.reduce((sum, { won }) => sum + won, 10_000_000);
  const timesPaid = new Map();
  return picks.map(({ recipient, won }, i) => {
    const times = (timesPaid.get(recipient) ?? 0) + 1;
    timesPaid.set(recipient, times);
    remaining -= won;
    // The ordinal keeps two requests of one amount to one recipient from looking like a duplicate.
    return row(
      owner,
      i,
      recipient,
      won,
      remaining,
      `10월 정산 ${recipientName(recipient)} ${times}회`,
    );
  });
}

/**
 * @param {Owner} owner
 * @param {number} index
 * @param {number} recipient
 * @param {number} won
 * @param {number} remaining
 * @param {string} print
 */
function row({ cst_id, group_key }, index, recipient, won, remaining, print) {
  return {
    cst_id,
    sub_id: `${cst_id}${12_385_610 + recipient}`,
    group_key,
    billing_tran_id: recipientId(recipient),
    print_content: print,
    tran_amt: String(won),
    remain_amt: String(remaining),
    request_date: requestDate(index),
  };
}

/**
 * One request every three seconds from 2021-10-26 09:00:00 on, Korean time.
 * @param {number} index
 */
function requestDate(index) {
  const time = new Date(Date.UTC(2021, 9, 26, 9, 0, 0) + index * 3_000);
  return time.toISOString().slice(0, 19).replace("T", " ");
}

/**
 * In the form of a `billing_tran_id`: five groups of hexadecimal digits.
 * @param {number} recipient
 */
function recipientId(recipient) {
  const random = randomNumbers(recipient + 1);
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {number} recipient */
function recipientName(recipient) {
  return (
    SURNAMES[recipient % SURNAMES.length] +
    GIVEN_NAMES[Math.floor(recipient / SURNAMES.length) % GIVEN_NAMES.length]
  );
}

const RECIPIENTS = 300;
const SURNAMES = [..."김이박최정강조윤장임한오서신권"];
const GIVEN_NAMES = [
  "민준",
  "서연",
  "도윤",
  "지우",
  "하준",
  "수아",
  "은우",
  "지호",
  "서윤",
  "예준",
  "하은",
  "시우",
  "윤서",
  "주원",
  "채원",
  "건우",
  "지민",
  "현우",
  "다은",
  "유진",
];
const HOSTILE_TEXTS = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  '=HYPERLINK("http://127.0.0.1:9/","정산")',
  "+1+1",
  "-2+3",
  "@SUM(A1:A9)",
  "따옴표 \"정산\", 쉼표, 'x'; 끝",
  "두 줄\r\n정산",
  "탭\t정산\u0000\u001b[31m",
  "\u202e산정 로꾸거\u202c",
  "정산 👨‍👩‍👧‍👦 𠮷",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what an attacker would write, not a template of ours
  "${7*7}{{7*7}}%s%n",
];
