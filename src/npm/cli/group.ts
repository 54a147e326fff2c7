// `payple-edge group`: the last check of a payout group before money moves, as a gate in a script.

import type { Finding, MatchBy, PayoutExpectation, PayoutRequestGroup } from "payple-edge";
import { won } from "../../../www/src/format";
import { asPaypleError, clientFrom, tellFailure } from "./client.js";
import { type Command, EXIT, numberOf, readArguments, UsageError } from "./command.js";
import { type Language, languageOf, wordsIn } from "./language.js";
import { hiddenTold, keyOf, type List, ListError, MATCH_BY, readList } from "./list.js";
import { shown, terminal } from "./terminal.js";

const OPTIONS = {
  expect: { type: "string" },
  sheet: { type: "string" },
  "match-by": { type: "string" },
  total: { type: "string" },
  count: { type: "string" },
  fingerprint: { type: "string" },
  json: { type: "boolean" },
} as const;

export const group: Command = {
  summary: {
    en: "reviews the payout requests of a group, and compares them with your list",
    ko: "그룹의 지급이체 요청을 점검하고 예정 목록과 대조",
  },
  usage: {
    en: `payple-edge group <groupKey> [options]

  --expect FILE       what you mean to pay: xlsx, CSV or TSV; - reads stdin
  --sheet NAME        the sheet of a workbook
  --match-by KEY      ${MATCH_BY.join(", ")}
  --total N           the total that you expect, in won
  --count N           the number of requests that you expect
  --fingerprint V     the fingerprint of the group as it was approved
  --json              the group and its review as JSON on stdout

A group without requests is a finding (1), unless --total 0, --count 0 or a fingerprint expects it.`,
    ko: `payple-edge group <그룹 키> [옵션]

  --expect FILE       지급 예정 목록 파일(xlsx, CSV, TSV). -는 표준 입력
  --sheet NAME        엑셀 파일의 시트 이름
  --match-by KEY      대조 기준: ${MATCH_BY.join(", ")}
  --total N           예정 총액(원)
  --count N           예정 건수
  --fingerprint V     승인받을 때의 검증값
  --json              그룹과 점검 결과를 JSON으로 출력

대기 중인 요청이 없는 그룹은 종료 코드가 1입니다. --total 0, --count 0 또는 검증값으로 빈 그룹을 예상한 경우에만 0입니다.`,
  },

  async run(args) {
    const language = languageOf(process.env);
    const { values, positionals } = readArguments(args, OPTIONS);
    const [groupKey, ...more] = positionals;
    if (groupKey === undefined || more.length > 0)
      throw new UsageError("one group key is needed, and no more");
    const matchBy = matchByOf(values["match-by"]);
    for (const name of ["sheet", "match-by"] as const)
      if (values[name] !== undefined && values.expect === undefined)
        throw new UsageError(`--${name} needs --expect`);
    const client = await made("group", language, () => clientFrom(process.env));
    if (client === undefined) return EXIT.notMade;

    let list: List | undefined;
    const expect: PayoutExpectation = {};
    try {
      if (values.expect !== undefined) {
        list = await readList(values.expect, { sheet: values.sheet, language });
        expect.requests = list.requests;
        tellHidden(list, language);
        expect.matchBy = keyOf(list, matchBy, language);
      }
    } catch (error) {
      if (!(error instanceof ListError)) throw error;
      terminal.tell(`payple-edge group: ${error.message}`);
      return EXIT.notMade;
    }
    const [total, count] = [numberOf("total", values.total), numberOf("count", values.count)];
    if (total !== undefined) expect.total = total;
    if (count !== undefined) expect.count = count;
    if (values.fingerprint !== undefined) expect.fingerprint = values.fingerprint;

    terminal.progress(language === "ko" ? "페이플에 조회하는 중…" : "asking Payple …");
    const options = Object.keys(expect).length > 0 ? { expect } : {};
    const found = await made("group", language, () =>
      client.lookupPayoutRequests(groupKey, options),
    );
    terminal.endProgress();
    if (found === undefined) return EXIT.notMade;
    terminal.print(values.json ? JSON.stringify(found, null, 2) : summaryOf(found, list, language));
    // Where a script goes on, there must be something to pay. Whoever expects nothing says so: an
    // expectation that an empty group meets is one of an empty group.
    const isEmptyUnasked = found.requests.length === 0 && Object.keys(expect).length === 0;
    if (isEmptyUnasked && values.json)
      terminal.tell(`payple-edge group: ${wordsIn(language).verdict.empty}`);
    return found.review.consistent && !isEmptyUnasked ? EXIT.ok : EXIT.found;
  },
};

/** What `act` comes to; of a failure is told why, and the rest is `undefined`. */
async function made<T>(command: string, language: Language, act: () => Promise<T>) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    tellFailure(command, asPaypleError(error), language);
    return undefined;
  }
}

/** What whoever looks at the list in a spreadsheet program does not see is compared as well. */
function tellHidden({ hidden }: List, language: Language) {
  if (hidden.length === 0) return;
  const sum = hidden.reduce((sum, { request }) => sum + Number(request.amount), 0);
  const { title } = wordsIn(language).expect.hiddenRows;
  terminal.tell(`${title(hidden.length, won(sum))} ${hiddenTold(hidden, language)}`);
}

function matchByOf(text: string | undefined): MatchBy | undefined {
  if (text === undefined) return undefined;
  const known = MATCH_BY.find((key) => key === text);
  if (known === undefined) throw new UsageError(`--match-by takes one of ${MATCH_BY.join(", ")}`);
  return known;
}

function summaryOf(group: PayoutRequestGroup, list: List | undefined, language: Language): string {
  const { review } = group;
  const words = wordsIn(language);
  const lines = [
    `${shown(group.groupKey)}`,
    `  ${words.totals.total}  ${won(review.computedTotal)}   ${words.totals.count}  ${words.totals.requests(review.computedCount)}`,
    `  ${group.fingerprint}`,
  ];
  if (list !== undefined && review.expectation !== undefined)
    lines.push("", ...comparisonOf(group, list, language));
  if (review.findings.length > 0) lines.push("");
  for (const finding of review.findings) lines.push(...findingLines(finding, list, language));
  lines.push("", ...verdictOf(group, list, language));
  return lines.join("\n");
}

function comparisonOf(group: PayoutRequestGroup, list: List, language: Language): string[] {
  const words = wordsIn(language).expect;
  const { matchedBy, matched, missing, unexpected, different } = group.review.expectation!;
  const parts = [
    missing > 0 && words.parts.missing(missing),
    different > 0 && words.parts.different(different),
    unexpected > 0 && words.parts.unexpected(unexpected),
  ].filter((part) => part !== false);
  const sheet = list.sheet === undefined ? "" : ` (${words.sheet}: ${shown(list.sheet)})`;
  return [
    `  ${words.summary(list.payments.length, won(list.total))}${sheet}. ${words.basis[matchedBy ?? "amount"]}`,
    `  ${words.verdict(list.payments.length, matched, parts)}`,
  ];
}

function findingLines(finding: Finding, list: List | undefined, language: Language): string[] {
  const words = wordsIn(language);
  const mark = finding.severity === "error" ? "✗" : "!";
  const name = words.findings.kinds[finding.kind] ?? finding.kind;
  const message = language === "ko" ? finding.messageKo : finding.message;
  const places = [
    numbers(finding.rows, (row) => row + 1, ROWS[language]),
    numbers(
      finding.expectedRows,
      (row) => list?.payments[row]?.line ?? row + 1,
      list ? LINES[language] : ROWS_EXPECTED[language],
    ),
  ].filter((part) => part !== "");
  return [
    `  ${mark} ${name} [${finding.kind}]: ${shown(message)}`,
    ...places.map((place) => `      ${place}`),
  ];
}

function numbers(rows: number[] | undefined, number: (row: number) => number, name: string) {
  if (rows === undefined || rows.length === 0) return "";
  const first = rows.slice(0, MOST_SHOWN).map(number).join(", ");
  const more = rows.length - MOST_SHOWN;
  return `${name} ${first}${more > 0 ? ` … +${more}` : ""}`;
}

/** The page's verdict: good only for what was checked, with what was not. */
function verdictOf(group: PayoutRequestGroup, list: List | undefined, language: Language) {
  const words = wordsIn(language).verdict;
  const { findings, expectation } = group.review;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const doubts =
    list === undefined
      ? [words.notCompared]
      : expectation?.matchedBy === "amount"
        ? [words.doubts.amountOnly]
        : [];
  if (errors > 0) return [words.bad(errors), words.badWhy, ...doubts];
  if (group.requests.length === 0) return [words.empty, words.emptyWhy, ...doubts];
  if (findings.length > 0) return [words.notice(findings.length), words.noticeWhy, ...doubts];
  return [list === undefined ? words.good : words.goodCompared, ...doubts];
}

const MOST_SHOWN = 10;
const ROWS = { en: "requests", ko: "요청" };
const LINES = { en: "rows of the list", ko: "목록의 행" };
const ROWS_EXPECTED = { en: "expected requests", ko: "예정된 요청" };
