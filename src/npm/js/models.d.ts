// The models that users meet. Written by `npm run schema` from the Rust models: change those.

/** The requests that wait for execution under one group key, with their review. Executed, cancelled and failed ones are not in it. 실행 대기 중인 지급이체 요청 묶음. */
export interface PayoutRequestGroup {
  /** 실행 그룹 키, as asked for. */
  groupKey: string;
  /** 총 지급이체 요청금액 as Payple declares it, in won (KRW, integer). */
  total: number;
  /** 총 지급이체 요청건수 as Payple declares it. */
  count: number;
  /** In Payple's order. */
  requests: PayoutRequest[];
  /** Whether the group holds together: the last check before money moves. */
  review: PayoutReview;
  /** Identifies what would be paid, whatever the order of the requests: `v1:` and a SHA-256 (docs/fingerprint.md). 지급 내용의 검증값. */
  fingerprint: string;
  /** Payple's result code, `A0000`. */
  code: string;
  /** Payple's message. */
  message: string;
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
  /** 잔여 한도 (`remain_amt`: 지급이체 한도 잔여금액) after this request, in won; below zero where the limit is overdrawn. */
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
 * - `limit_sequence`: A request's remaining limit does not fall by its amount. 한도 차감 불일치.
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

/** One result for each billing key that was sent, in their order. */
export interface BillingKeyResults {
  /** In the order of the keys. */
  results: BillingKeyOutcome[];
}

/** What came of one of several billing keys, as `lookupBillingKeys` of the npm package yields it. Narrow by `status`. */
export type BillingKeyOutcome =
  | {
      status: "registered";
      /** Its place among the keys that were sent, from 0. */
      index: number;
      /** 빌링키, as sent. */
      payerId: string;
      /** What is behind it. */
      billingKey: BillingKey;
    }
  | {
      status: "not_registered";
      /** Its place among the keys that were sent, from 0. */
      index: number;
      /** 빌링키, as sent. */
      payerId: string;
      /** Payple's code. */
      code: string;
      /** What Payple says. */
      message: string;
    }
  | {
      status: "failed";
      /** Its place among the keys that were sent, from 0. */
      index: number;
      /** 빌링키, as sent. */
      payerId: string;
      /** Why. */
      error: LookupError;
    };

/** Why a look-up failed. */
export interface LookupError {
  /** What went wrong. */
  kind: ErrorKind;
  /** One English sentence on what happened. */
  message: string;
  /** Whether the same look-up may well succeed later. */
  retryable: boolean;
  /** The exchange it comes from; absent before the network. */
  phase?: Phase;
  /** Payple's own code, such as `AUTH0004`. */
  code?: string;
  /** The HTTP status of Payple's reply, where there was one. */
  httpStatus?: number;
  /** What to do about it, in English. */
  hint?: string;
  /** 한국어 안내: what to do about it, in Korean. */
  hintKo?: string;
  /** How long Payple asked to wait (`Retry-After`), in milliseconds, where it did. */
  retryAfterMs?: number;
}

/**
 * What went wrong, coarse enough to branch on. The names are part of the public contract.
 *
 * - `invalid_config`: A setting is missing or malformed; nothing was sent.
 * - `invalid_input`: The caller's input is malformed; nothing was sent.
 * - `authentication`: Payple refused who we are, or the token.
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

/** Who is signed in, and where. */
export interface Session {
  /** Which of Payple's environments the Worker asks. */
  environment: Environment;
  /** How they signed in. */
  method: SessionMethod;
  /** What they are. */
  kind: IdentityKind;
  /** Who: an e-mail address, or the name of a token. Absent for the admin token. */
  subject?: string;
  /** What they may do. */
  roles: Role[];
  /** Whether exports and prints have to say why, or must not be made. */
  exportReason: ExportReason & string;
  /** When the session ends unless a request is made before, ISO 8601; absent where the Worker does not bound it. */
  expiresAt?: string;
  /** When the session ends whatever happens, ISO 8601. */
  endsAt?: string;
}

/**
 * Payple's environments: `test` and `live`.
 *
 * - `test`: Payple's TEST: no money moves. 테스트.
 * - `live`: Payple's REAL. 운영.
 */
export type Environment = "test" | "live";

/**
 * How somebody signed in.
 *
 * - `token`: By a token, or by a session that began with one.
 * - `access`: By Cloudflare Access.
 * - `service_binding`: By a service binding.
 */
export type SessionMethod = "token" | "access" | "service_binding";

/**
 * What somebody is.
 *
 * - `person`: Signs in to the page.
 * - `program`: Sends its token with each request.
 * - `admin`: The admin token, which says nothing of who holds it.
 */
export type IdentityKind = "person" | "program" | "admin";

/**
 * One thing that somebody may do. 권한.
 *
 * - `lookup`: Look payout requests and billing keys up. 조회.
 * - `export`: Take what was looked up out of the page, as a file or on paper. 내보내기.
 * - `audit`: Read the access record. 감사.
 */
export type Role = "lookup" | "export" | "audit";

/**
 * Whether exports and prints have to say why: the setting `EXPORT_REASON`. 반출 사유.
 *
 * - `off`: Nobody is asked.
 * - `optional`: Who is asked may say nothing.
 * - `required`: Without a reason nothing is taken out.
 * - `forbidden`: Nothing is taken out at all.
 */
export type ExportReason = "off" | "optional" | "required" | "forbidden";

/** The settings are right. */
export interface Health {
  /** Anything else is a problem. */
  status: HealthStatus;
  /** Which of Payple's environments the Worker asks. Not secret: the sign-in form shows it. */
  environment: Environment;
  /** The Worker's version. */
  version?: string;
  /** How requests go to Payple. */
  egress?: Egress;
}

/**
 * All is well.
 *
 * - `ok`: All is well.
 */
export type HealthStatus = "ok";

/**
 * How requests go to Payple.
 *
 * - `direct`: From the Worker itself.
 * - `binding`: Through the service binding `PAYPLE_EGRESS`.
 */
export type Egress = "direct" | "binding";

/** A part of the access record, the newest first. */
export interface AccessRecords {
  /** The entries. */
  records: AccessRecord[];
  /** Where the next part begins; absent after the last one. */
  next?: string;
  /** The chains of the record, for who checks them. */
  chains: RecordChain[];
}

/** One act. Whatever the hash covers is as it is kept: subject and reason sealed. */
export interface AccessRecord {
  /** The chain that it is in. */
  chain: string;
  /** Its place there, counted from 1. */
  sequence: number;
  /** When, in Korea: `2026-11-28T16:20:11.123+09:00`. 접속일시. */
  at: string;
  /** `person <e-mail or name>`, `program <name>`, `admin`, `nobody` or `system`. 식별자. */
  who: string;
  /** How they had proved it. */
  method: RecordMethod;
  /** An IP address, or `unknown`. 접속지. */
  address: string;
  /** What they did. 수행업무. */
  task: RecordTask;
  /** The billing key or the group key, sealed, in hexadecimal digits. 처리한 정보주체. */
  subject?: string;
  /** The same as it was asked for; absent where its key is not among `RECORD_KEY` any more. */
  subjectText?: string;
  /** A keyed hash of it. */
  subjectHash?: string;
  /** Which `RECORD_KEY` has sealed subject and reason. */
  key?: string;
  /** `ok`, `session_ended` where the session had ended and nothing was handed out, or the kind of the problem. */
  outcome: string;
  /** How many rows were shown or taken out; of a billing key one. */
  rows?: number;
  /** Why, sealed. */
  reason?: string;
  /** Why, as it was given. */
  reasonText?: string;
  /** That of the answer. */
  requestId: string;
  /** The hash of the entry before. */
  previous: string;
  /** The hash of this one. */
  hash: string;
}

/**
 * How somebody has proved who they are.
 *
 * - `token`: A token, with the request itself.
 * - `session`: A session, begun with a token.
 * - `access`: Cloudflare Access.
 * - `emergency`: The admin token in live, by itself or in a session.
 * - `binding`: Another Worker, by a service binding.
 * - `none`: Not at all.
 */
export type RecordMethod = "token" | "session" | "access" | "emergency" | "binding" | "none";

/**
 * What somebody did.
 *
 * - `payout_requests`: Looked up the payout requests of a group.
 * - `billing_key`: Looked up a billing key.
 * - `sign_in`: Signed in, or tried to.
 * - `sign_out`: Signed out.
 * - `export`: Took rows out as a file.
 * - `print`: Took rows out on paper.
 * - `show`: Had names and telephone numbers shown that are masked at first.
 * - `read_records`: Read this record.
 * - `retention`: The record itself deleted entries whose retention was over.
 */
export type RecordTask =
  | "payout_requests"
  | "billing_key"
  | "sign_in"
  | "sign_out"
  | "export"
  | "print"
  | "show"
  | "read_records"
  | "retention";

/** From where to where a chain reaches. */
export interface RecordChain {
  /** Its name. */
  chain: string;
  /** The last entry that is not kept any more; sequence 0 where all are. */
  anchor: RecordLink;
  /** The last entry when the record was read. */
  head: RecordLink;
}

/** An entry's place and hash. */
export interface RecordLink {
  /** Counted from 1. */
  sequence: number;
  /** SHA-256 in hexadecimal digits. */
  hash: string;
}

/** How often who did what in a time, for the auditor who reviews a month. */
export interface AccessSummary {
  /** For each chain by who, method, task and outcome. */
  lines: AccessSummaryLine[];
  /** The chains of the record. */
  chains: RecordChain[];
}

/** How often somebody did something with one outcome. */
export interface AccessSummaryLine {
  /** As the entries have it. 식별자. */
  who: string;
  /** How they had proved it. */
  method: RecordMethod;
  /** What they did. 수행업무. */
  task: RecordTask;
  /** `ok`, `session_ended` where the session had ended and nothing was handed out, or the kind of the problem. */
  outcome: string;
  /** How many entries. */
  count: number;
  /** How many rows were shown or taken out, of all of them. */
  rows: number;
  /** Of how many group keys and billing keys. 처리한 정보주체. */
  subjects: number;
  /** How many of the entries are from a weekend, or from before or after the hours of work. 업무시간 외. */
  outsideHours: number;
}

/** Why the Worker gave no answer, as RFC 9457 has it. */
export interface Problem {
  /** `urn:payple-edge:problem:` and the kind. */
  type: string;
  /** What kind of problem it is, in words. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What happened. */
  detail: string;
  /** What to branch on. */
  kind: ProblemKind;
  /** Payple's code. */
  code?: string;
  /** The exchange with Payple that failed. */
  phase?: Phase;
  /** The HTTP status of Payple's reply. */
  upstreamStatus?: number;
  /** Whether the same request may well succeed later. */
  retryable: boolean;
  /** What to do about it. */
  hint?: string;
  /** 어떻게 해야 하는지. */
  hintKo?: string;
  /** The settings at fault, where that is what failed. */
  settings?: SettingFault[];
  /** Ties the answer to its log lines. */
  requestId: string;
}

/** What to branch on: a failed look-up's kind, or one of the API's own. */
export type ProblemKind = ErrorKind | ApiErrorKind;

/**
 * What the API itself refuses, before a look-up.
 *
 * - `not_signed_in`: 401: nobody is signed in.
 * - `sign_in_not_configured`: 503: no way to sign in is configured.
 * - `sign_in_unavailable`: 503: the keys of Cloudflare Access cannot be had.
 * - `record_unavailable`: 503: the access record cannot be written, and nothing is answered without it.
 * - `cross_site`: 403: a request with a cookie, and not from a page of this origin.
 * - `role_missing`: 403: the caller is signed in, but has not the role for this.
 * - `export_forbidden`: 403: nobody may take rows out here.
 * - `rate_limited`: 429: the limit for one caller is reached.
 * - `not_found`: 404: there is nothing at this path.
 * - `method_not_allowed`: 405: this path answers other methods.
 * - `body_timeout`: 408: the body did not arrive in time.
 * - `body_too_large`: 413: the body is too large.
 * - `not_json`: 415: the body is not said to be JSON.
 */
export type ApiErrorKind =
  | "not_signed_in"
  | "sign_in_not_configured"
  | "sign_in_unavailable"
  | "record_unavailable"
  | "cross_site"
  | "role_missing"
  | "export_forbidden"
  | "rate_limited"
  | "not_found"
  | "method_not_allowed"
  | "body_timeout"
  | "body_too_large"
  | "not_json";

/** One setting at fault. Holds no value. */
export interface SettingFault {
  /** Its name. */
  name: string;
  /** What is wrong with it. */
  problem: string;
}

/** Asks for the payout requests under one group key. */
export interface PayoutQuestion {
  /** 실행 그룹 키 (`group_key`). */
  groupKey: string;
  /** What you mean to pay: the review then says where the group differs from it. 지급 예정 내역. */
  expect?: PayoutExpectation;
}

/** What you mean to pay: a sum, a number of requests, a list of them, a group reviewed before, or several of these; at least one. A field that is not named here is an error. 지급 예정 내역: 총액, 건수, 목록, 검증값 중 하나 이상. */
export interface PayoutExpectation {
  /** What the requests should add up to, in won. 예정 총액. */
  total?: ExpectedNumber | null | undefined;
  /** How many requests there should be. 예정 건수. */
  count?: ExpectedNumber | null | undefined;
  /** The requests themselves, in any order; `[]` expects none. All amounts together must not be more than 9007199254740991. 예정 목록, 순서는 상관없습니다. */
  requests?: readonly ExpectedPayoutRequest[] | null | undefined;
  /** The key by which the whole list is matched; only beside `requests`. By default the first of `billingTranId`, `subId` and `printContent` that any line has, else the amount. A line without it is an error that names the line. 목록 전체를 대조하는 기준 항목. */
  matchBy?: MatchBy | null | undefined;
  /** The `fingerprint` of the group as it was reviewed; another one is the error `changed_since_review`. 검토 시점의 검증값. */
  fingerprint?: string | null | undefined;
}

/** A number or a text, at most 9007199254740991 and of digits alone: `1000` or `"1000"`. `1000.0` and `1e3` are refused, although JSON Schema counts them as integers: no amount passes through a float. */
export type ExpectedNumber = number | bigint | string;

/**
 * A request that you mean to make. 예정된 지급이체 요청 한 건.
 *
 * Within one value of the key equal amounts go together, those first that agree in the other texts given; what is left pairs in the order of the amounts. Other fields are passed over, so the rows of a table of yours can be handed over as they are; `null` is as good as absent. An empty `billingTranId` or `subId` is an error.
 */
export interface ExpectedPayoutRequest {
  /** 계좌 빌링키: the recipient. */
  billingTranId?: ExpectedKey | null | undefined;
  /** 파트너사 하위고객 ID. */
  subId?: ExpectedKey | null | undefined;
  /** 입금계좌인자내역. */
  printContent?: ExpectedText | null | undefined;
  /** 지급이체금액 in won: a whole number, or its digits as a text. 원 단위 정수 또는 숫자로 된 문자열. */
  amount: ExpectedNumber;
}

/** A text that is not empty; an integer stands for its digits. */
export type ExpectedKey = string | number | bigint;

/** A text; an integer stands for its digits, and an empty text for none. */
export type ExpectedText = string | number | bigint;

/** Asks for a billing key. */
export interface BillingKeyQuestion {
  /** 빌링키, `PCD_PAYER_ID`. */
  payerId: string;
}

/** Asks for up to 100 billing keys. */
export interface BillingKeysQuestion {
  /**
   * 빌링키, `PCD_PAYER_ID`: 1 to 255 characters each, no white space. One that is none is a result of its own.
   *
   * @minItems 1
   * @maxItems 100
   */
  payerIds: string[];
}

/** Begins a session. */
export interface SignIn {
  /** A token of `NAMED_TOKENS`, or `ADMIN_TOKEN`. */
  token: string;
}

/** Says that rows are about to be taken out, and why, or shown without a mask. Exactly one of `groupKey`, `payerIds` and `accessRecord`. */
export interface Action {
  /** What. */
  action: ActionKind;
  /** Of which group. 실행 그룹 키. */
  groupKey?: string | null;
  /**
   * Of which billing keys, at most 1,000. 빌링키.
   *
   * @minItems 1
   * @maxItems 1000
   */
  payerIds?: string[] | null;
  /** Of the access record itself, by an auditor: `true`. 접속기록. */
  accessRecord?: boolean | null;
  /** How many rows. Of billing keys as many as `payerIds` holds: each is a row. */
  rows: number;
  /** Why, in at most 500 characters. Exports and prints must say so where `exportReason` is `required`. 사유. */
  reason?: string | null;
}

/**
 * What is done with the rows.
 *
 * - `export`: They are taken out as a file, or to the clipboard.
 * - `print`: They are taken out on paper.
 * - `show`: Their names and telephone numbers are shown, which are masked at first.
 */
export type ActionKind = "export" | "print" | "show";

/** Asks for a part of the access record, in a body and not in an address, because it holds the subject in full. */
export interface AccessRecordsQuestion {
  /** A day or a moment in Korea, from which on. */
  from?: string | null;
  /** A day in Korea, which is included, or a moment, which is not. */
  to?: string | null;
  /** As the entries have it, or without `person` or `program` before it. */
  who?: string | null;
  /** What was done. */
  task?: RecordTask | null;
  /** A billing key or a group key, in full. It is hashed at once. */
  subject?: string | null;
  /** `next` of the part before. */
  cursor?: string | null;
  /** How many entries at most; 500 unless told. */
  limit?: number | null;
}
