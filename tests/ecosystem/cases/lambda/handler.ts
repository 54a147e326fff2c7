// A Lambda's handler, bundled into one file as Lambda has no node_modules.

import { ask } from "./ask.js";
import { tell } from "./report.js";

export async function handler(): Promise<void> {
  tell(await ask(process.env["SANDBOX"]!));
}
