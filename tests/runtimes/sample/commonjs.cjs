// Runs the suite with the package as CommonJS.
const { PaypleClient, PaypleError, reviewPayoutRequests } = require("payple-edge");

import("./suite.mjs").then(async ({ suite }) => {
  const results = await suite({
    PaypleClient,
    PaypleError,
    reviewPayoutRequests,
    sandbox: process.env.SANDBOX ?? "",
  });
  console.log(JSON.stringify({ results }));
});
