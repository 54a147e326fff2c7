// `payple-edge sandbox`: the stand-in for both Payple services, by the code of
// `payple-edge-sandbox`.

import type { Command } from "./command.js";

export const sandbox: Command = {
  summary: {
    en: "stands in for both Payple services on this machine",
    ko: "이 컴퓨터에서 페이플 두 서비스를 대신하는 샌드박스",
  },
  usage: {
    en: `payple-edge sandbox [options]

  --port N            the port to listen on (8788); 0 for any that is free
  --live              the rules of Payple's live servers: the Referer must be shop.example or a sub-domain of it`,
    ko: `payple-edge sandbox [옵션]

  --port N            사용할 포트(8788). 0이면 비어 있는 포트
  --live              페이플 운영 서버의 규칙 적용: Referer가 shop.example 또는 그 하위 도메인이어야 함`,
  },
  async run(args) {
    const { sandboxCommand } = await import("../../../sandbox/command.mjs");
    await sandboxCommand(args, "payple-edge sandbox");
    return 0;
  },
};
