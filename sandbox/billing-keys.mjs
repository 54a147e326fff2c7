// The sample billing keys (빌링키) that the look-up knows: the spec page's two, and made-up cards and
// accounts.

export const SPEC_CARD_KEY = "d0toSS9sT084bVJSNThScnFX";
const ACCOUNT_KEY = "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09";

/** What each documented key answers; the README's table is made from it. */
export const billingKeySamples = [
  { key: SPEC_CARD_KEY, describes: "the spec page's card" },
  { key: ACCOUNT_KEY, describes: "the spec page's account (`transfer`)" },
  { key: "BK_CARD_001 … BK_CARD_100", describes: "a hundred different personal cards" },
  {
    key: "BK_ACCOUNT_001 … BK_ACCOUNT_100",
    describes: "a hundred different accounts over all banks",
  },
  { key: "BK_CORPORATE_CARD", describes: "a company's card (법인), not taxable" },
  { key: "BK_SOLE_PROPRIETOR", describes: "an account of a sole proprietor (개인사업자)" },
  { key: "BK_OTHER", describes: "a `PCD_PAY_TYPE` that the spec does not know (`paypal`)" },
  { key: "BK_UNKNOWN", describes: "SPCD0001, like every key not listed here" },
  { key: "BK_RELEASED", describes: "SPCD0012, a released key" },
];

/**
 * The reply for a sample key, or `undefined` for a key unknown to this sandbox.
 * @param {string} sample which sample
 * @param {string} payerId the key to echo
 */
export function billingKey(sample, payerId) {
  const numbered = /^BK_(CARD|ACCOUNT)_(\d{3})$/.exec(sample);
  if (numbered) {
    const n = Number(numbered[2]);
    if (n < 1 || n > 100) return undefined;
    return numbered[1] === "CARD" ? numberedCard(payerId, n) : numberedAccount(payerId, n);
  }
  switch (sample) {
    case SPEC_CARD_KEY:
      return card(payerId);
    case ACCOUNT_KEY:
      return account(payerId);
    case "BK_CORPORATE_CARD":
      return card(payerId, {
        PCD_PAY_BANKACCTYPE: "법인",
        PCD_PAYER_NAME: "(주)페이플상사",
        PCD_PAY_ISTAX: "N",
      });
    case "BK_SOLE_PROPRIETOR":
      return account(payerId, { PCD_PAY_BANKACCTYPE: "개인사업자", PCD_PAYER_NAME: "길동상회" });
    case "BK_OTHER":
      return { ...found("paypal", payerId), PCD_PAY_EMAIL: "buyer@shop.example" };
    default:
      return undefined;
  }
}

/**
 * @param {string} type
 * @param {string} payerId
 */
function found(type, payerId) {
  return {
    PCD_PAY_RST: "success",
    PCD_PAY_CODE: "0000",
    PCD_PAY_MSG: "회원조회 성공",
    PCD_PAY_TYPE: type,
    PCD_PAY_BANKACCTYPE: "개인",
    PCD_PAYER_ID: payerId,
    PCD_PAYER_NAME: "홍길동",
    PCD_PAYER_HP: "010-****-5678",
  };
}

/** @param {string} payerId */
function card(payerId, changes = {}) {
  return {
    ...found("card", payerId),
    PCD_PAY_CARD: "0200",
    PCD_PAY_CARDNAME: "BC카드",
    PCD_PAY_CARDNUM: "1111-****-****-2222",
    PCD_PAY_ISTAX: "Y",
    ...changes,
  };
}

/** @param {string} payerId */
function account(payerId, changes = {}) {
  return {
    ...found("transfer", payerId),
    PCD_PAY_BANK: "081",
    PCD_PAY_BANKNAME: "KEB하나은행",
    PCD_PAY_BANKNUM: "123-********-021",
    ...changes,
  };
}

/**
 * @param {string} payerId
 * @param {number} n
 */
function numberedCard(payerId, n) {
  // 0200 is the only issuer code that is public, so every card is a BC카드.
  return card(payerId, {
    ...person(n),
    PCD_PAY_CARDNUM: `${1000 + n}-****-****-${9000 + n}`,
    PCD_PAY_ISTAX: n % 2 ? "Y" : "N",
  });
}

/**
 * @param {string} payerId
 * @param {number} n
 */
function numberedAccount(payerId, n) {
  const [code, name] = BANKS[n % BANKS.length];
  return account(payerId, {
    ...person(n),
    PCD_PAY_BANK: code,
    PCD_PAY_BANKNAME: name,
    PCD_PAY_BANKNUM: `${100 + n}-********-${String(n).padStart(3, "0")}`,
  });
}

/** @param {number} n */
function person(n) {
  const name =
    "김이박최정강조윤장임"[n % 10] +
    ["민준", "서연", "도윤", "지우", "하준", "수아", "은우"][n % 7];
  return { PCD_PAYER_NAME: name, PCD_PAYER_HP: `010-****-${String(1000 + n * 7)}` };
}

const BANKS = [
  ["002", "KDB산업은행"],
  ["003", "IBK기업은행"],
  ["004", "KB국민은행"],
  ["007", "수협은행"],
  ["011", "NH농협은행"],
  ["012", "단위농축협"],
  ["020", "우리은행"],
  ["023", "SC제일은행"],
  ["027", "씨티은행"],
  ["031", "아이엠뱅크"],
  ["032", "부산은행"],
  ["034", "광주은행"],
  ["035", "제주은행"],
  ["037", "전북은행"],
  ["039", "경남은행"],
  ["045", "새마을금고"],
  ["048", "신협"],
  ["050", "저축은행"],
  ["064", "산림조합"],
  ["071", "우체국"],
  ["081", "하나은행"],
  ["088", "신한은행"],
  ["089", "케이뱅크"],
  ["090", "카카오뱅크"],
  ["092", "토스뱅크"],
];
