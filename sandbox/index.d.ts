// Types of the Payple sandbox, `payple-edge/sandbox`.

/** A service's endpoint: hub's token and look-up, cpay's partner authentication and look-up. */
export type Endpoint = "token" | "payout" | "auth" | "billing";

/** What both ways of using the sandbox take: `startSandbox` and `mockPayple`. */
export interface ServiceOptions {
  /** `live` enforces the Referer on both cpay calls. `test` unless told. */
  environment?: "test" | "live" | undefined;
  /** Partners that are known; Payple's public test pair unless told. Never put a real pair here. */
  credentials?: { cstId: string; custKey: string }[] | undefined;
  /**
   * Registered domains, with or without scheme; their sub-domains are accepted, too. `shop.example`
   * unless told.
   */
  referers?: string[] | undefined;
  /** Life of a hub token; 60 seconds unless told. */
  tokenLifetimeMs?: number | undefined;
  /** Life of an AuthKey; 30 minutes unless told. */
  authLifetimeMs?: number | undefined;
  /** The clock that lifetimes are measured by, in milliseconds; `Date.now` unless told. */
  now?: (() => number) | undefined;
  /** `false` prints one line per request: method, path and status, never a key. */
  quiet?: boolean | undefined;
  /** Delays every reply of hub and cpay. */
  latencyMs?: number | undefined;
}

export interface SandboxOptions extends ServiceOptions {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  /** A loopback host; `127.0.0.1` unless told. */
  host?: string | undefined;
  /** Starts a second listener that hostile addresses lead to. */
  trap?: boolean | undefined;
}

export interface SandboxControls {
  stats(): SandboxStats;
  /**
   * Counts to zero, no queued faults, tokens accepted again, lifetimes as at the start. Tokens
   * already issued stay good.
   */
  reset(): void;
  /** Ends every hub token; `forGood` refuses later ones, too, until `reset`. */
  revokeTokens(how?: { forGood?: boolean | undefined }): void;
  /** Ends every AuthKey; `forGood` refuses later ones, too, until `reset`. */
  revokeAuthKeys(how?: { forGood?: boolean | undefined }): void;
  /** At once, for tokens already issued as well. */
  setLifetimes(lifetimes: { tokenMs?: number | undefined; authMs?: number | undefined }): void;
  /**
   * Plays a fault at the next `times` requests to an endpoint; without `times` until `reset`, or as
   * often as the fault itself lasts.
   */
  queueFault(fault: { endpoint: Endpoint; fault: string; times?: number | undefined }): void;
}

export interface Sandbox extends SandboxControls {
  /** For the client's `origins.hub` and `origins.cpay`. */
  readonly origin: string;
  readonly port: number;
  /** Present with the option `trap`. */
  readonly trap?: Trap;
  /** Also ends exchanges that hang. */
  close(): Promise<void>;
}

export interface Trap {
  readonly origin: string;
  readonly port: number;
  /** What was sent to where nothing should be sent. */
  requests(): { method: string; url: string }[];
}

export interface SandboxStats {
  /** Requests to hub and cpay, the unknown paths included. */
  requests: number;
  /** Requests received by endpoint, whatever became of them. */
  calls: Record<Endpoint, number>;
  /** Hub tokens granted. */
  tokens: number;
  /** AuthKeys granted. */
  partnerAuthentications: number;
  /** Payout look-ups granted. */
  payoutLookups: number;
  /** Billing-key look-ups granted. */
  billingKeyLookups: number;
  unknownPaths: number;
  redirectsFollowed: number;
  trapRequests: number;
  /** By fault key: requests that met it, and those answered rightly because it was over. */
  faults: Record<string, { attempts: number; successes: number }>;
}

/** A row of the fault catalogue. A key may have two rows, for different endpoints. */
export interface Fault {
  key: `FAULT_${string}`;
  endpoints: Endpoint[];
  describes: string;
  /** What may follow the key after a hyphen. */
  parameter?: string;
  expect: {
    /** `ok`, or the kind of the error that a look-up should end with. */
    kind: "ok" | "authentication" | "rejected" | "unavailable" | "timeout" | "protocol";
    /** Payple's code that the error should carry. */
    code?: string;
    /** The kinds of findings that the review should make, all of them. */
    findings?: string[];
    note?: string;
  };
  /**
   * What one cold look-up with `maxRetries: 2` should cost, by the endpoint that plays the fault.
   */
  upstreamCalls: Partial<Record<Endpoint, { token: number; lookup: number }>>;
}

export interface PayoutGroupSample {
  key: string;
  describes: string;
  /** The kinds of findings that the review should make, all of them. */
  findings: string[];
}

export interface BillingKeySample {
  /** A key, or a range of keys as a text. */
  key: string;
  describes: string;
}

/** Every fault that the sandbox plays, for table tests. */
export const faults: readonly Fault[];
/** The group keys that the sandbox knows. */
export const payoutGroupSamples: readonly PayoutGroupSample[];
/** The billing keys that the sandbox knows. */
export const billingKeySamples: readonly BillingKeySample[];

/** A server on a loopback address, for the client's `origins`. */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

/**
 * MSW's `HttpHandler`. Its own types are not asked for: MSW is optional here, and they do not hold
 * under every setting.
 */
// biome-ignore lint/suspicious/noExplicitAny: it must fit MSW's class, and no other type than `any` does without naming it
type MswHandler = any;

/** Handlers for `setupServer(...mockPayple())`, with the sandbox's controls on the list. */
export type MockedPayple = MswHandler[] & SandboxControls;

/**
 * MSW 2 handlers for Payple's own addresses: the client needs no `origins`. They play the sandbox,
 * and so echo the `code`, enforce the rules and know every sample and fault key. Needs `msw` beside
 * this package.
 */
export function mockPayple(options?: ServiceOptions): MockedPayple;
