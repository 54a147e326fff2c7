// People with roles for tests of the auditor's view: who they are, how they sign in, and what a
// real Worker records of them.

import { createHash, randomBytes } from "node:crypto";
import { ACCOUNT, CARD, GROUP } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Role } from "../../src/npm/js/models.d.ts"
 * @import { Api } from "../worker/workers.mjs"
 *
 * @typedef {keyof typeof PEOPLE} Who
 */

const PEOPLE = {
  auditor: person("auditor@shop.example", "audit"),
  clerk: person("clerk@shop.example", "lookup", "export"),
  lead: person("lead@shop.example", "lookup", "export", "audit"),
  viewer: person("viewer@shop.example", "lookup"),
  exporter: person("exporter@shop.example", "export"),
  batch: { name: "settlement-batch", kind: "program", roles: ["lookup"] },
};

const tokens = Object.fromEntries(
  Object.keys(PEOPLE).map((who) => [who, randomBytes(32).toString("base64url")]),
);

/** The setting. */
export const NAMED_TOKENS = Object.entries(PEOPLE).map(([who, { name, kind, roles }]) => ({
  name,
  kind,
  sha256: createHash("sha256").update(tokens[who]).digest("hex"),
  roles,
  expires: "2099-12-31",
}));

/** @type {(who: Who) => string} */
export const token = (who) => tokens[who];

/** @type {(who: Who) => { Authorization: string }} */
export const bearer = (who) => ({ Authorization: `Bearer ${tokens[who]}` });

/**
 * Signs one of them in on the page that a visitor has opened without.
 *
 * @param {Page} page
 * @param {Who} who
 */
export async function signInAs(page, who) {
  await page.locator("#token").fill(tokens[who]);
  await page.keyboard.press("Enter");
  await page.locator("[role=tab], [data-part=no-role]").first().waitFor();
}

/**
 * Some acts of theirs, so that there is something to audit.
 *
 * @param {Api} worker
 */
export async function act(worker) {
  await worker.payoutRequests(GROUP, bearer("clerk"));
  await worker.payoutRequests("CLEAN_128", bearer("batch"));
  await worker.billingKey(CARD, bearer("clerk"));
  await worker.billingKey(ACCOUNT, bearer("lead"));
  await worker.payoutRequests("NOT_FOUND", bearer("clerk"));
  await worker.payoutRequests(GROUP, bearer("auditor"));
  const export_ = { action: "export", groupKey: GROUP, rows: 4, reason: "11월 정산 확인" };
  await worker.post("/api/actions", export_, bearer("clerk"));
  const wrong = { Authorization: `Bearer ${"w".repeat(43)}` };
  await worker.fetch("/api/session", { headers: wrong });
}

/**
 * @param {string} name
 * @param {Role[]} roles
 */
function person(name, ...roles) {
  return { name, kind: "person", roles };
}
