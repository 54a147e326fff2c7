// `npm run many-keys`: 2,000 billing keys from a file in a real browser, at the real pace: some
// seven minutes.
//
// The run must take no longer than the pace demands, each key must be asked for once, the page's
// memory must be flat (JavaScript's heap after 200, 1,000 and 2,000 keys), a stop in the middle
// must end the requests and lose nothing, and a retry must ask for the failed keys and no other.
// `--keys 400` is a shorter run. Result: target/many-keys.json.

import { commandLine, main, wholeNumber } from "../common/program.mjs";
import { chromium } from "../tools/chromium.mjs";
import { tellResult, underNode22 } from "./long-run.mjs";

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      keys: { type: "string", default: "2000" },
      here: { type: "boolean", default: false },
    },
  });
  const keys = wholeNumber("keys", values.keys, LEAST_KEYS);
  if (!values.here) return await underNode22(import.meta.filename, { env: await chromium() });
  const { lookUpManyKeys } = await import("../../tests/page/many-keys.mjs");
  tellResult("many-keys", await lookUpManyKeys(keys));
});

/** Two hundred of them are known to the sandbox; as many again are not. */
const LEAST_KEYS = 400;
