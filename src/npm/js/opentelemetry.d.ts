// The types of payple-edge/opentelemetry, written by hand: what a user reads in the editor.

import type { TracerProvider } from "@opentelemetry/api";
import type { PaypleClient } from "../../npm/js/index.js";

export interface InstrumentOptions {
  /** Default: the one registered globally. */
  tracerProvider?: TracerProvider | undefined;
}

/**
 * Makes a client tell OpenTelemetry what it does: a span `payple lookupPayoutRequests` or `payple
 * lookupBillingKey` for each look-up (each key of `lookupBillingKeys` as well), below the span that
 * is active where it is begun, and below it a client span for each HTTP exchange with Payple. An
 * authentication that several look-ups share stands below the one that began it. 조회마다 스팬 하나, 그 아래
 * HTTP 교환마다 스팬 하나를 기록합니다.
 *
 * Attributes are those of the semantic conventions (`http.*`, `server.*`, `url.full` without its
 * query, `error.type`: the kind of the error), and `payple.service`, `payple.phase`,
 * `payple.environment`, `payple.code`, `payple.payout.count` and `payple.payout.consistent`. None
 * holds a key, a credential, an amount or a name.
 * @returns the same client
 */
export function instrumentClient<Client extends PaypleClient>(
  client: Client,
  options?: InstrumentOptions,
): Client;
