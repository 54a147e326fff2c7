// An export of the test build alone: makes the module panic as a fault of ours would.

import * as glue from "#glue";
import { enter } from "../../src/npm/js/module.mjs";

const { panicForTests } = /** @type {{ panicForTests(): void }} */ (/** @type {unknown} */ (glue));
export const panic = () => enter(panicForTests);
