// Which verdict an answer deserves, for the question that stands on the page. Pure: no signals, no words.
//
// Green is only for what was really checked: an answer to another question is stale, whatever it says.

import type { PayoutReview } from "payple-edge/browser";

export interface Question {
  /** Whether the answer is about the key and the list that stand on the page. */
  freshness: "current" | "otherKey" | "otherList";
  /** The list that stands on the page, if there is one. */
  list: { leftOut: number } | undefined;
  /** The answer is so old that what it says may have changed. */
  isOld?: boolean;
  /** The group is another one than at the look-up before, and nobody has said to have seen that. */
  isChanged?: boolean;
}

/** Why a sound answer is not green: what was not compared, or may not hold any more. */
export type Doubt = "old" | "changed" | "leftOut" | "amountOnly" | "listNotCompared";

export type Judgement =
  | { tone: "stale"; because: "otherKey" | "otherList" }
  | { tone: "bad"; problems: number }
  | { tone: "empty" }
  | { tone: "notice"; notices: number; doubts: Doubt[] }
  | { tone: "good"; isCompared: boolean };

export function judge(
  { freshness, list, isOld, isChanged }: Question,
  review: PayoutReview,
): Judgement {
  if (freshness !== "current") return { tone: "stale", because: freshness };
  const { consistent, computedCount, expectation, findings } = review;
  if (!consistent) return { tone: "bad", problems: affected(findings, "error") };
  const doubts: Doubt[] = [];
  if (isOld) doubts.push("old");
  if (isChanged) doubts.push("changed");
  if (list && !expectation) doubts.push("listNotCompared");
  if (list && list.leftOut > 0) doubts.push("leftOut");
  if (expectation?.matchedBy === "amount" && expectation.matched > 0) doubts.push("amountOnly");
  const notices = affected(findings, "notice");
  if (notices > 0 || doubts.length > 0) return { tone: "notice", notices, doubts };
  if (computedCount === 0) return { tone: "empty" };
  return { tone: "good", isCompared: expectation?.matchedBy !== undefined };
}

/** How many requests the findings of a severity concern; one that is about the group as a whole counts as one. */
function affected(findings: PayoutReview["findings"], severity: "error" | "notice"): number {
  return findings
    .filter((finding) => finding.severity === severity)
    .reduce(
      (sum, { rows = [], expectedRows = [] }) =>
        sum + Math.max(1, rows.length, expectedRows.length),
      0,
    );
}
