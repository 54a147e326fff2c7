// Where a case that is no server tells what it got.

import { appendFileSync } from "node:fs";
import type { Report } from "./ask.js";

export function tell(report: Report): void {
  appendFileSync(process.env["REPORT"]!, `${JSON.stringify(report)}\n`);
}
