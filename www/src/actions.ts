// What the Worker puts on the access record before rows leave the page or are shown without a mask.

import { type Action, parts } from "./action-parts";
import { post, request } from "./api";
import { ask } from "./session";

/** All of it is on the record once this is over. */
export async function recordAction(action: Action, signal: AbortSignal): Promise<void> {
  for (const part of parts(action))
    await ask(() => request("/api/actions", post(part, signal)), signal);
}
