// What the sources of the npm package export is what its declarations say. `tsc` checks it; nothing
// runs.

import * as client from "../../src/npm/js/client.mjs";
import type * as said from "../../src/npm/js/index.js";
import * as page from "../../src/npm/js/page.mjs";

// Which fields an error has depends on its kind, which one class cannot say.
type Said = Omit<typeof said, "PaypleError"> & Record<"PaypleError", unknown>;

client satisfies Said;
page satisfies Record<keyof Said, unknown>;
