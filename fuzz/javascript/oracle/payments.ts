// What is made of the rows of a list: every amount stands in its row, no row is lost, and what is
// passed over as a sum is one.

import { amountOf } from "../../../www/src/expect/amount";
import { type Columns, layoutOf } from "../../../www/src/expect/columns";
import { paymentsOf } from "../../../www/src/expect/payments";
import type { SheetRow } from "../../../www/src/files/sheet-row";
import { must } from "./finding";
import { mustBeWritten } from "./won";

/** As it is proposed, and with each of the first columns taken for the amount. */
export function mustBeAccounted(rows: SheetRow[]) {
  const layout = layoutOf(rows);
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  for (const [role, at] of Object.entries(layout.columns))
    must(at >= 0 && at < width, "a column is outside the sheet", role, at);
  mustAddUp(rows, layout.header, layout.columns);
  for (let amount = 0; amount < Math.min(width, 3); amount += 1)
    mustAddUp(rows, layout.header, { ...layout.columns, amount });
}

function mustAddUp(rows: SheetRow[], header: number, columns: Columns) {
  const { payments, total, skipped } = paymentsOf(
    rows,
    { header, names: [], columns, shared: [], guessed: [] },
    columns,
  );
  const paid = new Map(payments.map((payment) => [payment.line, payment.request]));
  const left = new Map(skipped.map((each) => [each.line, each]));
  must(
    paid.size + left.size === payments.length + skipped.length,
    "a row is there twice",
    payments,
    skipped,
  );
  let [sum, all, part] = [0n, 0n, 0n];
  for (const [at, { line, cells }] of rows.entries()) {
    const isLastBlank = at === rows.length - 1 && cells.every((cell) => cell.trim() === "");
    if (at === header || isLastBlank) continue;
    const [request, skip] = [paid.get(line), left.get(line)];
    must(
      (request === undefined) !== (skip === undefined),
      "a row is lost or there twice",
      line,
      cells,
    );
    const cell = cells[columns.amount ?? -1] ?? "";
    if (request) {
      mustBeWritten(cell, request.amount);
      sum += BigInt(request.amount);
      for (const text of [request.billingTranId, request.subId, request.printContent])
        must(
          !text || cells.some((each) => visible(each).includes(text)),
          "a text is not in its row",
          text,
          cells,
        );
    }
    const listed = request?.amount ?? (skip?.reason === "beyondSum" ? skip.amount : undefined);
    all += BigInt(listed ?? 0);
    part += BigInt(listed ?? 0);
    if (skip?.reason === "sumRow" || skip?.reason === "sumWithoutLabel") {
      const { amount } = skip;
      const isSum = amount !== undefined && (BigInt(amount) === all || BigInt(amount) === part);
      if (amount !== undefined)
        must(isSum, "what is passed over is no sum", cells, `${all} ${part}`);
      if (isSum) part = 0n;
    }
    if (skip && at > header && typeof amountOf(cell.trim()) === "number")
      must(EXPLAINED.includes(skip.reason), "an amount is passed over", skip, cells);
  }
  must(BigInt(total) === sum, "the total is another one", total, sum);
}

/** Without what nobody sees, which is no part of a key. */
function visible(cell: string) {
  return cell.replace(/[\u200b-\u200d\u2060\ufeff]/g, "");
}

const EXPLAINED = ["sumRow", "sumWithoutLabel", "sumDiffers", "spoiltKey", "beyondSum"];
