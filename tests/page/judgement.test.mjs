// The one function that decides on green, as a table: the question on the page and the review to
// the verdict.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

/**
 * @import { ExpectationSummary, Finding, FindingKind } from "../../src/npm/js/models.d.ts"
 * @import { MatchBy, PayoutReview, Severity } from "../../src/npm/js/models.d.ts"
 * @import { Judgement, Question } from "../../www/src/payout/judgement.ts"
 */

/** @type {typeof import("../../www/src/payout/judgement.ts")} */
const { judge } = await pageModule("payout/judgement.ts");

/** @type {(kind: FindingKind, severity: Severity, rows?: Partial<Finding>) => Finding} */
const finding = (kind, severity, rows) => ({ kind, severity, message: "", messageKo: "", ...rows });

const ERROR = finding("total_mismatch", "error");
const MISSING = finding("missing_request", "error", { expectedRows: [3, 4] });
const TWICE = finding("possible_duplicate", "notice", { rows: [0, 1] });
const OTHER_TEXTS = finding("text_mismatch", "notice", {
  rows: [0, 1, 2],
  expectedRows: [0, 1, 2],
});

/** @type {(findings?: Finding[], computedCount?: number) => PayoutReview} */
const alone = (findings = [], computedCount = 3) => ({
  consistent: findings.every(({ severity }) => severity !== "error"),
  computedTotal: computedCount * 1_000,
  computedCount,
  findings,
});
/**
 * @type {(findings?: Finding[], computedCount?: number, matchedBy?: MatchBy) => PayoutReview}
 */
const compared = (findings, computedCount = 3, matchedBy = "billingTranId") => ({
  ...alone(findings, computedCount),
  expectation: /** @type {ExpectationSummary} */ ({ matchedBy, matched: computedCount }),
});
/** @type {(freshness: Question["freshness"], list?: Question["list"]) => Question} */
const now = (freshness, list) => ({ freshness, list });
const WHOLE = { leftOut: 0 };
const PART = { leftOut: 2 };

/**
 * @type {[
 *   name: string,
 *   question: Question,
 *   review: PayoutReview,
 *   tone: Judgement["tone"],
 *   more?: Record<string, unknown>,
 * ][]}
 */
const table = [
  // Green: an answer to this very question, with nothing to look at and nothing left out.
  ["a sound group", now("current"), alone(), "good", { isCompared: false }],
  ["a group as the list has it", now("current", WHOLE), compared(), "good", { isCompared: true }],
  // Sound, but not all of it was checked.
  ["rows left out", now("current", PART), compared(), "notice", { doubts: ["leftOut"] }],
  [
    "amounts alone",
    now("current", WHOLE),
    compared([], 3, "amount"),
    "notice",
    { doubts: ["amountOnly"] },
  ],
  [
    "amounts alone, and rows left out",
    now("current", PART),
    compared([], 3, "amount"),
    "notice",
    { doubts: ["leftOut", "amountOnly"] },
  ],
  [
    "a list that could not be compared",
    now("current", WHOLE),
    alone(),
    "notice",
    { doubts: ["listNotCompared"] },
  ],
  ["other texts", now("current", WHOLE), compared([OTHER_TEXTS]), "notice", { notices: 3 }],
  ["something twice", now("current"), alone([TWICE]), "notice", { notices: 2 }],
  // Sound when it was asked, which was a while ago, or not the same as before.
  ["an old answer", { ...now("current"), isOld: true }, alone(), "notice", { doubts: ["old"] }],
  [
    "an old comparison",
    { ...now("current", WHOLE), isOld: true },
    compared(),
    "notice",
    { doubts: ["old"] },
  ],
  [
    "a group that has changed",
    { ...now("current"), isChanged: true },
    alone(),
    "notice",
    { doubts: ["changed"] },
  ],
  ["an old answer without rows", { ...now("current"), isOld: true }, alone([], 0), "notice"],
  ["an old answer with an error", { ...now("current"), isOld: true }, alone([ERROR]), "bad"],
  // Nothing waits.
  ["no rows", now("current"), alone([], 0), "empty"],
  [
    "no rows, and a list that could not be compared",
    now("current", PART),
    alone([], 0),
    "notice",
    { doubts: ["listNotCompared", "leftOut"] },
  ],
  // Red, counted by rows; what is about the whole group counts as one.
  ["an error", now("current"), alone([ERROR, TWICE]), "bad", { problems: 1 }],
  [
    "a list that differs",
    now("current", WHOLE),
    compared([ERROR, MISSING]),
    "bad",
    { problems: 3 },
  ],
  ["a list, and no rows", now("current", WHOLE), compared([MISSING], 0), "bad", { problems: 2 }],
  ["rows left out of a list that differs", now("current", PART), compared([MISSING]), "bad"],
];

describe("the verdict", () => {
  for (const [name, question, review, tone, more = {}] of table) {
    test(`on ${name} is ${tone}`, () => {
      /** @type {Judgement & Record<string, unknown>} */
      const judgement = judge(question, review);
      assert.equal(judgement.tone, tone);
      for (const [what, value] of Object.entries(more)) assert.deepEqual(judgement[what], value);
    });
    for (const freshness of /** @type {const} */ (["otherKey", "otherList"])) {
      test(`on ${name} says nothing once the question is another one (${freshness})`, () => {
        assert.deepEqual(judge({ ...question, freshness }, review), {
          tone: "stale",
          because: freshness,
        });
      });
    }
  }
});
