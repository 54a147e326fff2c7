// A Worker of a user's own that uses the package.
import { PaypleClient, PaypleError, reviewPayoutRequests } from "payple-edge";
import { suite } from "./suite.mjs";

export default {
  /** @param {Request} _request @param {{ SANDBOX: string }} env */
  async fetch(_request, env) {
    return Response.json({
      results: await suite({
        PaypleClient,
        PaypleError,
        reviewPayoutRequests,
        sandbox: env.SANDBOX,
      }),
    });
  },
};
