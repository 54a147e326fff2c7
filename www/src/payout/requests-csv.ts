// The table of requests as a CSV file.

import { kst, requestTime } from "../format";
import { t } from "../text";
import { idOfFinding, type Mark, markOf } from "./marks";
import type { Row } from "./rows";

export function linesOf(groupKey: string, rows: Row[]): (string | number)[][] {
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
    ...t.value.marks.csvColumns,
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
    ...seenOf(findings.flatMap((finding) => markOf(idOfFinding(groupKey, finding)) ?? [])),
  ]);
  return [head, ...lines];
}

function seenOf(marks: Mark[]): [notes: string, times: string] {
  const notes = marks.map(({ note }) => note).filter(Boolean);
  return [notes.join(" / "), marks.map(({ at }) => kst(at)).join(", ")];
}
