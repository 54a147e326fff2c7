// The types of payple-edge, written by hand: what a user reads in the editor.

/** Payple's two worlds: `test` (TEST, no money moves) and `live` (REAL, 운영). */
export type Environment = "test" | "live";

/** A partner id and its key (파트너 ID와 인증키). */
export interface Credentials {
  /** 파트너 ID, `cst_id`. */
  cstId: string;
  /** 파트너 인증키, `custKey`. */
  custKey: string;
}

export interface PaypleClientOptions extends Credentials {
  /** Which Payple to ask. Required: there is no safe default. */
  environment: Environment;
  /** The hub's own pair, where payouts (지급이체) use another account than billing keys. */
  hubCredentials?: Credentials;
  /**
   * The domain registered with Payple, with its scheme: `https://shop.example`.
   * Required for live billing-key look-ups (`AUTH0004` otherwise); test does not check it.
   */
  referer?: string;
  /** For one HTTP exchange, body included, in milliseconds. Default 10 000. */
  timeoutMs?: number;
  /** How often a transport failure, a 5xx or a retryable code is tried again, per exchange. Default 2. A time-out is not. */
  maxRetries?: number;
  /** The `fetch` to use, such as undici's with a proxy as `dispatcher`, or `node-fetch`. Default: the runtime's own. */
  fetch?: FetchLike;
  /** Where tokens are shared between processes. They are sealed (AES-GCM) before they reach it. Default: memory alone. */
  tokenStore?: TokenStore;
  /** Other addresses than Payple's own: a sandbox (`http://127.0.0.1:8788`) or an egress relay (`https://…`). */
  origins?: { hub?: string; cpay?: string };
  /** Hears of every HTTP exchange before it begins. No event holds a secret. What it throws is ignored. */
  onExchangeStart?: (event: ExchangeStartEvent) => void;
  /** Hears of every HTTP exchange when it is over, also of one that its look-up gave up. */
  onExchange?: (event: ExchangeEvent) => void;
}

/**
 * The least of a `fetch` that is called: the runtime's own, undici's, `node-fetch`, `cross-fetch` and functions around
 * them fit.
 */
export type FetchLike = (url: string, init: FetchLikeInit) => Promise<FetchLikeResponse>;

/** What is handed to {@link FetchLike}. It holds credentials: do not log it. */
export interface FetchLikeInit {
  method: "POST";
  headers: Record<string, string>;
  /** JSON. */
  body: string;
  /** A redirect is never followed: it would carry the credentials elsewhere. */
  redirect: "manual";
  // biome-ignore lint/suspicious/noExplicitAny: each fetch declares an AbortSignal of its own.
  /** An `AbortSignal`. */
  signal: any;
}

/** What is read of a reply. */
export interface FetchLikeResponse {
  readonly status: number;
  readonly type?: string;
  readonly headers: { get(name: string): string | null };
  /** A web stream or an async iterable, such as Node's streams. Without one `arrayBuffer` is called. */
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What is used of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as in the DOM's own types.
  readonly reason?: any;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A place to share tokens, such as Redis. Any failure of it means 'authenticate', never a failed look-up. */
export interface TokenStore {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string, ttlSeconds: number): unknown;
  delete(key: string): unknown;
}

/** One HTTP exchange with Payple, before it begins. */
export interface ExchangeStartEvent {
  /**
   * The same in all events of one look-up, 16 hexadecimal digits. Look-ups that share an authentication hear of it once,
   * under the id of the one that began it.
   */
  lookupId: string;
  /** `hub`: payouts. `cpay`: billing keys. */
  service: "hub" | "cpay";
  /** `token`: authenticating. `lookup`: the question itself. */
  phase: Phase;
  /** Counted from 0. */
  attempt: number;
}

/** One HTTP exchange with Payple, as it went. */
export interface ExchangeEvent extends ExchangeStartEvent {
  /** The HTTP status, where there was a reply. */
  status?: number;
  /** From sending to the last byte read and checked. */
  durationMs: number;
  /** Why it failed, if it did. */
  kind?: ErrorKind;
  /** Payple's code, where it failed with one. */
  code?: string;
}

export interface LookupOptions {
  /** Gives up: the look-up rejects with kind `aborted` and the signal's reason as `cause`. */
  signal?: AbortSignalLike;
  /** For one HTTP exchange of this look-up, in milliseconds. */
  timeoutMs?: number;
}

export interface PayoutLookupOptions extends LookupOptions {
  /**
   * What you mean to pay: the review then says where the group differs from it.
   * 지급하려는 내역. 그룹과 다른 점이 검토 결과에 함께 담깁니다.
   */
  expect?: PayoutExpectation;
}

/**
 * What you mean to pay: a sum, a number of requests, a list of them, a group reviewed before, or several of these; at
 * least one. A field that is not named here is an error.
 * 지급 예정 내역: 총액, 건수, 목록, 지문 중 하나 이상.
 */
export interface PayoutExpectation {
  /** What the requests should add up to, in won. 예정 총액. */
  total?: number | bigint | string;
  /** How many requests there should be. 예정 건수. */
  count?: number | bigint | string;
  /** The requests themselves, in any order; `[]` expects none. 예정 목록, 순서는 상관없습니다. */
  requests?: readonly ExpectedPayoutRequest[];
  /**
   * The key by which the whole list is matched. By default the first of `billingTranId`, `subId` and `printContent` that
   * any line has, else the amount. A line without it is an error that names the line.
   * 목록 전체를 대조하는 기준 항목.
   */
  matchBy?: MatchBy;
  /** The `fingerprint` of the group as it was reviewed; another one is the error `changed_since_review`. 검토 시점의 지문. */
  fingerprint?: string;
}

/** A key by which a list is matched. 대조 기준 항목. */
export type MatchBy = "billingTranId" | "subId" | "printContent" | "amount";

/**
 * A request that you mean to make. 예정된 지급이체 요청 한 건.
 *
 * Within one value of the key equal amounts go together, those first that agree in the other texts given; what is left
 * pairs in the order of the amounts. Other fields are passed over, so the rows of a table of yours can be handed over as they are; `null` is
 * as good as absent. An empty `billingTranId` or `subId` is an error.
 */
export interface ExpectedPayoutRequest {
  /** 계좌 빌링키: the recipient. */
  billingTranId?: string | null;
  /** 파트너사 하위고객 ID. */
  subId?: string | null;
  /** 입금계좌인자내역. */
  printContent?: string | null;
  /** 지급이체금액 in won: a whole number, or its digits as a text. 원 단위 정수 또는 숫자로 된 문자열. */
  amount: number | bigint | string;
}

/**
 * Reviews a group that you have already, and compares it with what you mean to pay. Asks nobody.
 * 이미 조회한 그룹을 예정 내역과 대조합니다. 네트워크를 쓰지 않습니다.
 *
 * The rows are reviewed as they are now; a `foreign_partner` finding is kept from the look-up, since who asked is not in
 * a group.
 * @throws {PaypleError} of kind `invalid_input`, naming the field: `expect.requests[3].amount is missing`.
 */
export function reviewPayoutRequests(
  group: Pick<PayoutRequestGroup, "groupKey" | "total" | "count" | "requests"> &
    Partial<PayoutRequestGroup>,
  expect: PayoutExpectation,
): PayoutReview;

/** Asks Payple from a back end. Cheap to keep for the life of the process; nothing has to be freed. */
export class PaypleClient {
  /** @throws {PaypleError} of kind `invalid_config`, also when called in a web page: credentials do not belong there. */
  constructor(options: PaypleClientOptions);
  /**
   * 지급이체 요청 조회: the payout requests under one group key, reviewed.
   * @param groupKey 실행 그룹 키, 1 to 64 characters.
   * @throws {PaypleError}
   */
  lookupPayoutRequests(
    groupKey: string,
    options?: PayoutLookupOptions,
  ): Promise<PayoutRequestGroup>;
  /**
   * 빌링키 등록 조회: what is behind a billing key.
   * @param payerId 빌링키, `PCD_PAYER_ID`.
   * @throws {PaypleError}
   */
  lookupBillingKey(payerId: string, options?: LookupOptions): Promise<BillingKey>;
  /**
   * 여러 빌링키 조회: looks up many billing keys, a few at a time, at a pace that Payple bears.
   *
   * The results come as they are known, in no certain order: `index` says which key it is. A key that Payple does not
   * know, or that fails, is a result and stops nothing. Next keys are taken from `payerIds` only as results are taken, so
   * memory stays bounded whatever their number; leaving the loop ends what is under way.
   * @throws {PaypleError} where going on is useless: `authentication`, `invalid_config`, maintenance, or an outage (so many
   * failures in a row that it is none of the keys); what was known by then has been yielded.
   */
  lookupBillingKeys(
    payerIds: Iterable<string> | AsyncIterable<string>,
    options?: BillingKeysOptions,
  ): AsyncGenerator<BillingKeyResult, void, undefined>;
}

export interface BillingKeysOptions extends LookupOptions {
  /** How many look-ups are under way at most, 1 to 100. Default 4. 동시에 진행할 최대 조회 수. */
  concurrency?: number;
  /** How many look-ups are begun a second at most. Default 5. 초당 시작할 최대 조회 수. */
  perSecond?: number;
}

/** What one of many billing keys came to. Narrow by `status`. */
export type BillingKeyResult =
  | RegisteredBillingKey
  | NotRegisteredBillingKey
  | FailedBillingKeyLookup;

interface BillingKeyResultCommon {
  /** Which of the keys, counted from 0. 입력 순번(0부터). */
  index: number;
  /** 빌링키, as given. */
  payerId: string;
}

/** 등록된 빌링키. */
export interface RegisteredBillingKey extends BillingKeyResultCommon {
  status: "registered";
  billingKey: BillingKey;
}

/** 등록되지 않았거나 해지된 빌링키, as far as Payple's code tells. */
export interface NotRegisteredBillingKey extends BillingKeyResultCommon {
  status: "not_registered";
  /** Payple's code. */
  code: string;
  message: string;
}

/** 조회하지 못한 빌링키: it may well be registered. */
export interface FailedBillingKeyLookup extends BillingKeyResultCommon {
  status: "failed";
  error: PaypleError;
}

/** The requests that wait for execution under one group key. Executed, cancelled and failed ones are not in it. */
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
  /**
   * Identifies what would be paid, whatever the order of the requests: `v1:` and a SHA-256 (docs/fingerprint.md).
   * 지급 내용의 지문.
   */
  fingerprint: string;
  /** Payple's result code, `A0000`. */
  code: string;
  /** Payple's message. */
  message: string;
}

/** One 지급이체 요청. */
export interface PayoutRequest {
  /** 파트너 ID. */
  cstId: string;
  /** 파트너사 하위고객 ID, where the request has one. */
  subId?: string;
  /** 실행 그룹 키. */
  groupKey: string;
  /** (실명 인증된) 계좌 빌링키: the recipient. */
  billingTranId: string;
  /** 입금계좌인자내역, where the request has one. */
  printContent?: string;
  /** 지급이체금액, in won (KRW, integer). */
  amount: number;
  /** 지급이체 한도 잔여금액 after this request, in won; below zero where the limit is overdrawn. */
  remainingLimit: number;
  /** 지급이체요청시간 as ISO 8601 with `+09:00`. */
  requestedAt: string;
  /** The same as Payple wrote it. */
  requestedAtRaw: string;
}

export interface PayoutReview {
  /** `false` exactly when there is a finding of severity `error`. */
  consistent: boolean;
  /** The sum of the rows, in won. */
  computedTotal: number;
  /** The number of rows. */
  computedCount: number;
  findings: Finding[];
  /** What the comparison with `expect` came to, where there was one. 예정 내역과 대조한 결과. */
  expectation?: ExpectationSummary;
}

/**
 * How many requests of your list and of the group go together, and what they add up to in won. All 0 without a list.
 * 예정 목록과 그룹을 대조한 건수와 금액(원).
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
  matchedTotal: number;
  missingTotal: number;
  unexpectedTotal: number;
  /** What the requests of other amounts add up to in the group. */
  differentTotal: number;
  /** What they should add up to. */
  differentExpectedTotal: number;
}

export interface Finding {
  kind: FindingKind;
  /** `error`: the group contradicts itself or the question. `notice`: worth a look, may well be meant. */
  severity: "error" | "notice";
  /** In English. */
  message: string;
  /** 한국어. */
  messageKo: string;
  /** The rows concerned, as indexes into `requests`; absent where the group as a whole is meant. */
  rows?: number[];
  /** The expected requests concerned, as indexes into `expect.requests`. 예정 목록의 해당 순번(0부터). */
  expectedRows?: number[];
}

export type FindingKind =
  /** The declared total is not the sum of the rows. */
  | "total_mismatch"
  /** The declared count is not the number of rows. */
  | "count_mismatch"
  /** A row names another group key than the one asked for. */
  | "foreign_group_key"
  /** A row names another partner. */
  | "foreign_partner"
  /** A row overdraws the transfer limit. */
  | "limit_exceeded"
  /** A row's remaining limit does not fall by its amount. */
  | "limit_sequence"
  /** Notice: the same recipient, amount and print content more than once. */
  | "possible_duplicate"
  /** The requests do not add up to the expected total. 예정 총액과 다름. */
  | "expected_total_mismatch"
  /** There are not as many requests as expected. 예정 건수와 다름. */
  | "expected_count_mismatch"
  /** Expected requests that the group does not have, all in one finding: `expectedRows`. 누락. */
  | "missing_request"
  /** Requests that are not expected, all in one finding: `rows`. 예정에 없음. */
  | "unexpected_request"
  /** A request of another amount than expected, one finding each: one of `rows`, one of `expectedRows`. 금액 다름. */
  | "amount_mismatch"
  /** Notice: these could as well be matched otherwise; the other findings show one way. 대조 불확실. */
  | "ambiguous_match"
  /** Notice: matched, but a text differs that both sides give. 적요 등 다른 항목 불일치. */
  | "text_mismatch"
  /** The group's fingerprint is not the expected one. 검토 후 내용이 바뀜. */
  | "changed_since_review";

/** What is behind a billing key (빌링키). Narrow by `type`. */
export type BillingKey = CardBillingKey | TransferBillingKey | OtherBillingKey;

interface BillingKeyCommon {
  /** 빌링키, as asked for and as Payple echoed it. */
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

export interface CardBillingKey extends BillingKeyCommon {
  type: "card";
  /** Issuer's code and name, and the masked number as Payple displays it; `""` where Payple sends none. */
  card: { code: string; name: string; number: string };
  /** `PCD_PAY_ISTAX`; absent where Payple says neither Y nor N. */
  taxable?: boolean;
}

export interface TransferBillingKey extends BillingKeyCommon {
  type: "transfer";
  /** The bank's three-digit code (leading zeros matter) and name, and the masked account number; `""` where Payple sends none. */
  bank: { code: string; name: string; number: string };
}

export interface OtherBillingKey extends BillingKeyCommon {
  type: "other";
  /** A `PCD_PAY_TYPE` that this version does not know. */
  rawType: string;
}

export type ErrorKind =
  /** A setting is missing or malformed; nothing was sent. */
  | "invalid_config"
  /** The input is malformed; nothing was sent. */
  | "invalid_input"
  /** Payple refused who we are. */
  | "authentication"
  /** Payple refused this look-up. */
  | "rejected"
  /** Payple could not be reached, or said that it cannot answer now. */
  | "unavailable"
  /** Payple did not answer in time. */
  | "timeout"
  /** The caller gave up. */
  | "aborted"
  /** The reply is not what the spec says. */
  | "protocol"
  /** A fault of ours. */
  | "internal";

export type Phase = "token" | "lookup";

/** Every failure: a union on `kind`. Shows no credential, token or billing key, however it is printed. */
export type PaypleError = { [Kind in ErrorKind]: PaypleErrorOf<Kind> }[ErrorKind];

/** A failure of one kind. */
export interface PaypleErrorOf<Kind extends ErrorKind> extends Error {
  readonly name: "PaypleError";
  readonly kind: Kind;
  /** Payple's own code, such as `AUTH0004`. */
  readonly code?: string;
  /** The exchange it comes from; absent before the network. */
  readonly phase?: Phase;
  /** The HTTP status of Payple's or the Worker's reply, where there was one. */
  readonly httpStatus?: number;
  /** Whether the same look-up may well succeed later. */
  readonly retryable: boolean;
  /** How long Payple asked to wait, where it did. */
  readonly retryAfterMs?: number;
  /** What to do about it. */
  readonly hint?: string;
  /** 어떻게 해야 하는지. */
  readonly hintKo?: string;
  /** From the Worker (`payple-edge/browser`): its id of this request, to find it in the logs. */
  readonly requestId?: string;
  /**
   * The transport's own error (what `fetch` rejected with), or the reason of an abort. Not enumerable and not printed: it
   * may hold anything.
   */
  readonly cause?: unknown;
  toJSON(): Record<string, unknown>;
}

/** What a {@link PaypleError} is made of, for tests of one's own. */
export interface PaypleErrorDetails<Kind extends ErrorKind = ErrorKind>
  extends Partial<
    Pick<
      PaypleErrorOf<Kind>,
      | "code"
      | "phase"
      | "httpStatus"
      | "retryable"
      | "retryAfterMs"
      | "hint"
      | "hintKo"
      | "requestId"
      | "cause"
    >
  > {
  kind: Kind;
  message: string;
}

export interface PaypleErrorConstructor {
  new <Kind extends ErrorKind = ErrorKind>(details: PaypleErrorDetails<Kind>): PaypleErrorOf<Kind>;
  readonly prototype: PaypleError;
}

/** The class of every failure; an error of another copy of this package is an instance, too. */
export const PaypleError: PaypleErrorConstructor;
