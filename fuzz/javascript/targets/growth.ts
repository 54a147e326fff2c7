// What is long takes no longer than its length: a text is made of a piece many times over, and
// given to each of the readers. A cell of a file that somebody sends must not freeze a page.

import { strToU8 } from "fflate";
import { keyColumnOf, keysInColumn, keysInText } from "../../../www/src/billing/keys";
import { amountOf } from "../../../www/src/expect/amount";
import { layoutOf } from "../../../www/src/expect/columns";
import { paymentsOf } from "../../../www/src/expect/payments";
import { csv, unguarded } from "../../../www/src/files/csv";
import { decode, readText, SheetError } from "../../../www/src/files/sheet";
import { readWorkbook, WorkbookError } from "../../../www/src/files/workbook";
import { visible } from "../../../www/src/format";
import { FormError, parseRecordFile, verify } from "../../../www/src/records/verify";
import { must } from "../oracle/finding";
import { Input } from "../oracle/input";
import { partsOf } from "../oracle/workbook";

export async function fuzz(data: Uint8Array) {
  const input = new Input(data);
  const reader = input.oneOf(READERS);
  const [before, piece, after] = [input.text(40), input.text(20), input.text(40)];
  if (piece === "") return;
  const text = before + piece.repeat(Math.ceil(LENGTH / piece.length)) + after;
  // Time on the processor: others may be at work on the machine.
  const from = process.cpuUsage();
  try {
    await reader(text);
  } catch (error) {
    const isOurs = [SheetError, WorkbookError, FormError].some((each) => error instanceof each);
    if (!isOurs) throw error;
  }
  const { user, system } = process.cpuUsage(from);
  must((user + system) / 1e6 < MOST_SECONDS, "too slow", reader.name, before, piece, after);
}

const READERS = [
  function amount(text: string) {
    amountOf(text);
  },
  function payments(text: string) {
    const rows = [
      ["빌링키", "적요", "금액"],
      ["A", text, "1000"],
      [text, "B", text],
      ["", text, "1000"],
    ].map((cells, at) => ({ line: at + 1, cells }));
    const layout = layoutOf(rows);
    paymentsOf(rows, layout, layout.columns);
    layoutOf(rows.slice(1));
  },
  function keys(text: string) {
    keysInText(text);
    const rows = [
      { line: 1, cells: [text] },
      { line: 2, cells: [text, "x"] },
    ];
    keyColumnOf(rows);
    keysInColumn(rows, -1, 0);
  },
  function cell(text: string) {
    unguarded(csv([[text]]));
    unguarded(text);
    visible(text);
  },
  async function list(text: string) {
    const rows = await readText(decode(strToU8(text)).text);
    const layout = layoutOf(rows);
    paymentsOf(rows, layout, layout.columns);
    keyColumnOf(rows);
  },
  async function record(text: string) {
    await verify(parseRecordFile(text));
  },
  async function sheet(text: string) {
    await readWorkbook(partsOf({ "xl/worksheets/sheet1.xml": text }));
  },
  async function strings(text: string) {
    await readWorkbook(partsOf({ "xl/sharedStrings.xml": text, "xl/styles.xml": text }));
  },
];

const LENGTH = 60_000;
/** A hundred times what it takes; what grows with the square takes more. */
const MOST_SECONDS = 1.5;
