// The table of requests as a CSV file.

import { requestTime } from "../format";
import { t } from "../text";
import type { Row } from "./rows";

export function linesOf(rows: Row[]): (string | number)[][] {
  const { columns } = t.value.table;
  const { kinds } = t.value.findings;
  const head = [
    columns.order,
    columns.requestedAt,
    columns.recipient,
    columns.printContent,
    columns.subId,
    columns.amount,
    columns.remainingLimit,
    columns.partner,
    columns.groupKey,
    columns.marks,
  ];
  const lines = rows.map(({ index, request, findings }) => [
    index + 1,
    requestTime(request),
    request.billingTranId,
    request.printContent ?? "",
    request.subId ?? "",
    request.amount,
    request.remainingLimit,
    request.cstId,
    request.groupKey,
    findings.map(({ kind }) => kinds[kind] ?? kind).join(", "),
  ]);
  return [head, ...lines];
}
