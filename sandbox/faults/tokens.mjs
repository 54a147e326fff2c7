// Faults of authentication: what the hub's token reply and cpay's partner authentication can say
// wrongly.

import { authError } from "../cpay.mjs";
import { refuse } from "../hub.mjs";
import { define } from "./definition.mjs";
import { maintenance } from "./maintenance.mjs";

const AUTH_REFUSALS = /** @type {const} */ ([
  "AUTH0001",
  "AUTH0002",
  "AUTH0003",
  "AUTH0004",
  "AUTH0006",
  "AUTH0007",
]);

const hubFaults = define({ at: ["token"] }, [
  {
    name: "WRONG_CODE_ECHO",
    describes: "another `code` than the one sent",
    edit: (body) => ({ ...body, code: "zz99999999" }),
  },
  { name: "MISSING_CODE_ECHO", describes: "no `code`", edit: without("code") },
  { name: "TOKEN_MISSING", describes: "no `access_token`", edit: without("access_token") },
  {
    name: "TOKEN_NULL",
    describes: "`access_token` is null",
    edit: (body) => ({ ...body, access_token: null }),
  },
  {
    name: "TOKEN_EMPTY",
    describes: "`access_token` is empty",
    edit: (body) => ({ ...body, access_token: "" }),
  },
  {
    name: "TOKEN_CONTROL_CHARACTERS",
    describes: "a token with a line break and a header behind it",
    edit: (body) => ({ ...body, access_token: `${body.access_token}\r\nX-Injected: 1` }),
  },
  {
    name: "TOKEN_NON_LATIN1",
    describes: "a token with letters that no HTTP header can carry",
    edit: (body) => ({ ...body, access_token: `${body.access_token}토큰` }),
  },
  {
    name: "DUPLICATE_KEYS",
    describes: "`access_token` twice, with two values",
    text: (text) => text.replace(/"access_token":/, '"access_token":"another",$&'),
  },
  { name: "RESULT_MISSING", describes: "no `result`", edit: without("result") },
  {
    name: "RESULT_NULL",
    describes: "`result` is null",
    edit: (body) => ({ ...body, result: null }),
  },
  {
    name: "MISSING_OPTIONAL_FIELDS",
    describes: "no `message`, no `token_type`",
    kind: "ok",
    edit: without("message", "token_type"),
  },
  {
    name: "NUMBERS_FOR_STRINGS",
    describes: "`expires_in` and `message` are numbers",
    kind: "ok",
    edit: (body) => ({ ...body, expires_in: Number(body.expires_in), message: 0 }),
  },
  expiresIn("0", "0", "used at once, not kept"),
  expiresIn("NEGATIVE", "-1", "used at once, not kept"),
  expiresIn("WORDS", "abc", "used at once, not kept"),
  expiresIn("HUGE", "999999", "kept for 60 s at most"),
  expiresIn("INTEGER", 60, "a number is as good as a string"),
  {
    name: "EXPIRES_IN_MISSING",
    describes: "no `expires_in`",
    kind: "ok",
    note: "used at once, not kept",
    edit: without("expires_in"),
  },
  ...["T0200", "T0201", "T0210", "T0211", "T0300", "T0310", "T0322"].map((code) => ({
    name: code,
    describes: `the refusal ${code}`,
    kind: "authentication",
    code,
    instead: () => refuse(code, "요청을 처리할 수 없습니다."),
  })),
  ...maintenance,
]);

const cpayFaults = define({ at: ["auth"] }, [
  { name: "AUTHKEY_MISSING", describes: "no `AuthKey`", edit: without("AuthKey") },
  {
    name: "AUTHKEY_NULL",
    describes: "`AuthKey` is null",
    edit: (body) => ({ ...body, AuthKey: null }),
  },
  {
    name: "AUTHKEY_EMPTY",
    describes: "`AuthKey` is empty",
    edit: (body) => ({ ...body, AuthKey: "" }),
  },
  {
    name: "PAIR_MISSING",
    describes: "no encoded `cst_id` and `custKey`",
    note: "the raw pair is never sent on",
    edit: without("cst_id", "custKey"),
  },
  {
    name: "DUPLICATE_KEYS",
    describes: "`AuthKey` twice, with two values",
    text: (text) => text.replace(/"AuthKey":/, '"AuthKey":"another",$&'),
  },
  { name: "RESULT_MISSING", describes: "no `result`, all else right", edit: without("result") },
  {
    name: "RESULT_NULL",
    describes: "`result` is null, all else right",
    edit: (body) => ({ ...body, result: null }),
  },
  {
    name: "RESULT_MISSING_WITH_ERROR",
    describes: "nothing but a `result_msg` with AUTH0003",
    kind: "authentication",
    code: "AUTH0003",
    instead: () => ({ body: { result_msg: authError("AUTH0003").body.result_msg } }),
  },
  {
    name: "ERROR_WITH_INSTITUTION",
    describes: "AUTH0003 with an institution's code: `[Test] [AUTH0003] 3143 - …`",
    kind: "authentication",
    code: "AUTH0003",
    instead: () => authError("AUTH0003", "test", "3143"),
  },
  {
    name: "MISSING_OPTIONAL_FIELDS",
    describes: "no `server_name`, `result_msg`, `return_url`",
    kind: "ok",
    edit: without("server_name", "result_msg", "return_url"),
  },
  {
    name: "NUMBERS_FOR_STRINGS",
    describes: "`server_name` and `result_msg` are numbers",
    kind: "ok",
    edit: (body) => ({ ...body, server_name: 1, result_msg: 0 }),
  },
  ...AUTH_REFUSALS.map((code) => ({
    name: code,
    describes: `the refusal ${code}`,
    kind: "authentication",
    code,
    instead: () => authError(code),
  })),
  {
    name: "AUTH0005",
    describes: "AUTH0005, Payple could not make the token",
    kind: "unavailable",
    code: "AUTH0005",
    calls: 3,
    instead: () => authError("AUTH0005"),
  },
  {
    name: "AUTH0005_ONCE",
    describes: "AUTH0005 once, then all is well",
    kind: "ok",
    calls: 2,
    firstTimes: 1,
    instead: () => authError("AUTH0005"),
  },
]);

export const tokenFaults = [...hubFaults, ...cpayFaults];

/**
 * @returns {import("./definition.mjs").Outline}
 * @param {string} name
 * @param {string | number} value
 * @param {string} note
 */
function expiresIn(name, value, note) {
  return {
    name: `EXPIRES_IN_${name}`,
    describes: `\`expires_in\` is ${JSON.stringify(value)}`,
    kind: "ok",
    note,
    edit: (body) => ({ ...body, expires_in: value }),
  };
}

/** @param {string[]} fields */
function without(...fields) {
  return (/** @type {object} */ body) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}
