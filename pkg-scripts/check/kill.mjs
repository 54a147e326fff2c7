// `npm run kill`: 20,000 look-ups while workerd is killed with SIGKILL at random, with the access
// record on disk.
//
// Every answer that a caller has received must be on the record, no entry and no transaction may be
// there in part, and the chains must verify. `--lookups 1000` is a shorter run.
// Result: target/kill.json.

import { commandLine, main, say, wholeNumber } from "../common/program.mjs";
import { onLinuxAlone, tellResult, underNode22 } from "./long-run.mjs";

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      lookups: { type: "string", default: "20000" },
      here: { type: "boolean", default: false },
    },
  });
  const lookUps = wholeNumber("lookups", values.lookups);
  onLinuxAlone();
  if (!values.here) return await underNode22(import.meta.filename);
  // Node 20, which starts this, cannot read the TypeScript of the verifier.
  const { killAtRandom } = await import("../../tests/worker/killing.mjs");
  const result = await killAtRandom({ lookUps, between: 400, tell: say });
  tellResult("kill", result);
});
