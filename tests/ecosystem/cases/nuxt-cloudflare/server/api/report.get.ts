// A route of the Worker, whose settings come with the request.

import { ask } from "../utils/ask";

export default defineEventHandler((event) => ask(event.context.cloudflare.env.SANDBOX));
