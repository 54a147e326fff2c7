// What a bundler for web pages gets instead of the client: it says why it does not work there.

import { PaypleError } from "./error.mjs";

export { PaypleError };

export class PaypleClient {
  /** Also where a bundler renames classes. */
  static get name() {
    return "PaypleClient";
  }

  constructor() {
    throw refusal(
      "PaypleClient does not run in a web page: credentials do not belong there. Use payple-edge/browser.",
    );
  }
}

export function reviewPayoutRequests() {
  throw refusal("payple-edge does not run in a web page. Use payple-edge/browser.");
}

/** @param {string} message */
function refusal(message) {
  return new PaypleError({
    kind: "invalid_config",
    message,
    hint: "On a server or in a test this entry is there because the export condition browser is set. In Jest: testEnvironment node, or testEnvironmentOptions.customExportConditions ['node'].",
    hintKo:
      "서버나 테스트에서 이 오류가 나면 export 조건 browser가 지정된 것입니다. Jest에서는 testEnvironment를 node로 하거나 testEnvironmentOptions.customExportConditions를 ['node']로 지정하세요.",
  });
}
