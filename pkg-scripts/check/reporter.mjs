// A reporter for Node's test runner: each test that has ended as a line of JSON, for
// node-tests.mjs.

/** @param {AsyncIterable<import("node:test/reporters").TestEvent>} events */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details.type === "suite") continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    const passed = type === "test:pass";
    yield `${JSON.stringify({
      name: data.name,
      ms: Math.round(data.details.duration_ms),
      outcome: isSkipped ? "skipped" : passed ? "passed" : "failed",
    })}\n`;
  }
}
