// Faults of the billing-key look-up: another key in the reply, missing fields, contradicting codes.
// Played on the spec page's card.

import { refusals } from "../cpay.mjs";
import { define } from "./definition.mjs";

/** @type {import("./definition.mjs").Outline[]} */
const formFaults = [
  {
    name: "WRONG_PAYER_ID",
    describes: "the reply is about another billing key",
    edit: (body) => ({ ...body, PCD_PAYER_ID: "d0toSS9sT084bVJSNThScnFY" }),
  },
  {
    name: "DUPLICATE_KEYS",
    describes: "`PCD_PAY_CARDNUM` twice, with two values",
    text: (text) =>
      text.replace(/"PCD_PAY_CARDNUM":/, '"PCD_PAY_CARDNUM":"9999-****-****-9999",$&'),
  },
  {
    name: "NUMBERS_FOR_STRINGS",
    describes: "`PCD_PAY_CARD` and `PCD_PAYER_NAME` are JSON numbers",
    kind: "ok",
    edit: (body) => ({ ...body, PCD_PAY_CARD: 200, PCD_PAYER_NAME: 777 }),
  },
  ...["null", "empty", "missing"].map((how) => ({
    name: `${how.toUpperCase()}_OPTIONAL_FIELDS`,
    describes: `name, phone, owner type, taxability and message are ${how}`,
    kind: "ok",
    edit: (/** @type {object} */ body) => ({
      ...body,
      PCD_PAYER_NAME: absent(how),
      PCD_PAYER_HP: absent(how),
      PCD_PAY_BANKACCTYPE: absent(how),
      PCD_PAY_ISTAX: absent(how),
      PCD_PAY_MSG: absent(how),
    }),
  })),
  {
    name: "TYPE_MISSING",
    describes: "no `PCD_PAY_TYPE`",
    edit: (body) => ({ ...body, PCD_PAY_TYPE: undefined }),
  },
  {
    name: "CARD_MISSING",
    describes: "type `card` without any field of a card",
    edit: (body) => ({
      ...body,
      PCD_PAY_CARD: undefined,
      PCD_PAY_CARDNAME: undefined,
      PCD_PAY_CARDNUM: undefined,
    }),
  },
];

/** @type {import("./definition.mjs").Outline[]} */
const codeFaults = [
  {
    name: "RST_MISSING",
    describes: "no `PCD_PAY_RST`, but code 0000",
    edit: (body) => ({ ...body, PCD_PAY_RST: undefined }),
  },
  {
    name: "CODE_MISSING",
    describes: "`PCD_PAY_RST` is success, but no `PCD_PAY_CODE`",
    edit: (body) => ({ ...body, PCD_PAY_CODE: undefined }),
  },
  rejected("RST_EMPTY_WITH_ERROR", "an empty `PCD_PAY_RST` with SPCD0001", "SPCD0001", {
    PCD_PAY_RST: "",
  }),
  rejected(
    "SUCCESS_WITH_ERROR_CODE",
    "`PCD_PAY_RST` is success, but the code is SPCD0001",
    "SPCD0001",
    { PCD_PAY_RST: "success" },
  ),
  rejected("ERROR_WITH_SUCCESS_CODE", "`PCD_PAY_RST` is error, but the code is 0000", "0000", {}),
  rejected("UNKNOWN_CODE", "a code that no source knows", "ZZZZ9876", {}),
  {
    name: "ERROR_WITH_INSTITUTION",
    describes: "SPCD1001 with an institution's code: `[Test] [SPCD1001] 3143 - …`",
    kind: "rejected",
    code: "SPCD1001",
    instead: ({ fields }) =>
      refusals(fields).refuseLookup("SPCD1001", "카드사 문의 바랍니다.", "3143"),
  },
  {
    name: "CODE_ONLY_IN_MESSAGE",
    describes: "SPCD0001 inside `PCD_PAY_MSG`, and no `PCD_PAY_CODE`",
    kind: "rejected",
    instead: ({ fields }) =>
      withoutCode(refusals(fields).refuseLookup("SPCD0001", "존재하지 않는 빌링키입니다.")),
  },
  {
    name: "TOKEN_EXPIRED_WITHOUT_CODE",
    describes:
      "the AuthKey expires before its first use with this key; nothing but the text says so",
    kind: "ok",
    upstreamCalls: { token: 2, lookup: 2 },
    firstTimes: 1,
    instead: ({ refuseToken }) => withoutCode(refuseToken()),
  },
  {
    name: "TOKEN_REVOKED",
    describes: "the AuthKey is revoked before its first use with this key",
    kind: "ok",
    upstreamCalls: { token: 2, lookup: 2 },
    firstTimes: 1,
    instead: ({ refuseToken }) => refuseToken(),
  },
  {
    name: "TOKEN_EXPIRED",
    describes:
      "the AuthKey expires before its first use with this key; the text has more around it",
    kind: "ok",
    upstreamCalls: { token: 2, lookup: 2 },
    firstTimes: 1,
    instead({ refuseToken, fields }) {
      refuseToken();
      return refusals(fields).sessionExpired("인증세션이 만료되었습니다. 다시 시도해 주세요.");
    },
  },
  {
    name: "TOKEN_REFUSED",
    describes: "no AuthKey is ever accepted",
    kind: "authentication",
    note: "the token is replaced once",
    upstreamCalls: { token: 2, lookup: 2 },
    instead: ({ refuseToken }) => refuseToken(),
  },
];

export const billingFaults = define({ at: ["billing"] }, [...formFaults, ...codeFaults]);

/**
 * @returns {import("./definition.mjs").Outline}
 * @param {string} name
 * @param {string} describes
 * @param {string} code
 * @param {Record<string, unknown>} [changes]
 */
function rejected(name, describes, code, changes) {
  return {
    name,
    describes,
    kind: "rejected",
    code,
    instead: ({ fields }) => ({
      body: {
        ...refusals(fields).refuseLookup(code, "존재하지 않는 빌링키입니다.").body,
        ...changes,
      },
    }),
  };
}

/** @param {import("../http.mjs").Reply} reply */
function withoutCode({ body }) {
  return { body: { .../** @type {object} */ (body), PCD_PAY_CODE: undefined } };
}

/** @param {string} how */
function absent(how) {
  return { null: null, empty: "", missing: undefined }[how];
}
