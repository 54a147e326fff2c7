// The package in a test, against the sandbox.

import { test } from "vitest";
import { ask } from "./ask.js";
import { tell } from "./report.js";

test("both look-ups and an error", async () => {
  tell(await ask(process.env["SANDBOX"]!));
});
