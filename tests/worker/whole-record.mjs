// Reads the whole access record of a Worker, as an auditor would, and checks its chains.

import { verify } from "../../www/src/records/verify.ts";
import { ADMIN_TOKEN } from "./workers.mjs";

/** @import { AccessRecord, AccessRecords } from "../../src/npm/js/models.d.ts" */

/**
 * Every entry, the newest first, and what the verifier finds.
 *
 * @param {{ fetch: (path: string, init?: RequestInit) => Promise<Response> }} worker
 */
export async function wholeRecord(worker) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  /** @type {AccessRecord[]} */
  const entries = [];
  /** @type {string | undefined} */
  let cursor;
  do {
    const query = new URLSearchParams({ limit: "1000", ...(cursor && { cursor }) });
    const response = await worker.fetch(`/api/access-records?${query}`, { headers });
    if (response.status !== 200) throw new Error(`the record answers ${response.status}`);
    /** @type {AccessRecords} */
    const { records, next } = await response.json();
    entries.push(...records);
    cursor = next;
  } while (cursor);
  const { faults } = await verify({ entries });
  return { entries, faults };
}
