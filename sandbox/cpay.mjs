// cpay: POST /php/auth.php (파트너 인증) and the billing-key look-up at the URL it returns, with the
// rules Payple enforces.

import { randomBytes } from "node:crypto";
import { billingKey, SPEC_CARD_KEY } from "./billing-keys.mjs";
import { textField } from "./http.mjs";

export const LOOKUP_PATH = "/php/cPayUser/api/cPayUserAct.php";
const LOOKUP_URL = `${LOOKUP_PATH}?ACT_=PUSERINFO`;
/** Where an authentication without `PCD_PAY_WORK` leads. */
export const PAYMENT_WINDOW_PATH = "/index.php";
const PAYMENT_WINDOW_URL = `${PAYMENT_WINDOW_PATH}?ACT_=PAYM&CPAYVER=202101010000`;

/**
 * @param {{ credentials: { cstId: string, custKey: string }[], environment: "test" | "live",
 *   referers: string[], isFaultKey: (key: string) => boolean }} settings
 * @param {import("./issued-tokens.mjs").IssuedTokens<{ cstId: string, custKey: string }>} authKeys
 *   held by an encoded pair
 */
export function createCpay(settings, authKeys) {
  return {
    /**
     * @param {import("./hub.mjs").Asked} asked
     * @returns {import("./hub.mjs").Verdict}
     */
    auth({ fields, headers, ownOrigin }) {
      const refusal = refusePartner(fields, headers);
      if (refusal) return { refusal };
      return {
        grant() {
          // Another pair at every call. One and thirteen blocks of a cipher give the 32 and 376
          // characters of real replies.
          const encoded = { cstId: opaqueText(16), custKey: opaqueText(16) };
          const authKey = opaqueText(208);
          authKeys.issue(authKey, encoded);
          const path = fields.PCD_PAY_WORK ? LOOKUP_URL : PAYMENT_WINDOW_URL;
          return {
            server_name: new URL(ownOrigin).host,
            result: "success",
            result_msg: "사용자 인증 완료!!",
            cst_id: encoded.cstId,
            custKey: encoded.custKey,
            AuthKey: authKey,
            PCD_PAY_HOST: ownOrigin,
            PCD_PAY_URL: path,
            return_url: ownOrigin + path,
          };
        },
      };
    },

    /**
     * @param {import("./hub.mjs").Asked} asked
     * @returns {import("./hub.mjs").Verdict}
     */
    billing({ fields, headers, query }) {
      const { refuseLookup, sessionExpired } = refusals(fields, settings.environment);
      const unknownKey = () => refuseLookup("SPCD0001", "존재하지 않는 빌링키입니다.");
      if (!isRegisteredReferer(headers.referer))
        return { refusal: refuseLookup("AUTH0004", TEXTS.AUTH0004) };
      // Made up: what Payple says to another ACT_ is unknown. It tells a client that rebuilt the
      // URL by itself.
      if (query.get("ACT_") !== "PUSERINFO")
        return { refusal: refuseLookup("SBOX0001", "요청 URL을 확인해 주세요.") };

      const authKey = textField(fields, "PCD_AUTH_KEY");
      const encoded = authKey && authKeys.holderOf(authKey);
      if (!encoded) return { refusal: sessionExpired() };
      // Raw credentials, or a pair that came with another AuthKey, are not this session's partner.
      if (fields.PCD_CST_ID !== encoded.cstId)
        return { refusal: refuseLookup("AUTH0001", TEXTS.AUTH0001) };
      if (fields.PCD_CUST_KEY !== encoded.custKey)
        return { refusal: refuseLookup("AUTH0002", TEXTS.AUTH0002) };

      const key = textField(fields, "PCD_PAYER_ID");
      if (!key) return { refusal: unknownKey() };
      if (key === "BK_RELEASED")
        return { refusal: refuseLookup("SPCD0012", "등록되지 않았거나 해지된 빌링키입니다.") };
      const found = billingKey(settings.isFaultKey(key) ? SPEC_CARD_KEY : key, key);
      if (!found) return { refusal: unknownKey() };
      return {
        key,
        grant: () => ({ ...found, ...payerNumber(fields) }),
        refuseToken() {
          authKeys.revoke(authKey);
          return sessionExpired();
        },
      };
    },
  };

  /**
   * @param {Record<string, unknown>} fields
   * @param {import("node:http").IncomingHttpHeaders} headers
   */
  function refusePartner({ cst_id: cstId, custKey, PCD_PAY_WORK: work }, headers) {
    if (typeof cstId !== "string" || cstId === "") return refuseAuth("AUTH0001");
    if (typeof custKey !== "string" || custKey === "") return refuseAuth("AUTH0002");
    const partner = settings.credentials.find((pair) => pair.cstId === cstId);
    if (!partner) return refuseAuth("AUTH0003");
    if (partner.custKey !== custKey) return refuseAuth("AUTH0002");
    if (!isRegisteredReferer(headers.referer)) return refuseAuth("AUTH0004");
    // Without any work the payment window is meant. What Payple says to other works is not
    // published: no code, therefore.
    const isOtherWork = work !== undefined && work !== null && work !== "" && work !== "PUSERINFO";
    return isOtherWork
      ? { body: { result: "error", result_msg: "PCD_PAY_WORK 값을 확인해 주세요." } }
      : undefined;
  }

  /** @param {keyof typeof TEXTS} code */
  function refuseAuth(code) {
    return authError(code, settings.environment);
  }

  /**
   * Only live checks the Referer: the registered domain and its sub-domains count as it, given as a
   * URL with its scheme.
   * @param {string | undefined} referer
   */
  function isRegisteredReferer(referer) {
    if (settings.environment !== "live") return true;
    const host =
      referer !== undefined && /^https?:\/\//i.test(referer) && URL.canParse(referer)
        ? new URL(referer).hostname
        : undefined;
    return (
      host !== undefined &&
      settings.referers.some((domain) => host === domain || host.endsWith(`.${domain}`))
    );
  }
}

/**
 * A refused partner authentication: the code stands inside `result_msg` only.
 * @param {keyof typeof TEXTS} code
 */
export function authError(code, environment = "test", institution = "") {
  return {
    body: { result: "error", result_msg: worded(code, TEXTS[code], environment, institution) },
  };
}

/**
 * The refusals of one look-up. They echo the billing key and the partner's own number of the payer,
 * where they were sent.
 * @param {Record<string, unknown>} fields of the request
 * @param {"test" | "live"} environment
 */
export function refusals(fields, environment = "test") {
  const refuseLookup = (
    /** @type {string} */ code,
    /** @type {string} */ text,
    institution = "",
  ) => ({
    body: {
      PCD_PAY_RST: "error",
      PCD_PAY_CODE: code,
      PCD_PAY_MSG: worded(code, text, environment, institution),
      PCD_PAYER_ID: textField(fields, "PCD_PAYER_ID"),
      ...payerNumber(fields),
    },
  });
  return {
    refuseLookup,
    /**
     * The text is Payple's; its code for this call is unknown, so this one is made up and of no
     * known family.
     */
    sessionExpired: (text = "인증세션이 만료되었습니다.") => refuseLookup("SESS0001", text),
  };
}

/**
 * Payple's form of a message: `[Test]` in the test environment, `[CODE]`, an institution's code,
 * and the text.
 * @param {string} code
 * @param {string} text
 * @param {string} environment
 */
function worded(code, text, environment, institution = "") {
  return [environment === "test" && "[Test]", `[${code}]`, institution, "-", text]
    .filter(Boolean)
    .join(" ");
}

/**
 * Older manuals have this field: the partner's own number of the payer, echoed as it was sent.
 * @param {Record<string, unknown>} fields
 */
function payerNumber({ PCD_PAYER_NO: number }) {
  return number === undefined ? {} : { PCD_PAYER_NO: number };
}

export function toPhpJson(/** @type {unknown} */ body) {
  return JSON.stringify(body).replaceAll("/", "\\/");
}

/**
 * Encrypted bytes as Payple sends them: base64 of base64, which holds letters and digits and
 * neither `+` nor `/`.
 * @param {number} bytes
 */
function opaqueText(bytes) {
  return Buffer.from(randomBytes(bytes).toString("base64")).toString("base64");
}

const TEXTS = {
  AUTH0001: "파트너 ID(cst_id)를 확인해 주세요.",
  AUTH0002: "파트너 인증키(custKey)를 확인해 주세요.",
  AUTH0003: "등록되지 않은 파트너입니다.",
  AUTH0004: "등록되지 않은 도메인(Referer) 또는 서버 IP입니다.",
  AUTH0005: "인증토큰 생성에 실패했습니다.",
  AUTH0006: "HTTPS로 요청해 주세요.",
  AUTH0007: "결제창의 도메인과 Referer가 일치하지 않습니다.",
};
