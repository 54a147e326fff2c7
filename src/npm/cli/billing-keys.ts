// `payple-edge billing-keys`: what is behind one billing key or thousands, at a pace that Payple
// bears.

import type { BillingKey, BillingKeyResult, PaypleError } from "payple-edge";
import { csv } from "../../../www/src/files/csv";
import { masked } from "../../../www/src/format";
import { asPaypleError, clientFrom, tellFailure } from "./client.js";
import { type Command, EXIT, numberOf, readArguments, UsageError } from "./command.js";
import { readKeys } from "./keys.js";
import { type Language, languageOf, wordsIn } from "./language.js";
import { hiddenTold, ListError } from "./list.js";
import { shown, terminal } from "./terminal.js";

const OPTIONS = {
  file: { type: "string" },
  sheet: { type: "string" },
  column: { type: "string" },
  concurrency: { type: "string" },
  "per-second": { type: "string" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
} as const;

export const billingKeys: Command = {
  summary: {
    en: "looks up what is behind billing keys",
    ko: "빌링키에 등록된 카드·계좌 조회",
  },
  usage: {
    en: `payple-edge billing-keys <payerId…> [options]
payple-edge billing-keys --file keys.txt [options]

  --file FILE         keys, one a line, or a table with a column for them (CSV, TSV, xlsx); - reads stdin
  --sheet NAME        the sheet of a workbook
  --column NAME       the column with the keys
  --concurrency N     how many look-ups are under way at most (4)
  --per-second N      how many are begun a second at most (5)
  --json              {"results": […]} on stdout
  --csv               a table on stdout that Excel opens

The summary shows keys shortened; --json and --csv show them whole.`,
    ko: `payple-edge billing-keys <빌링키…> [옵션]
payple-edge billing-keys --file keys.txt [옵션]

  --file FILE         한 줄에 키 하나씩 적은 파일, 또는 빌링키 열이 있는 표(CSV, TSV, xlsx). -는 표준 입력
  --sheet NAME        엑셀 파일의 시트 이름
  --column NAME       빌링키가 있는 열의 이름
  --concurrency N     동시에 진행할 최대 조회 수(4)
  --per-second N      초당 시작할 최대 조회 수(5)
  --json              {"results": […]} 형식으로 출력
  --csv               엑셀에서 열 수 있는 표로 출력

요약에는 키의 일부만 표시됩니다. --json과 --csv에는 전체가 표시됩니다.`,
  },

  async run(args) {
    const language = languageOf(process.env);
    const { values, positionals } = readArguments(args, OPTIONS);
    const { file } = values;
    if ((file === undefined) === (positionals.length === 0))
      throw new UsageError("billing keys are needed, as arguments or by --file, not both");
    if (values.json && values.csv) throw new UsageError("--json or --csv, not both");
    for (const name of ["sheet", "column"] as const)
      if (values[name] !== undefined && file === undefined)
        throw new UsageError(`--${name} needs --file`);
    const concurrency = numberOf("concurrency", values.concurrency, { least: 1, most: 100 });
    const perSecond = numberOf("per-second", values["per-second"], { least: 1 });
    const pace = {
      ...(concurrency !== undefined && { concurrency }),
      ...(perSecond !== undefined && { perSecond }),
    };

    let keys = [...new Set(positionals)];
    let repeated = positionals.length - keys.length;
    try {
      if (file !== undefined) {
        const { sheet, column } = values;
        const found = await readKeys(file, { sheet, column, language });
        keys = found.keys.map(({ key }) => key);
        repeated = found.repeated;
        if (found.hidden.length > 0) {
          const { title } = wordsIn(language).billing.file.hidden;
          terminal.tell(`${title(found.hidden.length)}: ${hiddenTold(found.hidden, language)}`);
        }
      }
      if (keys.length === 0) throw new ListError(`${file}: ${NO_KEY[language]}`);
    } catch (error) {
      if (!(error instanceof ListError)) throw error;
      terminal.tell(`payple-edge billing-keys: ${error.message}`);
      return EXIT.notMade;
    }
    if (repeated > 0) terminal.tell(REPEATED[language](repeated));

    const { results, end } = await lookUp(keys, pace, language);
    terminal.print(
      values.json
        ? JSON.stringify({ results, ...(end && { error: end }) }, null, 2)
        : values.csv
          ? csv(tableOf(results)).trimEnd()
          : summaryOf(results, keys.length, language),
    );
    if (end?.kind === "aborted")
      terminal.tell(`payple-edge billing-keys: ${STOPPED[language](String(end.cause))}`);
    else if (end !== undefined) tellFailure("billing-keys", end, language);
    const has = (status: BillingKeyResult["status"]) =>
      results.some((result) => result.status === status);
    if (end !== undefined || has("failed")) return EXIT.notMade;
    return has("not_registered") ? EXIT.found : EXIT.ok;
  },
};

/** The results in the order of the keys, and why there are no more of them. */
async function lookUp(
  keys: string[],
  pace: { concurrency?: number; perSecond?: number },
  language: Language,
) {
  const results: BillingKeyResult[] = [];
  let end: PaypleError | undefined;
  const controller = new AbortController();
  // What is known by then is printed. A second signal ends the process at once.
  const stop = (signal: NodeJS.Signals) => controller.abort(signal);
  for (const signal of STOPS) process.once(signal, stop);
  try {
    const client = await clientFrom(process.env);
    const { signal } = controller;
    for await (const result of client.lookupBillingKeys(keys, { ...pace, signal })) {
      results.push(result);
      terminal.progress(PROGRESS[language](results.length, keys.length));
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    end = asPaypleError(error);
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
    terminal.endProgress();
  }
  return { results: results.sort((one, other) => one.index - other.index), end };
}

function summaryOf(results: BillingKeyResult[], asked: number, language: Language): string {
  const lines = results.map((result) => `${lineOf(result, language)}`);
  const count = (status: BillingKeyResult["status"]) =>
    results.filter((result) => result.status === status).length;
  const tally = TALLY[language](
    asked,
    count("registered"),
    count("not_registered"),
    count("failed"),
    asked - results.length,
  );
  return [...lines, ...(lines.length > 0 ? [""] : []), tally].join("\n");
}

function lineOf(result: BillingKeyResult, language: Language): string {
  const { index, payerId } = result;
  const key = `${String(index + 1).padStart(4)}  ${shown(masked(payerId)).padEnd(10)}`;
  if (result.status === "registered") {
    const { name, number } = instrumentOf(result.billingKey);
    const owner = result.billingKey.ownerType ?? "";
    return `✓ ${key}  ${shown([name, number, owner].filter(Boolean).join(" "))}`;
  }
  if (result.status === "not_registered")
    return `✗ ${key}  ${NOT_REGISTERED[language]} [${shown(result.code)}] ${shown(result.message)}`;
  const { kind, code, message } = result.error;
  return `? ${key}  ${kind}${code ? ` [${shown(code)}]` : ""} ${shown(message)}`;
}

function tableOf(results: BillingKeyResult[]): (string | number)[][] {
  const rows = results.map((result) => {
    const { index, payerId, status } = result;
    const common = [index + 1, payerId, status];
    if (result.status !== "registered") {
      const { code, message } = result.status === "failed" ? result.error : result;
      const kind = result.status === "failed" ? result.error.kind : "";
      return [...common, "", "", "", "", "", "", "", kind, code ?? "", message];
    }
    const { billingKey } = result;
    const { type, ownerType, payerName, payerPhone, code, message } = billingKey;
    const instrument = instrumentOf(billingKey);
    const person = [ownerType, payerName, payerPhone].map((text) => text ?? "");
    const { code: issuer, name, number } = instrument;
    return [...common, type, issuer, name, number, ...person, "", code, message];
  });
  return [COLUMNS, ...rows];
}

function instrumentOf(billingKey: BillingKey): { code: string; name: string; number: string } {
  if (billingKey.type === "card") return billingKey.card;
  if (billingKey.type === "transfer") return billingKey.bank;
  return { code: "", name: billingKey.rawType, number: "" };
}

const keysInEnglish = (n: number) => `${n} billing ${n === 1 ? "key" : "keys"}`;
const COLUMNS = [
  "no",
  "payer_id",
  "status",
  "type",
  "issuer_code",
  "issuer",
  "number",
  "owner_type",
  "payer_name",
  "payer_phone",
  "error_kind",
  "code",
  "message",
];
const NO_KEY = { en: "there is no billing key in it", ko: "빌링키가 없습니다" };
const PROGRESS = {
  en: (done: number, all: number) => `billing keys: ${done} of ${all}`,
  ko: (done: number, all: number) => `빌링키 ${all}개 중 ${done}개 조회`,
};
const REPEATED = {
  en: (n: number) =>
    `${keysInEnglish(n)} ${n === 1 ? "is" : "are"} left out as repeated: each key is looked up once.`,
  ko: (n: number) => `중복된 빌링키 ${n}개는 한 번만 조회합니다.`,
};
/** From the keyboard, from a supervisor or a time limit, and from a terminal that is gone. */
const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const STOPPED = {
  en: (signal: string) => `stopped by ${signal === "SIGINT" ? "Ctrl-C" : signal}`,
  ko: (signal: string) => `${signal === "SIGINT" ? "Ctrl-C" : signal} 신호로 중지했습니다`,
};
const NOT_REGISTERED = { en: "not registered", ko: "등록되지 않음" };
const TALLY = {
  en: (all: number, registered: number, missing: number, failed: number, left: number) =>
    `${keysInEnglish(all)}: ${registered} registered, ${missing} not registered, ${failed} failed${left ? `, ${left} not looked up` : ""}`,
  ko: (all: number, registered: number, missing: number, failed: number, left: number) =>
    `빌링키 ${all}개: 등록 ${registered}, 미등록 ${missing}, 조회 실패 ${failed}${left ? `, 조회하지 않음 ${left}` : ""}`,
};
