// Reads the access record page by page. Each page that is read is itself on the record.

import type { AccessRecords, RecordTask } from "payple-edge/browser";
import { request } from "../api";
import { ask, asPaypleError } from "../session";
import { sleep } from "../sleep";

/** Which entries. Days are Korean ones, the last one included; what is empty is not asked for. */
export interface Filter {
  from: string;
  to: string;
  /** An e-mail address, or the name of a token. */
  who: string;
  task: RecordTask | "";
  /** A billing key or a group key, in full. */
  subject: string;
}

export const NO_FILTER: Filter = { from: "", to: "", who: "", task: "", subject: "" };

/** Page after page, the newest entries first. */
export async function* pages(
  { from, to, who, task, subject }: Filter,
  signal: AbortSignal,
  cursor?: string,
): AsyncGenerator<AccessRecords, void> {
  const parameters = new URLSearchParams({ limit: String(PAGE) });
  const given = { from, to, who, task, subject: subject && (await sha256(subject)) };
  for (const [name, value] of Object.entries(given)) if (value) parameters.set(name, value);
  for (let next = cursor; ; ) {
    if (next !== undefined) parameters.set("cursor", next);
    const page = await ask(() => read(`/api/access-records?${parameters}`, signal), signal);
    yield page;
    if (page.next === undefined) return;
    next = page.next;
  }
}

/** Waits where so many pages were read that the limit is reached. */
async function read(address: string, signal: AbortSignal): Promise<AccessRecords> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await request(address, { signal });
      return (await response.json()) as AccessRecords;
    } catch (thrown) {
      const error = asPaypleError(thrown);
      if (error.httpStatus !== 429 || attempt === MOST_ATTEMPTS) throw error;
      await sleep(error.retryAfterMs ?? 10_000, signal);
    }
  }
}

/** No key travels in an address: the Worker knows it by this. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** As many entries as the Worker gives at once. */
const PAGE = 1_000;
const MOST_ATTEMPTS = 10;
