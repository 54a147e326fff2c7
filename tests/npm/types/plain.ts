// Compiled, never run: all entries without the DOM's types and without Node's.
import { type AbortSignalLike, PaypleClient, PaypleError } from "payple-edge";
import { EdgeClient } from "payple-edge/browser";
import { mockPayple, startSandbox } from "payple-edge/sandbox";

declare const signal: AbortSignalLike;

const client = new PaypleClient({
  environment: "test",
  cstId: "a",
  custKey: "b",
  fetch: async (url, { method, headers, body }) => ({
    status: url.length + method.length + body.length,
    headers: { get: (name) => headers[name] ?? null },
    arrayBuffer: async () => new ArrayBuffer(0),
  }),
});
void client.lookupBillingKey("k", { signal });
void new EdgeClient({ headers: { "x-tenant": "a" } }).lookupBillingKey("k", { signal });
void new EdgeClient({ headers: [["x-tenant", "a"]] });
void new EdgeClient({ headers: new Map([["x-tenant", "a"]]) });
void [PaypleError, mockPayple, startSandbox];
