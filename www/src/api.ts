// Requests to the Worker that EdgeClient has no method for: what is to be recorded, and the access record itself.

import { PaypleError } from "payple-edge/browser";

/** The answer where it is a good one; a `PaypleError` otherwise. */
export async function request(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    const isAborted = init.signal?.aborted ?? false;
    throw new PaypleError({
      kind: isAborted ? "aborted" : "unavailable",
      message: isAborted ? "given up" : "the Worker could not be reached",
      cause,
    });
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("Retry-After"));
  throw new PaypleError({
    ...problem,
    // Not signed in, as EdgeClient says it.
    kind: response.status === 401 ? "authentication" : (problem.kind ?? "unavailable"),
    message: problem.detail ?? "the Worker gave no answer",
    httpStatus: response.status,
    ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }),
  });
}

/** A body of JSON. */
export function post(body: unknown, signal: AbortSignal): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  };
}
