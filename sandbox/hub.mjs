// The hub: POST /oauth/token and POST /request/result/group_key (지급이체 요청 조회), with the rules Payple
// enforces.

import { randomBytes } from "node:crypto";
import { textField } from "./http.mjs";
import { payoutGroup, SPEC_GROUP_KEY } from "./payout-groups.mjs";

/**
 * A request, as a service sees it; `ownOrigin` is where its sender believes the service to be.
 * @typedef {object} Asked
 * @property {Record<string, unknown>} fields
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {URLSearchParams} query
 * @property {string} ownOrigin
 */

/**
 * What a service says to a request: a refusal, or a grant that the exchange may still disturb by a
 * fault. `refuseToken` takes back the token that came with the request and gives the reply for
 * that.
 * @typedef {{ refusal: import("./http.mjs").Reply }
 *   | { grant: () => object, key?: string, refuseToken?: () => import("./http.mjs").Reply }
 * } Verdict
 */

/**
 * @param {{ credentials: { cstId: string, custKey: string }[], isFaultKey: (key: string) => boolean
 *   }} settings
 * @param {import("./issued-tokens.mjs").IssuedTokens<string>} tokens held by a cst_id
 */
export function createHub(settings, tokens) {
  return {
    /** @param {Asked} asked @returns {Verdict} */
    token({ fields }) {
      const refusal = refuseAccount(fields) ?? refuseCode(fields);
      if (refusal) return { refusal };
      return {
        grant() {
          const token = randomBytes(48).toString("base64url");
          tokens.issue(token, /** @type {string} */ (fields.cst_id));
          return {
            result: "T0000",
            message: "처리 성공",
            code: fields.code,
            access_token: token,
            token_type: "Bearer",
            expires_in: String(Math.ceil(tokens.lifetimeMs / 1000)),
          };
        },
      };
    },

    /** @param {Asked} asked @returns {Verdict} */
    payout({ fields, headers }) {
      const refusal = refuseAccount(fields);
      if (refusal) return { refusal };

      const token = /^Bearer ([^ ]+)$/.exec(headers.authorization ?? "")?.[1];
      const holder = token && tokens.holderOf(token);
      if (!holder) return { refusal: tokenNotAccepted() };
      if (holder !== fields.cst_id)
        return { refusal: refuse("T0320", "토큰의 파트너 정보가 일치하지 않습니다.") };

      const key = textField(fields, "group_key");
      if (!key || key.length > 64)
        return { refusal: refuse("N0101", "group_key 값을 확인해 주세요.") };
      const group = payoutGroup(settings.isFaultKey(key) ? SPEC_GROUP_KEY : key, key, holder);
      if (!group) return { refusal: refuse("A0404", "조회된 지급이체 요청이 없습니다.") };
      return {
        key,
        grant: () => group,
        refuseToken() {
          tokens.revoke(token);
          return tokenNotAccepted();
        },
      };
    },
  };

  /** @param {Asked["fields"]} fields */
  function refuseAccount({ cst_id: cstId, custKey }) {
    if (typeof cstId !== "string" || cstId === "")
      return refuse("T0200", "파트너 ID(cst_id) 값이 없습니다.");
    if (typeof custKey !== "string" || custKey === "")
      return refuse("T0201", "파트너 인증키(custKey) 값이 없습니다.");
    const known = settings.credentials.some(
      (pair) => pair.cstId === cstId && pair.custKey === custKey,
    );
    return known ? undefined : refuse("T0300", "존재하지 않는 계정입니다.");
  }

  /** @param {Asked["fields"]} fields */
  function refuseCode({ code }) {
    if (code === undefined || code === null || code === "")
      return refuse("T0210", "code 값이 없습니다.");
    const isWellFormed = typeof code === "string" && /^[A-Za-z0-9]{10}$/.test(code);
    return isWellFormed ? undefined : refuse("T0211", "code는 영문자와 숫자 10자여야 합니다.");
  }
}

/**
 * A hub error: HTTP 200 and a code.
 * @returns {import("./http.mjs").Reply}
 * @param {string} code
 * @param {string} message
 */
export function refuse(code, message) {
  return { status: 200, body: { result: code, message } };
}

/** Made up, as made-up.mjs says. */
export const TOKEN_NOT_ACCEPTED = "T0321";

/** @returns {import("./http.mjs").Reply} */
export function tokenNotAccepted(status = 401) {
  return { status, body: { result: TOKEN_NOT_ACCEPTED, message: "유효하지 않은 토큰입니다." } };
}
