// The comparison of a group with what a company means to pay: what JavaScript hands to Rust for it.

import { reviewPayoutRequests as review } from "#glue";
import { hinted } from "./hints.mjs";
import { expectJson, groupJson } from "./json.mjs";
import { currentInstance, enter } from "./module.mjs";

/**
 * Reviews a group that was fetched before, and compares it with what is expected.
 * @type {typeof import("./index.d.ts").reviewPayoutRequests}
 */
export function reviewPayoutRequests(group, expect) {
  const reviewed = hinted(() => {
    const [groupText, expectText] = [groupJson(group), expectJson(expect)];
    currentInstance();
    return JSON.parse(enter(() => review(groupText, expectText)));
  });
  // Which partner asked is not in a group: what the look-up has found of that stays found.
  const found = group.review?.findings;
  const foreign = Array.isArray(found)
    ? found.filter((finding) => finding?.kind === "foreign_partner")
    : [];
  if (foreign.length === 0) return reviewed;
  return { ...reviewed, consistent: false, findings: [...foreign, ...reviewed.findings] };
}
