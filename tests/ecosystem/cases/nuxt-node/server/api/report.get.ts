// A route of the server.

import { ask } from "../utils/ask";

export default defineEventHandler(() => ask(process.env["SANDBOX"]!));
