// `payple-edge sandbox`: the stand-in for both Payple services, by the code of
// `payple-edge-sandbox`.

import type { Command } from "./command.js";

export const sandbox: Command = {
  summary: {
    en: "stands in for both Payple services on this machine",
    ko: "이 컴퓨터에서 페이플 두 서비스를 대신하는 샌드박스",
  },
  usage: {
    en: "payple-edge sandbox [--port N] [--live]",
    ko: "payple-edge sandbox [--port N] [--live]",
  },
  async run(args) {
    const { sandboxCommand } = await import("../../../sandbox/command.mjs");
    await sandboxCommand(args, "payple-edge sandbox");
    return 0;
  },
};
