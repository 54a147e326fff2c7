// The types of payple-edge/browser: what a user reads in the editor. The client and its options are
// written by hand; the models are generated from the Rust models.

import type { AbortSignalLike, BillingKeyResult } from "../../npm/js/index.js";
import type {
  BillingKey,
  PayoutExpectation,
  PayoutRequestGroup,
  Session,
} from "../../npm/js/models.js";

export type {
  AbortSignalLike,
  BillingKeyResult,
  FailedBillingKeyLookup,
  NotRegisteredBillingKey,
  RegisteredBillingKey,
} from "../../npm/js/index.js";
export {
  PaypleError,
  type PaypleErrorConstructor,
  type PaypleErrorDetails,
  type PaypleErrorOf,
} from "../../npm/js/index.js";
export * from "../../npm/js/models.js";

/** What `new Headers(…)` takes, without the DOM's types. */
export type HeadersLike =
  | Record<string, string>
  | Iterable<readonly [string, string]>
  | { forEach(callback: (value: string, name: string) => void): void };

export interface EdgeClientOptions {
  /** Where the Worker answers: an absolute address, or one relative to the page. Default `/`. */
  baseUrl?: string | undefined;
  /** Added to every request: an object, pairs, or `Headers`. */
  headers?: HeadersLike | undefined;
  /**
   * Sent as `Authorization: Bearer …`, where there is no session. Never put the admin token into a
   * page's source.
   */
  token?: string | undefined;
  /**
   * For a whole call, body included, in milliseconds. Default 60 000: the Worker may have to try
   * Payple again.
   */
  timeoutMs?: number | undefined;
}

export interface CallOptions {
  /**
   * Gives up: the call rejects with kind `aborted` and the signal's reason, whatever it is, as
   * `cause`.
   */
  signal?: AbortSignalLike | undefined;
  /** For this call, in milliseconds. */
  timeoutMs?: number | undefined;
}

export interface PayoutCallOptions extends CallOptions {
  /**
   * What you mean to pay, up to about 4 MB: the review then says where the group differs. 지급 예정 내역.
   */
  expect?: PayoutExpectation | undefined;
}

/**
 * Asks the payple-edge Worker from a web page. Loads its WebAssembly by itself on the first call.
 *
 * Not being signed in is a {@link PaypleError} of kind `authentication` without a `phase`; with a
 * `phase` it is Payple that refused the partner's credentials.
 */
export class EdgeClient {
  /** @throws {PaypleError} of kind `invalid_config`. */
  constructor(options?: EdgeClientOptions);
  /**
   * 지급이체 요청 조회: the payout requests under one group key, reviewed.
   * @param groupKey 실행 그룹 키, 1 to 64 characters.
   * @throws {PaypleError}
   */
  lookupPayoutRequests(groupKey: string, options?: PayoutCallOptions): Promise<PayoutRequestGroup>;
  /**
   * 빌링키 등록 조회: what is behind a billing key.
   * @param payerId 빌링키, `PCD_PAYER_ID`.
   * @throws {PaypleError}
   */
  lookupBillingKey(payerId: string, options?: CallOptions): Promise<BillingKey>;
  /**
   * 빌링키 등록 조회 for up to 100 keys: one result each, in their order. The Worker asks Payple five
   * times a second at most; for more keys, call it again and again.
   * @throws {PaypleError} where nothing could be looked up at all.
   */
  lookupBillingKeys(
    payerIds: readonly string[],
    options?: CallOptions,
  ): Promise<BillingKeyResult[]>;
  /** Exchanges an access token, a person's own or the admin token, for a session cookie. */
  signIn(token: string, options?: CallOptions): Promise<void>;
  /** Who is signed in; `null` where nobody is. */
  session(options?: CallOptions): Promise<Session | null>;
  /** Ends the session. */
  signOut(options?: CallOptions): Promise<void>;
}
