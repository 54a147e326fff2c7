// How long it takes to import a package in a process of its own, until it can be used. Run by
// bench.mjs: `import.mjs <ours|zod>` prints milliseconds.

/** @type {Record<string, () => Promise<void>>} */
const ENTRIES = {
  ours: async () => {
    const { PaypleClient } = await import("../../dist/npm/index.mjs");
    new PaypleClient({ environment: "test", cstId: "test", custKey: "abcd1234567890" });
  },
  zod: async () => {
    const { z } = await import("zod");
    z.object({ amount: z.number() });
  },
};

const startedAt = performance.now();
await ENTRIES[process.argv[2]]();
process.stdout.write(String(performance.now() - startedAt));
