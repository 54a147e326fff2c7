// Where things are in this checkout.

import { dirname, join } from "node:path";

/** The checkout's folder. */
export const root = dirname(dirname(import.meta.dirname));

/** Everything that is made, and may be deleted at any time, lives here. */
export const target = join(root, "target");
