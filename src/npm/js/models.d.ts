// The models that users meet. Written by `npm run schema` from the Rust models: change those.

/** The requests that wait for execution under one group key, with their review. Executed, cancelled and failed ones are not in it. 실행 대기 중인 지급이체 요청 묶음. */
export interface PayoutRequestGroup {
  /** 실행 그룹 키, as asked for. */
  groupKey: string;
  /** 총 지급이체 요청금액 as Payple declares it, in won (KRW, integer). */
  total: number;
  /** 총 지급이체 요청건수 as Payple declares it. */
  count: number;
  /** Payple's result code, `A0000`. */
  code: string;
  /** Payple's message. */
  message: string;
  /** In Payple's order. */
  requests: PayoutRequest[];
  /** Whether the group holds together: the last check before money moves. */
  review: PayoutReview;
  /** Identifies what would be paid, whatever the order of the requests: `v1:` and a SHA-256 (docs/fingerprint.md). 지급 내용의 지문. */
  fingerprint: string;
}

/** One payout request (지급이체 요청) that waits for execution. */
export interface PayoutRequest {
  /** 파트너 ID (`cst_id`). */
  cstId: string;
  /** 파트너사 하위고객 ID (`sub_id`), where the request has one. */
  subId?: string;
  /** 실행 그룹 키 (`group_key`). */
  groupKey: string;
  /** (실명 인증된) 계좌 빌링키 (`billing_tran_id`): the recipient. */
  billingTranId: string;
  /** 입금계좌인자내역 (`print_content`), where the request has one. */
  printContent?: string;
  /** 지급이체금액 (`tran_amt`), in won (KRW, integer). */
  amount: number;
  /** 지급이체 한도 잔여금액 (`remain_amt`) after this request, in won; below zero where the limit is overdrawn. */
  remainingLimit: number;
  /** 지급이체요청시간 (`request_date`) as ISO 8601 with `+09:00`. */
  requestedAt: string;
  /** The same as Payple wrote it. */
  requestedAtRaw: string;
}

/** What there is to say about a group, by itself and beside what was expected. 검토 결과. */
export interface PayoutReview {
  /** `false` exactly when there is a finding of severity `error`. */
  consistent: boolean;
  /** The sum of the requests, in won. */
  computedTotal: number;
  /** The number of requests. */
  computedCount: number;
  /** Everything found, errors and notices. */
  findings: Finding[];
  /** What the comparison with `expect` came to, where there was one. 예정 내역과 대조한 결과. */
  expectation?: ExpectationSummary;
}

/** One thing found in a payout group. 검토에서 발견한 사항 하나. */
export interface Finding {
  /** What it is. */
  kind: FindingKind;
  /** Whether the group must not be paid like this (`error`), or is worth a look (`notice`). */
  severity: Severity;
  /** One sentence in English. */
  message: string;
  /** The same in Korean. 한국어 안내. */
  messageKo: string;
  /**
   * The requests concerned, as indexes into `requests`; absent where the group as a whole is meant. 해당 요청의 순번(0부터).
   *
   * @minItems 1
   */
  rows?: number[];
  /**
   * The expected requests concerned, as indexes into `expect.requests`. 예정 목록의 해당 순번(0부터).
   *
   * @minItems 1
   */
  expectedRows?: number[];
}

/**
 * What may be found in a group. 발견 사항의 종류.
 *
 * - `total_mismatch`: The declared total is not the sum of the requests. 총액 불일치.
 * - `count_mismatch`: The declared count is not the number of requests. 건수 불일치.
 * - `foreign_group_key`: A request names another group key than the one asked for. 다른 그룹 키.
 * - `foreign_partner`: A request names another partner than the one who asks. 다른 파트너사.
 * - `limit_exceeded`: A request overdraws the transfer limit. 한도 초과.
 * - `limit_sequence`: A request's remaining limit does not fall by its amount. 한도 잔여금액 불일치.
 * - `possible_duplicate`: Notice: the same recipient, amount and print content more than once. 중복 의심.
 * - `expected_total_mismatch`: The requests do not add up to the expected total. 예정 총액과 다름.
 * - `expected_count_mismatch`: There are not as many requests as expected. 예정 건수와 다름.
 * - `missing_request`: Expected requests that the group does not have, all in one finding: `expectedRows`. 누락.
 * - `unexpected_request`: Requests that are not expected, all in one finding: `rows`. 예정에 없음.
 * - `amount_mismatch`: A request of another amount than expected, one finding each: one of `rows`, one of `expectedRows`. 금액 다름.
 * - `ambiguous_match`: Notice: these could as well be matched otherwise; the other findings show one way. 대조 불확실.
 * - `text_mismatch`: Notice: matched, but a text differs that both sides give. 적요 등 다른 항목 불일치.
 * - `changed_since_review`: The group's fingerprint is not the expected one. 검토 후 내용이 바뀜.
 */
export type FindingKind =
  | "total_mismatch"
  | "count_mismatch"
  | "foreign_group_key"
  | "foreign_partner"
  | "limit_exceeded"
  | "limit_sequence"
  | "possible_duplicate"
  | "expected_total_mismatch"
  | "expected_count_mismatch"
  | "missing_request"
  | "unexpected_request"
  | "amount_mismatch"
  | "ambiguous_match"
  | "text_mismatch"
  | "changed_since_review";

/**
 * How much a finding weighs.
 *
 * - `error`: The group contradicts itself, the question or the list.
 * - `notice`: Worth a look; may well be meant.
 */
export type Severity = "error" | "notice";

/**
 * How many requests of your list and of the group go together, and what they add up to in won. All 0 without a list. 예정 목록과 그룹을 대조한 건수와 금액(원).
 *
 * `matched`, `different` and `missing` make up your list; `matched`, `different` and `unexpected` make up the group.
 */
export interface ExpectationSummary {
  /** The key that the whole list was matched by; absent without a list. 대조 기준. */
  matchedBy?: MatchBy;
  /** As expected. 일치. */
  matched: number;
  /** Expected, but not in the group. 누락. */
  missing: number;
  /** In the group, but not expected. 예정에 없음. */
  unexpected: number;
  /** Of another amount than expected. 금액 다름. */
  different: number;
  /** Key values under which it is open what goes with what: as many as findings `ambiguous_match`. 대조 불확실. */
  ambiguous: number;
  /** What the matched requests add up to, in won. */
  matchedTotal: number;
  /** What the missing requests add up to, in won. */
  missingTotal: number;
  /** What the unexpected requests add up to, in won. */
  unexpectedTotal: number;
  /** What the requests of other amounts add up to in the group, in won. */
  differentTotal: number;
  /** What they should add up to, in won. */
  differentExpectedTotal: number;
}

/**
 * The key by which a whole list is matched. 대조 기준 항목.
 *
 * - `billingTranId`: 계좌 빌링키: the recipient.
 * - `subId`: 파트너사 하위고객 ID.
 * - `printContent`: 입금계좌인자내역.
 * - `amount`: 지급이체금액: where the lines say nothing else.
 */
export type MatchBy = "billingTranId" | "subId" | "printContent" | "amount";

/** What is behind a billing key (빌링키). Narrow by `type`. */
export type BillingKey = CardBillingKey | TransferBillingKey | OtherBillingKey;

/** 카드 빌링키. */
export interface CardBillingKey {
  type: "card";
  /** 카드사 코드, 카드사명, 카드번호. */
  card: Card;
  /** 부가세 표시 (`PCD_PAY_ISTAX`); absent where Payple says neither Y nor N. */
  taxable?: boolean;
  /** 빌링키 (`PCD_PAYER_ID`), as asked for and as Payple echoed it. */
  payerId: string;
  /** 이름, as Payple returns it. */
  payerName?: string;
  /** 휴대전화번호, as Payple masks it. */
  payerPhone?: string;
  /** 개인, 법인, 개인사업자, or another word of Payple's. */
  ownerType?: string;
  /** Payple's result code, `0000`. */
  code: string;
  /** Payple's message. */
  message: string;
}

/** 계좌 빌링키. */
export interface TransferBillingKey {
  type: "transfer";
  /** 은행 코드, 은행명, 계좌번호. */
  bank: BankAccount;
  /** 빌링키 (`PCD_PAYER_ID`), as asked for and as Payple echoed it. */
  payerId: string;
  /** 이름, as Payple returns it. */
  payerName?: string;
  /** 휴대전화번호, as Payple masks it. */
  payerPhone?: string;
  /** 개인, 법인, 개인사업자, or another word of Payple's. */
  ownerType?: string;
  /** Payple's result code, `0000`. */
  code: string;
  /** Payple's message. */
  message: string;
}

/** A type that this version does not know, kept as it came. */
export interface OtherBillingKey {
  type: "other";
  /** `PCD_PAY_TYPE`. */
  rawType: string;
  /** 빌링키 (`PCD_PAYER_ID`), as asked for and as Payple echoed it. */
  payerId: string;
  /** 이름, as Payple returns it. */
  payerName?: string;
  /** 휴대전화번호, as Payple masks it. */
  payerPhone?: string;
  /** 개인, 법인, 개인사업자, or another word of Payple's. */
  ownerType?: string;
  /** Payple's result code, `0000`. */
  code: string;
  /** Payple's message. */
  message: string;
}

/** A card. Texts are as Payple displays them, `""` where it sends none. 카드. */
export interface Card {
  /** 카드사 코드. No full table of them is public. */
  code: string;
  /** 카드사명. */
  name: string;
  /** 카드번호, masked. */
  number: string;
}

/** A bank account. Texts are as Payple displays them, `""` where it sends none. 은행 계좌. */
export interface BankAccount {
  /** 은행 코드: three digits; leading zeros matter. */
  code: string;
  /** 은행명. */
  name: string;
  /** 계좌번호, masked. */
  number: string;
}

/**
 * What went wrong, coarse enough to branch on. The names are part of the public contract.
 *
 * - `invalid_config`: A setting is missing or malformed; nothing was sent.
 * - `invalid_input`: The caller's input is malformed; nothing was sent.
 * - `authentication`: Payple refused who we are.
 * - `rejected`: Payple refused this look-up.
 * - `unavailable`: Payple could not be reached, or said that it cannot answer now.
 * - `timeout`: Payple did not answer in time.
 * - `aborted`: The caller gave up.
 * - `protocol`: The reply is not what the spec says.
 * - `internal`: A fault of ours.
 */
export type ErrorKind =
  | "invalid_config"
  | "invalid_input"
  | "authentication"
  | "rejected"
  | "unavailable"
  | "timeout"
  | "aborted"
  | "protocol"
  | "internal";

/**
 * Which of the two exchanges with Payple an error comes from.
 *
 * - `token`: Getting a token: the hub's token request or cpay's partner authentication.
 * - `lookup`: Asking the question itself.
 */
export type Phase = "token" | "lookup";
