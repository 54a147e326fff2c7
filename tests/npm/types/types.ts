// Compiled, never run: the types as a user relies on them.
import {
  type BillingKey,
  type ErrorKind,
  type PayoutRequestGroup,
  type PayoutReview,
  PaypleClient,
  PaypleError,
  reviewPayoutRequests,
  type TokenStore,
} from "payple-edge";
import { EdgeClient } from "payple-edge/browser";
import { instrumentClient } from "payple-edge/opentelemetry";
import { startSandbox } from "payple-edge/sandbox";

const store: TokenStore = { get: async () => null, set: () => {}, delete: async () => true };
const client = new PaypleClient({
  environment: "live",
  cstId: "a",
  custKey: "b",
  hubCredentials: { cstId: "c", custKey: "d" },
  referer: "https://shop.example",
  timeoutMs: 1000,
  maxRetries: 0,
  fetch,
  tokenStore: store,
  origins: { hub: "https://relay.example" },
  onExchange: (event) =>
    void (event.service === "hub" && event.phase === "token" ? event.durationMs : event.kind),
});
// What may be set or not, such as a variable of the environment, is handed over as it is.
declare const setting: { [name: string]: string | undefined };
new PaypleClient({
  environment: "test",
  cstId: "a",
  custKey: "b",
  referer: setting["REFERER"],
  timeoutMs: undefined,
  origins: { hub: setting["HUB"], cpay: setting["CPAY"] },
});
new EdgeClient({ token: setting["TOKEN"] });
const paid: { amount: number; subId: string | undefined }[] = [];
void client.lookupPayoutRequests("key", {
  signal: undefined,
  expect: paid.length > 0 ? { requests: paid, total: undefined } : undefined,
});
void client.lookupBillingKeys([], { concurrency: undefined, perSecond: undefined });
void startSandbox({ port: undefined, latencyMs: undefined });
// @ts-expect-error the environment has no default
new PaypleClient({ cstId: "a", custKey: "b" });
// @ts-expect-error there are two environments
new PaypleClient({ environment: "prod", cstId: "a", custKey: "b" });

const group: PayoutRequestGroup = await client.lookupPayoutRequests("key", {
  signal: new AbortController().signal,
  timeoutMs: 5,
});
const at: string = group.requests[0]!.requestedAt;
const sub: string | undefined = group.requests[0]!.subId;
const errors = group.review.findings.filter(
  (finding) => finding.severity === "error" && finding.kind === "total_mismatch",
);
const rows: number[] | undefined = errors[0]?.rows;

const table = [
  { billingTranId: "b", subId: null, amount: "77000", name: "a column of my own" },
] as const;
const compared: PayoutReview = reviewPayoutRequests(group, { requests: table });
const missing: number | undefined = compared.expectation?.missing;
const where: number[] | undefined = compared.findings.find(
  ({ kind }) => kind === "missing_request",
)?.expectedRows;
void client.lookupPayoutRequests("key", { expect: { total: 1_000, count: "1" } });
void new EdgeClient().lookupPayoutRequests("key", { expect: { requests: [] } });
// @ts-expect-error a request has an amount
reviewPayoutRequests(group, { requests: [{ billingTranId: "b" }] });
void [missing, where];

function describe(key: BillingKey): string {
  switch (key.type) {
    case "card":
      return key.card.number + String(key.taxable);
    case "transfer":
      return key.bank.number;
    case "other":
      return key.rawType;
    default:
      return key satisfies never;
  }
}
// @ts-expect-error not before it is narrowed
(await client.lookupBillingKey("k")).card;

for await (const result of client.lookupBillingKeys(new Set(["a"]), {
  concurrency: 2,
  perSecond: 1.5,
  signal: new AbortController().signal,
})) {
  const index: number = result.index;
  switch (result.status) {
    case "registered":
      describe(result.billingKey);
      break;
    case "not_registered":
      void [index, result.code, result.message];
      break;
    case "failed":
      void result.error.retryAfterMs;
      break;
    default:
      result satisfies never;
  }
}

const kinds: Record<ErrorKind, true> = {
  invalid_config: true,
  invalid_input: true,
  authentication: true,
  rejected: true,
  unavailable: true,
  timeout: true,
  aborted: true,
  protocol: true,
  internal: true,
};
try {
  describe(await new EdgeClient({ baseUrl: "/" }).lookupBillingKey("k"));
} catch (error) {
  if (error instanceof PaypleError && error.kind === "rejected") {
    const code: string | undefined = error.code;
    void [code, error.hint, error.hintKo, error.retryable, error.phase === "lookup", error.cause];
  }
}
/** A union on `kind`: nothing is left when all kinds are told apart. */
function advice(error: PaypleError): string | undefined {
  switch (error.kind) {
    case "invalid_config":
    case "invalid_input":
      return error.message;
    case "authentication":
    case "rejected":
      return error.code;
    case "unavailable":
      return String(error.retryAfterMs);
    case "timeout":
    case "aborted":
    case "protocol":
    case "internal":
      return error.hint;
    default:
      return error satisfies never;
  }
}
const made = new PaypleError({ kind: "rejected", message: "m", code: "SPCD0001", phase: "lookup" });
const kind: "rejected" = made.kind;
class Mine extends PaypleError {
  readonly extra = 1;
}
const mine: PaypleError = made;
// @ts-expect-error no such kind
new PaypleError({ kind: "refused", message: "m" });
const caught: unknown = made;
if (caught instanceof PaypleError) advice(caught);
void [kind, mine, new Mine({ kind: "internal", message: "m" }).kind];
// The same client, of the same type.
const traced: PaypleClient = instrumentClient(client, {});
// @ts-expect-error a tracer provider is no tracer
void instrumentClient(client, { tracerProvider: { startSpan() {} } });
const sandbox = await startSandbox({ port: 0 });
void [at, sub, rows, kinds, sandbox.origin, traced];

// A number in a table of one's own stands for its digits, where Payple has a text.
const ids: { subId: number; printContent: bigint; amount: bigint; owner: string }[] = [];
void client.lookupPayoutRequests("key", { expect: { requests: ids } });

// An error of another thread, made again there of what it says of itself.
declare const elsewhere: PaypleError;
const again: PaypleError = new PaypleError(elsewhere.toJSON());
const fields: Record<string, unknown> = elsewhere.toJSON();
void [again, fields];
