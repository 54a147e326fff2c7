// The entries of a search as a CSV file that a spreadsheet opens and the verifier reads.

import type { AccessRecord } from "payple-edge/browser";
import { download } from "../files/download";
import { handOver } from "../files/hand-over";
import { announce } from "../parts/announce";
import { methodOf, outcomeOf, taskOf } from "./in-words";
import { entries, readAll } from "./state";
import { words } from "./text";

/** All of them, whatever of them is in the list by now. */
export async function takeOut() {
  if (!(await readAll())) return;
  const all = entries.peek();
  handOver({ action: "export", accessRecord: true, rows: all.length }, () => {
    download("access-records", linesOf(all));
    announce(words.peek().saved(all.length));
  });
}

/** For a reader first; behind it what the hash of each entry covers, its field in brackets. */
function linesOf(records: readonly AccessRecord[]): (string | number)[][] {
  const { columns, fields, file } = words.peek();
  const head = [
    `${columns.at} (at)`,
    `${columns.who} (who)`,
    columns.task,
    `${columns.subject} (subjectText)`,
    columns.outcome,
    `${columns.rows} (rows)`,
    `${columns.address} (address)`,
    `${columns.reason} (reasonText)`,
    fields.method,
    `${fields.chain} (chain)`,
    `${fields.sequence} (sequence)`,
    ...["task", "outcome", "method"].map((name) => `${file.code} (${name})`),
    `${fields.requestId} (requestId)`,
    `${file.sealed} (subject)`,
    `${file.searched} (subjectHash)`,
    `${fields.key} (key)`,
    `${file.sealed} (reason)`,
    `${fields.previous} (previous)`,
    `${fields.hash} (hash)`,
  ];
  const lines = records.map((record) => [
    record.at,
    record.who,
    taskOf(record.task),
    record.subjectText ?? "",
    outcomeOf(record.outcome),
    record.rows ?? "",
    record.address,
    record.reasonText ?? "",
    methodOf(record.method),
    record.chain,
    record.sequence,
    record.task,
    record.outcome,
    record.method,
    record.requestId,
    record.subject ?? "",
    record.subjectHash ?? "",
    record.key ?? "",
    record.reason ?? "",
    record.previous,
    record.hash,
  ]);
  return [head, ...lines];
}
