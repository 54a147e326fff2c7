// cpay: POST /php/auth.php (파트너 인증) and the billing-key look-up at the URL it returns, with the rules Payple enforces.

import { randomBytes } from "node:crypto";
import { billingKey, SPEC_CARD_KEY } from "./billing-keys.mjs";
import { textField } from "./http.mjs";

export const LOOKUP_PATH = "/php/cPayUser/api/cPayUserAct.php";
const LOOKUP_URL = `${LOOKUP_PATH}?ACT_=PUSERINFO`;

/**
 * @param {{ credentials: { cstId: string, custKey: string }[], environment: "test" | "live", referers: string[],
 *   isFaultKey: (key: string) => boolean }} settings
 * @param {import("./passes.mjs").Passes<{ cstId: string, custKey: string }>} authKeys held by an encoded pair
 */
export function createCpay(settings, authKeys) {
  return {
    /** @returns {import("./hub.mjs").Verdict} */
    auth({ fields, headers, ownOrigin }) {
      const refusal = refusePartner(fields, headers);
      if (refusal) return { refusal };
      return {
        grant() {
          // Payple returns the pair encoded, 32 characters, another one at every call; 282 bytes make 376 characters.
          const encoded = { cstId: randomText(24), custKey: randomText(24) };
          const authKey = randomText(282);
          authKeys.issue(authKey, encoded);
          return {
            server_name: new URL(ownOrigin).host,
            result: "success",
            result_msg: "사용자 인증 완료",
            cst_id: encoded.cstId,
            custKey: encoded.custKey,
            AuthKey: authKey,
            PCD_PAY_HOST: ownOrigin,
            PCD_PAY_URL: LOOKUP_URL,
            return_url: ownOrigin + LOOKUP_URL,
          };
        },
      };
    },

    /** @returns {import("./hub.mjs").Verdict} */
    billing({ fields, headers, query }) {
      if (!isRegisteredReferer(headers.referer))
        return { refusal: refuseLookup("AUTH0004", TEXTS.AUTH0004) };
      // Made up: what Payple says to another ACT_ is unknown. It tells a client that rebuilt the URL by itself.
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
        grant: () => found,
        refusePass() {
          authKeys.revoke(authKey);
          return sessionExpired();
        },
      };
    },
  };

  function refusePartner({ cst_id: cstId, custKey, PCD_PAY_WORK: work }, headers) {
    if (typeof cstId !== "string" || cstId === "") return refuseAuth("AUTH0001");
    if (typeof custKey !== "string" || custKey === "") return refuseAuth("AUTH0002");
    const partner = settings.credentials.find((pair) => pair.cstId === cstId);
    if (!partner) return refuseAuth("AUTH0003");
    if (partner.custKey !== custKey) return refuseAuth("AUTH0002");
    if (!isRegisteredReferer(headers.referer)) return refuseAuth("AUTH0004");
    // No code is published for a missing PCD_PAY_WORK, so the message carries none.
    if (work !== "PUSERINFO")
      return { body: { result: "error", result_msg: "PCD_PAY_WORK 값을 확인해 주세요." } };
    return undefined;
  }

  function refuseAuth(code) {
    return authError(code, settings.environment);
  }

  /** Only live checks the Referer: the registered domain and its sub-domains pass, given as a URL with its scheme. */
  function isRegisteredReferer(referer) {
    if (settings.environment !== "live") return true;
    const host =
      /^https?:\/\//i.test(referer ?? "") && URL.canParse(referer)
        ? new URL(referer).hostname
        : undefined;
    return (
      host !== undefined &&
      settings.referers.some((domain) => host === domain || host.endsWith(`.${domain}`))
    );
  }
}

/** A refused partner authentication: the code stands inside `result_msg`, after `[Test]` in the test environment. */
export function authError(code, environment = "test", institution = "") {
  const prefix = environment === "test" ? "[Test] " : "";
  return {
    body: { result: "error", result_msg: `${prefix}[${code}] ${institution}${TEXTS[code]}` },
  };
}

export function refuseLookup(code, message) {
  return { body: { PCD_PAY_RST: "error", PCD_PAY_CODE: code, PCD_PAY_MSG: message } };
}

/** The text is Payple's; its code for this call is unknown, so this one is made up and of no known family. */
export function sessionExpired(message = "인증세션이 만료되었습니다.") {
  return refuseLookup("SESS0001", message);
}

/** PHP, which cpay runs on, writes every slash of a JSON text as `\/`. */
export function toPhpJson(body) {
  return JSON.stringify(body).replaceAll("/", "\\/");
}

function unknownKey() {
  return refuseLookup("SPCD0001", "존재하지 않는 빌링키입니다.");
}

function randomText(bytes) {
  return randomBytes(bytes).toString("base64");
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
