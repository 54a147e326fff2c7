// Runs the suite with the package as an ES module.
import { PaypleClient, PaypleError } from "payple-edge";
import { suite } from "./suite.mjs";

const results = await suite({ PaypleClient, PaypleError, sandbox: process.env.SANDBOX });
console.log(JSON.stringify({ results }));
