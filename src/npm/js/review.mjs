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
  const { reviewed, findings } = hinted(() => {
    const [{ groupText, findings }, expectText] = [groupJson(group), expectJson(expect)];
    currentInstance();
    return { reviewed: JSON.parse(enter(() => review(groupText, expectText))), findings };
  });
  // Which partner asked is not in a group: what the look-up has found of that stays found.
  const foreign = findings.filter(isForeignPartner);
  if (foreign.length === 0) return reviewed;
  return { ...reviewed, consistent: false, findings: [...foreign, ...reviewed.findings] };
}

/** @param {unknown} finding */
function isForeignPartner(finding) {
  const { kind } = /** @type {{ kind?: unknown }} */ (finding ?? {});
  return kind === "foreign_partner";
}
