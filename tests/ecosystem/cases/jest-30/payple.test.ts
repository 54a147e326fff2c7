// The package in a test: the real one against the sandbox, and mocked.

import fetch from "cross-fetch";
import { PaypleClient, PaypleError } from "payple-edge";
import { ask } from "./ask.js";
import { tell } from "./report.js";

test("both look-ups and an error", async () => {
  // Jest's jsdom has no fetch.
  const hasFetch = typeof globalThis.fetch === "function";
  tell(await ask(process.env["SANDBOX"]!, hasFetch ? {} : { fetch }));
});

test("jest.mock finds the methods", () => {
  const mocked = jest.createMockFromModule<typeof import("payple-edge")>("payple-edge");
  const client = new mocked.PaypleClient({ environment: "test", cstId: "a", custKey: "b" });
  expect(jest.isMockFunction(client.lookupPayoutRequests)).toBe(true);
  expect(jest.isMockFunction(client.lookupBillingKey)).toBe(true);
});

test("an error of one's own for a test", () => {
  const error = new PaypleError({ kind: "timeout", message: "too late" });
  expect(error).toBeInstanceOf(PaypleError);
  expect(PaypleClient.name).toBe("PaypleClient");
});
