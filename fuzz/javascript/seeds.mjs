// What the fuzzer begins with: real cells, lists, workbooks and records. `node
// fuzz/javascript/seeds.mjs FOLDER` writes them, a folder for each target.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { main } from "../../pkg-scripts/common/program.mjs";

/**
 * An entry of the access record, read by the names of its columns.
 * @typedef {import("../../www/src/records/verify.ts").Entry & Record<string, unknown>} RecordEntry
 */

const AMOUNTS = [
  ...[
    "77,000",
    "₩77,000",
    "77,000원",
    "금77,000원정",
    "７７０００",
    "1,000.00",
    "KRW 5000 won",
    "'5000",
  ],
  ...[
    "1.000",
    "1.234.567,00",
    "1.5E+07",
    "1,2e+03",
    "오백만원",
    "5백만",
    "1억2,000만원",
    "일억이천삼백사십오만",
  ],
  ...[
    "(5,000)",
    "-1.000",
    "△300",
    "10.5",
    "#REF!",
    "=SUM(A1)",
    "1000①",
    "12 000",
    "9007199254740993",
  ],
];

const LISTS = [
  "빌링키,적요,금액\nA,가,1000\nB,나,2000\n합계,,3000\n",
  "금액\r\n1,000\r\n2000",
  "A\t1,500\nB\t2,500\n",
  "A;1,000;x\nB;2,000;y",
  '"a ""b"" c",5000\n"d\ne",6000\n',
  "제목\n\n빌링키|지급액(원)|비고\nA|5백만|x\nB|1.000|y\n소계||5\nC|7|z\n총계||12",
  "홍길동 정산,a087eaf3-00b3-49c9-8706-c4ebfb2627f1,1000\n김철수 정산,a087eaf3-00b3-49c9-8706-c4ebfb2627f2,2000",
];

/** Cells of each kind, in a workbook of their own. */
const DECISIONS = Array.from({ length: 9 }, (_, kind) =>
  Buffer.from([
    1,
    1,
    1,
    1,
    kind,
    1,
    ...Buffer.from("77000.5\0"),
    1,
    1,
    1,
    8 - kind,
    1,
    ...Buffer.from("1 가\0"),
  ]),
);

main(import.meta, async () => {
  const [folder] = process.argv.slice(2);
  for (const [target, inputs] of Object.entries(await seeds())) {
    mkdirSync(join(folder, target), { recursive: true });
    for (const [n, input] of inputs.entries())
      writeFileSync(join(folder, target, `seed-${n}`), input);
  }
});

async function seeds() {
  /** @param {string} name */
  const sheet = (name) => readFileSync(join(root, "tests/page/sheets", name));
  // Of the real lists the head and the foot: the fuzzer is to change what matters.
  /** @param {Buffer} bytes */
  const short = (bytes) => Buffer.concat([bytes.subarray(0, 500), bytes.subarray(-80)]);
  const files = [
    "payments-utf8.csv",
    "payments-cp949.csv",
    "payments-clipboard.tsv",
    "formulas.csv",
  ];
  const utf16 = Buffer.from(`\ufeff${LISTS[0]}`, "utf16le");
  return {
    amount: AMOUNTS,
    list: [...LISTS, utf16, ...files.map((name) => short(sheet(name)))],
    "billing-keys": [
      "\0d0toSS9sT084bVJSNThScnFX\r\n홍길동\nhong@example.com\n1.2E+15",
      "\0이름,빌링키\n홍길동,NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09\n,\n최,'a1B2c3D4e5F6",
      ...Array.from({ length: 8 }, (_, n) => Buffer.from(`\x01${n}23456789abcdefgh`)),
    ],
    "csv-writer": ["\x02\x02=1+1\0\x03가나\0\x00\x85\x03", "\x03\x01\x02\0\x02007\0\x04'=x\0"],
    expectation: Array.from({ length: 24 }, (_, n) =>
      Buffer.from([1, 2, 0, 0x37, 0, n, 1, 0x35, 0, n, 1, 2, 1, 2, 3, 0x37, 0, n, 0, 0x41, 0, 0]),
    ),
    growth: [..."(1 ,\t\"'=-0.<&;|\\{[:합만"].flatMap((piece) =>
      Array.from({ length: 8 }, (_, reader) => {
        const before = [
          "",
          "",
          "",
          "",
          "",
          '{"records":',
          "<worksheet><sheetData><row><c ",
          "<sst><si>",
        ][reader];
        return Buffer.from(`${String.fromCharCode(reader)}${before}\0${piece}\0x`);
      }),
    ),
    "record-file": recordFiles(),
    workbook: [...workbooks(sheet), ...DECISIONS],
  };
}

/**
 * Real workbooks with what is read of them alone, and few rows; uncompressed, so that the fuzzer
 * changes XML.
 * @param {(name: string) => Buffer} sheet
 */
function workbooks(sheet) {
  return ["keys.xlsx", "odd.xlsx", "payments.xlsx"].flatMap((name) => {
    const files = unzipSync(sheet(name), {
      filter: (file) => /^xl\/(workbook|_rels|sharedStrings|styles|worksheets)/.test(file.name),
    });
    for (const [path, bytes] of Object.entries(files))
      files[path] = strToU8(shorter(strFromU8(bytes)));
    return [zipSync(files, { level: 0 }), zipSync(files, { level: 9 })];
  });
}

/** @param {string} xml */
function shorter(xml) {
  const lists = ["row", "si", "xf", "fill", "font", "border", "dxf", "cellStyle", "col"];
  return lists.reduce((text, name) => {
    let kept = 0;
    const item = new RegExp(`<${name}( [^>]*)?(/>|>.*?</${name}>)`, "gs");
    const most = name === "row" ? 6 : name === "si" ? 20 : name === "xf" ? 12 : 1;
    return text.replace(item, (all) => (++kept > most ? "" : all));
  }, xml);
}

/**
 * The vectors as a downloaded file, as a table and as the archive has them; small ones change
 * sooner.
 */
function recordFiles() {
  const { entries } = JSON.parse(
    readFileSync(join(root, "docs/access-record-vectors.json"), "utf8"),
  );
  /** @type {RecordEntry[]} */
  const records = entries.map((/** @type {{ entry: RecordEntry }} */ { entry }) => entry);
  /** @param {RecordEntry} entry */
  const link = ({ sequence, hash }) => ({ sequence, hash });
  /** @param {number} from @param {number} to */
  const archive = (from, to) => {
    const anchor = { sequence: from, hash: records[from].previous };
    const lines = [{ anchor }, ...records.slice(from, to), { head: link(records[to - 1]) }];
    return lines.map((line) => JSON.stringify(line)).join("\n");
  };
  /** @param {unknown} value */
  const cell = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  /** @param {RecordEntry[]} rows */
  const table = (rows) =>
    [RECORD_COLUMNS.join(","), ...rows.map((row) => RECORD_COLUMNS.map((name) => cell(row[name])))]
      .map((line) => `${line}\r\n`)
      .join("");
  return [
    ...[JSON.stringify({ records: records.slice(0, 1) }), JSON.stringify({ records, chains: [] })],
    // As the page saves it: headings in Korean, and formulas for what a spreadsheet would spoil.
    table(records)
      .replace(/^.*/, RECORD_COLUMNS.map((name) => `열(${name})`).join(","))
      .replaceAll('"203.0.113.7"', '"=""203.0.113.7"""'),
    ...[`\ufeff${table(records)}`, table(records.slice(0, 1)), archive(0, 1), archive(0, 4)],
  ];
}

/** As the Worker writes them (src/worker/records/reading.rs). */
const RECORD_COLUMNS = [
  ...["chain", "sequence", "at", "who", "method", "address", "task", "subjectText", "outcome"],
  ...[
    "rows",
    "reasonText",
    "requestId",
    "subject",
    "subjectHash",
    "key",
    "reason",
    "previous",
    "hash",
  ],
];
