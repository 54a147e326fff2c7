// A route of the server.

import { json } from "@sveltejs/kit";
import { ask } from "../lib/ask";

export async function GET() {
  return json(await ask(process.env["SANDBOX"]!));
}
