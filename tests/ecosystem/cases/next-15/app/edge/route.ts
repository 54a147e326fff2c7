// A route of the edge runtime.

import { ask } from "../ask";

export const runtime = "edge";

export async function GET() {
  return Response.json(await ask(process.env.SANDBOX!));
}
