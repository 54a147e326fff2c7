#!/usr/bin/env node
// The command `payple-edge`: finds the command that is asked for, and says by its exit code how the
// check came out.

import { billingKeys } from "./billing-keys.js";
import { type Command, EXIT, UsageError } from "./command.js";
import { group } from "./group.js";
import { languageOf } from "./language.js";
import { sandbox } from "./sandbox.js";
import { terminal } from "./terminal.js";
import { verifyRecord } from "./verify-record.js";

/** Every command, in the order of the help. A further one is a further line. */
const COMMANDS: Record<string, Command> = {
  group,
  "billing-keys": billingKeys,
  sandbox,
  "verify-record": verifyRecord,
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.print(help());
    return EXIT.ok;
  }
  if (name === "--version") {
    terminal.print(VERSION);
    return EXIT.ok;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (name === undefined || command === undefined) {
    const problem = name === undefined ? "no command is given" : `there is no command ${name}`;
    terminal.tell(`payple-edge: ${problem}\n\n${help()}`);
    return EXIT.notMade;
  }
  const language = languageOf(process.env);
  const [summary, usage] = [command.summary[language], command.usage[language]];
  try {
    if (asksForHelp(args)) {
      // A script whose key happens to be `--help` must not go on as if it had been checked.
      if (args.length > 1) throw new UsageError("--help stands alone");
      terminal.print(`${summary}\n\n${usage}`);
      return EXIT.ok;
    }
    return await command.run(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.tell(`payple-edge ${name}: ${error.message}\n\n${usage}`);
    return EXIT.notMade;
  } finally {
    terminal.endProgress();
  }
}

/** What comes after `--` is no option. */
function asksForHelp(args: string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.some((option) => option === "--help" || option === "-h");
}

function help(): string {
  const language = languageOf(process.env);
  const commands = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(14)} ${summary[language]}`,
  );
  return [USAGE[language], ...commands, "", SETTINGS[language]].join("\n");
}

declare const VERSION: string;

const USAGE = {
  en: "payple-edge <command> [options]; payple-edge <command> --help\n",
  ko: "payple-edge <명령> [옵션], 자세한 설명: payple-edge <명령> --help\n",
};
const SETTINGS = {
  en: `Credentials come from the environment, never from the command line:
  PAYPLE_ENVIRONMENT   test or live
  PAYPLE_CST_ID, PAYPLE_CUST_KEY
  PAYPLE_HUB_CST_ID, PAYPLE_HUB_CUST_KEY   where the hub's pair differs
  PAYPLE_REFERER       the registered domain, for live billing-key look-ups
  PAYPLE_HUB_ORIGIN, PAYPLE_CPAY_ORIGIN    a sandbox or an egress relay

Exit codes: 0 all is well, 1 the check found something, 2 the check could not be made.`,
  ko: `인증 정보는 명령행이 아니라 환경 변수로 넘깁니다:
  PAYPLE_ENVIRONMENT   test 또는 live
  PAYPLE_CST_ID, PAYPLE_CUST_KEY
  PAYPLE_HUB_CST_ID, PAYPLE_HUB_CUST_KEY   지급이체 계정이 다를 때
  PAYPLE_REFERER       페이플에 등록한 도메인 (운영 환경의 빌링키 조회)
  PAYPLE_HUB_ORIGIN, PAYPLE_CPAY_ORIGIN    샌드박스 또는 중계 서버

종료 코드: 0 이상 없음, 1 확인할 내용 발견, 2 점검하지 못함.`,
};

// Node's own exit code for what nobody caught is 1, which here means that the check found
// something.
process.on("uncaughtException", (error: unknown) => {
  try {
    terminal.tell(`payple-edge: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.exit(EXIT.notMade);
  }
});

process.exitCode = await main(process.argv.slice(2));
