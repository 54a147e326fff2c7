// Runs the suite with the package as an ES module.
import { PaypleClient, PaypleError, reviewPayoutRequests } from "payple-edge";
import { suite } from "./suite.mjs";

const results = await suite({
  PaypleClient,
  PaypleError,
  reviewPayoutRequests,
  sandbox: process.env.SANDBOX ?? "",
});
console.log(JSON.stringify({ results }));
