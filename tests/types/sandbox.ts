// What the sources of the sandbox export is what its declarations say. `tsc` checks it; nothing
// runs.

import type * as said from "../../sandbox/index.js";
import * as made from "../../sandbox/index.mjs";

made satisfies typeof said;
