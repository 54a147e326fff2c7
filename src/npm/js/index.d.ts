// The types of payple-edge: what a user reads in the editor. The client and its options are written
// by hand; the models of answers and errors are generated from the Rust models.

import type {
  BillingKey,
  Environment,
  ErrorKind,
  PayoutExpectation,
  PayoutRequestGroup,
  PayoutReview,
  Phase,
} from "./models.js";

export type {
  BankAccount,
  BillingKey,
  Card,
  CardBillingKey,
  Environment,
  ErrorKind,
  ExpectationSummary,
  ExpectedKey,
  ExpectedNumber,
  ExpectedPayoutRequest,
  ExpectedText,
  Finding,
  FindingKind,
  MatchBy,
  OtherBillingKey,
  PayoutExpectation,
  PayoutRequest,
  PayoutRequestGroup,
  PayoutReview,
  Phase,
  Severity,
  TransferBillingKey,
} from "./models.js";

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
  hubCredentials?: Credentials | undefined;
  /**
   * The domain registered with Payple, with its scheme: `https://shop.example`.
   * Required for live billing-key look-ups: without it they are `invalid_config` before anything is
   * sent. Payple refuses a domain that is not registered (`AUTH0004`); test does not check it.
   */
  referer?: string | undefined;
  /** For one HTTP exchange, body included, in milliseconds. Default 10 000. */
  timeoutMs?: number | undefined;
  /**
   * How often a transport failure, a 5xx or a retryable code is tried again, per exchange. Default
   * 2. A time-out is not.
   */
  maxRetries?: number | undefined;
  /**
   * The `fetch` to use, such as undici's with a proxy as `dispatcher`, or `node-fetch`. Default:
   * the runtime's own.
   */
  fetch?: FetchLike | undefined;
  /**
   * Where tokens are shared between processes. They are sealed (AES-GCM) before they reach it.
   * Default: memory alone.
   */
  tokenStore?: TokenStore | undefined;
  /**
   * Other addresses than Payple's own: a sandbox (`http://127.0.0.1:8788`) or an egress relay
   * (`https://…`).
   */
  origins?: { hub?: string | undefined; cpay?: string | undefined } | undefined;
  /**
   * Hears of every HTTP exchange before it begins. No event holds a secret. What it throws is
   * ignored.
   */
  onExchangeStart?: ((event: ExchangeStartEvent) => void) | undefined;
  /** Hears of every HTTP exchange when it is over, also of one that its look-up gave up. */
  onExchange?: ((event: ExchangeEvent) => void) | undefined;
}

/**
 * The least of a `fetch` that is called: the runtime's own, undici's, `node-fetch`, `cross-fetch`
 * and functions around them fit.
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
  /**
   * A web stream or an async iterable, such as Node's streams, of bytes or texts. Without one
   * `arrayBuffer` is called.
   */
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

/**
 * A place to share tokens, such as Redis. Any failure of it means 'authenticate', never a failed
 * look-up. Each call of it is waited for as long as `timeoutMs` allows, and a second at most.
 */
export interface TokenStore {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string, ttlSeconds: number): unknown;
  delete(key: string): unknown;
}

/** One HTTP exchange with Payple, before it begins. */
export interface ExchangeStartEvent {
  /**
   * The same in all events of one look-up, 16 hexadecimal digits. Look-ups that share an
   * authentication hear of it once, under the id of the one that began it.
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
  signal?: AbortSignalLike | undefined;
  /** For one HTTP exchange of this look-up, in milliseconds. */
  timeoutMs?: number | undefined;
}

export interface PayoutLookupOptions extends LookupOptions {
  /**
   * What you mean to pay: the review then says where the group differs from it.
   * 지급하려는 내역. 그룹과 다른 점이 검토 결과에 함께 담깁니다.
   */
  expect?: PayoutExpectation | undefined;
}

/**
 * Reviews a group that you have already, and compares it with what you mean to pay. Asks nobody.
 * 이미 조회한 그룹을 예정 내역과 대조합니다. 네트워크를 쓰지 않습니다.
 *
 * The rows are reviewed as they are now; a `foreign_partner` finding is kept from the look-up,
 * since who asked is not in a group.
 * @throws {PaypleError} of kind `invalid_input`, naming the field: `expect.requests[3].amount is
 *   missing`.
 */
export function reviewPayoutRequests(
  group: Pick<PayoutRequestGroup, "groupKey" | "total" | "count" | "requests"> &
    Partial<PayoutRequestGroup>,
  expect: PayoutExpectation,
): PayoutReview;

/**
 * Asks Payple from a back end. Cheap to keep for the life of the process; nothing has to be freed.
 */
export class PaypleClient {
  /**
   * @throws {PaypleError} of kind `invalid_config`, also when called in a web page: credentials do
   *   not belong there.
   */
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
   * The results come as they are known, in no certain order: `index` says which key it is. A key
   * that Payple does not know, or that fails, is a result and stops nothing. Next keys are taken
   * from `payerIds` only as results are taken, so memory stays bounded whatever their number;
   * leaving the loop ends what is under way.
   * @throws {PaypleError} where going on is useless: `authentication`, `invalid_config`,
   *   maintenance, or an outage (so many failures in a row that it is none of the keys); what was
   *   known by then has been yielded.
   */
  lookupBillingKeys(
    payerIds: Iterable<string> | AsyncIterable<string>,
    options?: BillingKeysOptions,
  ): AsyncGenerator<BillingKeyResult, void, undefined>;
}

export interface BillingKeysOptions extends LookupOptions {
  /** How many look-ups are under way at most, 1 to 100. Default 4. 동시에 진행할 최대 조회 수. */
  concurrency?: number | undefined;
  /** How many look-ups are begun a second at most. Default 5. 초당 시작할 최대 조회 수. */
  perSecond?: number | undefined;
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

/**
 * Every failure: a union on `kind`. Shows no credential, token or billing key, however it is
 * printed.
 */
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
   * The transport's own error (what `fetch` rejected with), or the reason of an abort. Not
   * enumerable and not printed: it may hold anything.
   */
  readonly cause?: unknown;
  /**
   * All of it but `stack` and `cause`. `structuredClone` and `postMessage` keep no field of an
   * error's class: hand over what this gives, and make it an error again by `new PaypleError(…)`.
   */
  toJSON(): PaypleErrorDetails & Record<string, unknown>;
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
