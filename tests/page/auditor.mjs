// People with roles for tests of the auditor's view: who they are, how they sign in, and what a
// real Worker records of them.

import { createHash, randomBytes } from "node:crypto";
import { ACCOUNT, CARD, GROUP } from "./stage.mjs";

const PEOPLE = {
  auditor: ["auditor@shop.example", "person", ["audit"]],
  clerk: ["clerk@shop.example", "person", ["lookup", "export"]],
  lead: ["lead@shop.example", "person", ["lookup", "export", "audit"]],
  viewer: ["viewer@shop.example", "person", ["lookup"]],
  exporter: ["exporter@shop.example", "person", ["export"]],
  batch: ["settlement-batch", "program", ["lookup"]],
};

const tokens = Object.fromEntries(
  Object.keys(PEOPLE).map((who) => [who, randomBytes(32).toString("base64url")]),
);

/** The setting. */
export const NAMED_TOKENS = Object.entries(PEOPLE).map(([who, [name, kind, roles]]) => ({
  name,
  kind,
  sha256: createHash("sha256").update(tokens[who]).digest("hex"),
  roles,
  expires: "2099-12-31",
}));

export const bearer = (who) => ({ Authorization: `Bearer ${tokens[who]}` });

/** Signs one of them in on the page that a visitor has opened without. */
export async function signInAs(page, who) {
  await page.locator("#token").fill(tokens[who]);
  await page.keyboard.press("Enter");
  await page.locator("[role=tab], [data-part=no-role]").first().waitFor();
}

/** Some acts of theirs, so that there is something to audit. */
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
