// `payple-edge verify-record`: whether a file of the Worker's access record is whole, by its own
// hashes.

import { readFile } from "node:fs/promises";
import {
  type FaultKind,
  FormError,
  parseRecordFile,
  verify,
} from "../../../www/src/records/verify";
import { type Command, EXIT, readArguments, UsageError } from "./command.js";
import { type Language, languageOf } from "./language.js";
import { shown, terminal } from "./terminal.js";

export const verifyRecord: Command = {
  summary: {
    en: "checks a file of the Worker's access record",
    ko: "Worker 접속기록 파일이 변조되지 않았는지 검증",
  },
  usage: {
    en: "payple-edge verify-record FILE [--json]   (JSON or CSV as downloaded, or a file of the archive)",
    ko: "payple-edge verify-record FILE [--json]   (내려받은 JSON·CSV 파일 또는 보관 파일)",
  },
  async run(args) {
    const { values, positionals } = readArguments(args, { json: { type: "boolean" } });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError("one file must be given");
    const language = languageOf(process.env);
    let verdict: Awaited<ReturnType<typeof verify>>;
    try {
      verdict = await verify(parseRecordFile(await readFile(path, "utf8")));
    } catch (error) {
      const isOurs = error instanceof FormError || (error instanceof Error && "code" in error);
      if (!isOurs) throw error;
      terminal.tell(`payple-edge verify-record: ${path}: ${error.message}`);
      return EXIT.notMade;
    }
    const { faults, chains } = verdict;
    if (chains.length + faults.length === 0) {
      terminal.tell(`payple-edge verify-record: ${path}: ${EMPTY[language]}`);
      return EXIT.notMade;
    }
    if (values.json) {
      terminal.print(JSON.stringify(verdict, null, 2));
    } else {
      for (const { chain, from, to, count, hash } of chains)
        terminal.print(`${shown(chain)}  ${from}–${to}  (${count})  ${shown(hash)}`);
      // A file without entries says of none which chain it is.
      for (const { kind, chain, sequence } of faults)
        terminal.print(`✗ ${chain ? `${shown(chain)} ${sequence}: ` : ""}${KINDS[language][kind]}`);
      terminal.print(faults.length === 0 ? WHOLE[language] : BROKEN[language](faults.length));
    }
    return faults.length === 0 ? EXIT.ok : EXIT.found;
  },
};

const EMPTY = {
  en: "there is no entry in it, so that nothing was checked",
  ko: "항목이 없어 검증하지 않았습니다",
};
const WHOLE = {
  en: "✓ Nothing in this file was changed, removed or moved. Whether newer entries are missing, compare its last hash to know.",
  ko: "✓ 이 파일에서 바뀌거나 빠지거나 순서가 달라진 항목이 없습니다. 뒤의 항목이 빠졌는지는 마지막 해시를 비교해 확인하세요.",
};
const BROKEN = {
  en: (count: number) =>
    `✗ ${count} found. A file that was filtered by person, task or subject has gaps and cannot be checked as a whole.`,
  ko: (count: number) =>
    `✗ ${count}건을 발견했습니다. 사람, 업무, 정보주체로 걸러낸 파일은 번호가 이어지지 않아 전체를 검증할 수 없습니다.`,
};
const KINDS: Record<Language, Record<FaultKind, string>> = {
  en: {
    changed: "was changed: its hash is another one",
    missing: "entries before it are missing",
    unlinked: "does not follow the entry before it",
    reordered: "is not in its place",
    repeated: "is there twice",
    cut: "the file does not end where it says",
    noHead: "the last line of the file, which says where it ends, is missing",
  },
  ko: {
    changed: "내용이 바뀌었습니다(해시 불일치)",
    missing: "앞의 항목이 빠졌습니다",
    unlinked: "앞 항목과 이어지지 않습니다",
    reordered: "순서가 바뀌었습니다",
    repeated: "같은 항목이 두 번 있습니다",
    cut: "파일이 표시된 곳에서 끝나지 않습니다",
    noHead: "파일의 끝을 알리는 마지막 줄이 없습니다",
  },
};
