// payple-edge/opentelemetry: a span for each look-up, below it one for each HTTP exchange, by the
// semantic conventions.
//
// No span holds a key, a credential, an amount or a name.

import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OBSERVE } from "./observer.mjs";
import { readOptions } from "./options.mjs";

/**
 * @import { Span, Tracer } from "@opentelemetry/api"
 * @import { InstrumentOptions } from "./opentelemetry.d.ts"
 * @import { Observer, ObservedLookUp } from "./observer.mjs"
 * @import { ExchangeEvent, ExchangeStartEvent, PaypleError } from "./index.d.ts"
 * @import { PayoutRequestGroup } from "./models.d.ts"
 */

/**
 * @template Client
 * @param {Client} client
 * @param {InstrumentOptions} [options]
 */
export function instrumentClient(client, options = {}) {
  const observable = /** @type {{ [OBSERVE]?(observer: Observer): void } | undefined} */ (client);
  if (typeof observable?.[OBSERVE] !== "function")
    throw new TypeError("instrumentClient takes a PaypleClient");
  const { tracerProvider = trace.getTracerProvider() } = readOptions(
    "the options of instrumentClient",
    options,
    ["tracerProvider"],
    "invalid_config",
  );
  const tracer = tracerProvider.getTracer("payple-edge", VERSION);
  observable[OBSERVE]({
    begin: (operation, environment) => new LookUpSpan(tracer, operation, environment),
  });
  return client;
}

/**
 * The span of one look-up, and of the exchange that is under way in it.
 * @implements {ObservedLookUp}
 */
class LookUpSpan {
  #tracer;
  #span;
  #context;
  /** @type {Span | undefined} */
  #exchange;

  /**
   * @param {Tracer} tracer
   * @param {string} operation
   * @param {string} environment
   */
  constructor(tracer, operation, environment) {
    this.#tracer = tracer;
    const service = operation === "lookupPayoutRequests" ? "hub" : "cpay";
    const attributes = { "payple.service": service, "payple.environment": environment };
    this.#span = tracer.startSpan(`payple ${operation}`, { kind: SpanKind.INTERNAL, attributes });
    this.#context = trace.setSpan(context.active(), this.#span);
  }

  /**
   * @template T
   * @param {() => T} act
   */
  run(act) {
    return context.with(this.#context, act);
  }

  /** @param {ExchangeStartEvent} event */
  exchangeBegins({ service, phase, attempt }) {
    const attributes = {
      "http.request.method": "POST",
      "payple.service": service,
      "payple.phase": phase,
      ...(attempt > 0 && { "http.request.resend_count": attempt }),
    };
    const options = { kind: SpanKind.CLIENT, attributes };
    this.#exchange = this.#tracer.startSpan("POST", options, this.#context);
  }

  /**
   * @template T
   * @param {string} url
   * @param {() => T} act
   */
  runExchange(url, act) {
    if (this.#exchange === undefined) return act();
    const { hostname, port, protocol, origin, pathname } = new URL(url);
    this.#exchange.setAttributes({
      "server.address": hostname,
      "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
      // Without the query, which the conventions let be left out where it may be sensitive.
      "url.full": origin + pathname,
    });
    return context.with(trace.setSpan(this.#context, this.#exchange), act);
  }

  /** @param {ExchangeEvent} event */
  exchangeEnds({ status, kind, code }) {
    const span = this.#exchange;
    this.#exchange = undefined;
    if (status !== undefined) span?.setAttribute("http.response.status_code", status);
    close(span, kind, code);
  }

  /**
   * @param {boolean} ok
   * @param {Outcome} outcome the answer, or the error
   */
  end(ok, outcome) {
    // One that is still under way is an authentication that others wait for, and ends by itself;
    // only where the module broke is no end told any more.
    if (outcome.kind === "internal") close(this.#exchange, outcome.kind);
    if (ok && outcome.review) {
      this.#span.setAttributes({
        "payple.payout.count": outcome.requests?.length,
        "payple.payout.consistent": outcome.review.consistent,
      });
    }
    close(this.#span, ok ? undefined : outcome.kind, outcome.code, outcome.message);
  }
}

/** @typedef {Partial<PayoutRequestGroup> & Partial<Pick<PaypleError, "kind">>} Outcome */

/**
 * Ends a span with Payple's code, and with the kind of the error as `error.type`.
 * @param {Span | undefined} span
 * @param {string} [kind]
 * @param {string} [code]
 * @param {string} [message]
 */
function close(span, kind, code, message) {
  if (span === undefined || !span.isRecording()) return;
  if (code !== undefined) span.setAttribute("payple.code", code);
  if (kind !== undefined) {
    span.setAttribute("error.type", kind);
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
  }
  span.end();
}
