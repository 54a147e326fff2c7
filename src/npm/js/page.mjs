// What a bundler for web pages gets instead of the client: it says why it does not work there.

import { PaypleError } from "./error.mjs";

export { PaypleError };

export class PaypleClient {
  constructor() {
    const message =
      "PaypleClient does not run in a web page: credentials do not belong there. Use payple-edge/browser.";
    throw new PaypleError({ kind: "invalid_config", message });
  }
}

export function reviewPayoutRequests() {
  throw new PaypleError({
    kind: "invalid_config",
    message: "payple-edge does not run in a web page. Use payple-edge/browser.",
  });
}
