// What every case does with the package: both look-ups, and an error that is caught. Copied into
// each case.

import { PaypleClient, type PaypleClientOptions, PaypleError } from "payple-edge";

export interface Report {
  total: number;
  requests: number;
  consistent: boolean;
  billingKey: string;
  error: { kind: string; code: string | undefined; isError: boolean };
}

export function ask(origin: string, more?: Partial<PaypleClientOptions>): Promise<Report> {
  return askBy(clientOf(origin, more));
}

export function clientOf(origin: string, more?: Partial<PaypleClientOptions>): PaypleClient {
  return new PaypleClient({
    environment: "test",
    cstId: "test",
    custKey: "abcd1234567890",
    origins: { hub: origin, cpay: origin },
    ...more,
  });
}

export async function askBy(payple: PaypleClient): Promise<Report> {
  const group = await payple.lookupPayoutRequests("Q0RSSkYzWUI3");
  const key = await payple.lookupBillingKey("d0toSS9sT084bVJSNThScnFX");
  return {
    total: group.total,
    requests: group.requests.length,
    consistent: group.review.consistent,
    billingKey: key.type === "card" ? key.card.name : key.type,
    error: await refused(payple),
  };
}

async function refused(payple: PaypleClient): Promise<Report["error"]> {
  try {
    await payple.lookupPayoutRequests("NO_SUCH_GROUP");
  } catch (error) {
    if (!(error instanceof PaypleError)) throw error;
    return { kind: error.kind, code: error.code, isError: error instanceof Error };
  }
  throw new Error("an unknown group was found");
}
