// Compiled, never run: the same package from CommonJS.
import payple = require("payple-edge");
import opentelemetry = require("payple-edge/opentelemetry");
import sandbox = require("payple-edge/sandbox");

const client: payple.PaypleClient = new payple.PaypleClient({
  environment: "test",
  cstId: "a",
  custKey: "b",
});
client
  .lookupBillingKey("k")
  .catch((error: unknown) => error instanceof payple.PaypleError && error.kind === "timeout");
void [opentelemetry.instrumentClient, sandbox.startSandbox];
