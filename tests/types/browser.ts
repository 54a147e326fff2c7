// What the sources of `payple-edge/browser` export is what its declarations say. `tsc` checks it;
// nothing runs.

import type * as said from "../../src/browser/js/index.js";
import * as made from "../../src/browser/js/index.mjs";

type Said = Omit<typeof said, "PaypleError"> & Record<"PaypleError", unknown>;

made satisfies Said;
