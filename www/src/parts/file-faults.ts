// Why a file was not read, in words.

import type { FileFault } from "../files/intake";
import { t } from "../text";

export function faultInWords(fault: FileFault): string {
  const { faults } = t.value.expect;
  return fault.is === "quotes" ? faults.quotes(fault.line) : faults[fault.is];
}

/** What a file chooser offers. By name and by type: what a phone's goes by differs. */
export const ACCEPTED = [
  ".xlsx",
  ".csv",
  ".tsv",
  ".txt",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "text/csv",
  "text/tab-separated-values",
  "text/plain",
].join();
