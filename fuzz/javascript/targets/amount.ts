// One cell as an amount: exact, a question with an exact proposal, or no amount.

import { type AmountFault, amountOf } from "../../../www/src/expect/amount";
import { must } from "../oracle/finding";
import { mustBeMeant, mustBeWritten } from "../oracle/won";

export function fuzz(data: Uint8Array) {
  const cell = new TextDecoder().decode(data);
  const read = amountOf(cell);
  if (typeof read === "number") mustBeWritten(cell, read);
  else if (typeof read === "string") must(FAULTS.includes(read), "an unknown fault", cell, read);
  else if (read.suggestion !== undefined) mustBeMeant(cell, read.asks, read.suggestion);
}

const FAULTS: AmountFault[] = [
  ...(["empty", "formula", "sheetError", "negative", "fraction"] as const),
  ...(["zero", "tooLarge", "noNumber"] as const),
];
