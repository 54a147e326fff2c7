// What the monthly review makes of the entries of the access record.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/** @import { AccessRecord, AccessSummaryLine } from "../../src/npm/js/models.d.ts" */

/** @type {typeof import("../../www/src/records/monthly-counts.ts")} */
const { failuresOf, peopleOf, takenOf } = await pageModule("records/monthly-counts.ts");

test("what was taken out at once is one line with all of its rows", () => {
  const entry = (/** @type {string} */ requestId, rows = 1, outcome = "ok") =>
    /** @type {AccessRecord} */ ({ task: "export", requestId, rows, outcome });
  const taken = takenOf([
    entry("keys"),
    entry("keys"),
    entry("refused", 9, "role_missing"),
    entry("keys"),
    entry("group", 128),
  ]);
  assert.deepEqual(
    taken.map(({ first, subjects, rows }) => [first.requestId, subjects, rows]),
    [
      ["keys", 3, 3],
      ["group", 1, 128],
    ],
  );
});

test("failed sign-ins are counted by address, those with most first", () => {
  const signIn = (/** @type {string} */ address, hour = 9, outcome = "not_signed_in") =>
    /** @type {AccessRecord} */ ({ address, at: `2026-11-28T0${hour}:00:00.000+09:00`, outcome });
  const failures = failuresOf([
    signIn("192.0.2.1", 3),
    signIn("192.0.2.2", 7),
    signIn("192.0.2.2", 9),
    signIn("192.0.2.2", 5),
    signIn("192.0.2.1", 1, "ok"),
    signIn("192.0.2.3", 1, "ok"),
  ]);
  assert.deepEqual(
    failures.map(({ address, count, first, last }) => [
      address,
      count,
      first.slice(11, 13),
      last.slice(11, 13),
    ]),
    [
      ["192.0.2.2", 3, "05", "09"],
      ["192.0.2.1", 1, "03", "03"],
    ],
  );
});

test("people stand before programs, who did most first, and what was refused is apart", () => {
  const line = (
    /** @type {string} */ who,
    /** @type {string} */ task,
    /** @type {number} */ count,
    { outcome = "ok", outsideHours = 0 } = {},
  ) => /** @type {AccessSummaryLine} */ ({ who, task, outcome, count, outsideHours });
  const people = peopleOf([
    line("program batch", "billing_key", 900),
    line("person a", "export", 1),
    line("person b", "export", 2, { outsideHours: 1 }),
    line("person b", "payout_requests", 4, { outsideHours: 2 }),
    line("person b", "payout_requests", 3, { outcome: "rejected" }),
    line("person b", "payout_requests", 5),
  ]);
  assert.deepEqual(people, [
    {
      who: "person b",
      tasks: new Map([
        ["export", 2],
        ["payout_requests", 9],
      ]),
      refused: 3,
      outsideHours: 3,
      all: 14,
    },
    { who: "person a", tasks: new Map([["export", 1]]), refused: 0, outsideHours: 0, all: 1 },
    {
      who: "program batch",
      tasks: new Map([["billing_key", 900]]),
      refused: 0,
      outsideHours: 0,
      all: 900,
    },
  ]);
});
