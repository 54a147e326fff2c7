// An export of the test build alone: makes the module panic as a fault of ours would.

import { panicForTests } from "#glue";
import { enter } from "../../src/npm/js/module.mjs";

export const panic = () => enter(panicForTests);
