// The comparison of a group with what a company means to pay: what JavaScript hands to Rust for it.

import { reviewPayoutRequests as review } from "#glue";
import { PaypleError } from "./error.mjs";
import { asJson } from "./json.mjs";
import { currentInstance, enter } from "./module.mjs";

/** Reviews a group that was fetched before, and compares it with what is expected. */
export function reviewPayoutRequests(group, expect) {
  if (group === null || typeof group !== "object") throw new PaypleError({ kind: "invalid_input", message: "group must be an object" });
  const { groupKey, total, count, requests } = group;
  const texts = [asJson("group", { groupKey, total, count, requests }), asJson("expect", expect)];
  currentInstance();
  const reviewed = JSON.parse(enter(() => review(...texts)));
  // Which partner asked is not in a group: what the look-up has found of that stays found.
  const found = group.review?.findings;
  const foreign = Array.isArray(found) ? found.filter((finding) => finding?.kind === "foreign_partner") : [];
  if (foreign.length === 0) return reviewed;
  return { ...reviewed, consistent: false, findings: [...foreign, ...reviewed.findings] };
}
