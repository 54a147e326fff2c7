// A program that looks up once.

import { ask } from "./ask.js";
import { tell } from "./report.js";

ask(process.env["SANDBOX"]!).then(tell);
