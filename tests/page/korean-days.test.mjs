// Days as the access record has them, on the clock of Seoul.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/** @type {typeof import("../../www/src/records/korean-days.ts")} */
const { covers, dayOf, daysOfMonth, monthsBefore } = await pageModule("records/korean-days.ts");

test("a day of Seoul begins nine hours before that of Greenwich, also at the end of a year", () => {
  assert.equal(dayOf(new Date("2026-12-31T14:59:59Z")), "2026-12-31");
  assert.equal(dayOf(new Date("2026-12-31T15:00:00Z")), "2027-01-01");
});

test("a month has its own days, and the month before January is December", () => {
  assert.deepEqual(daysOfMonth("2028-02"), { from: "2028-02-01", to: "2028-02-29" });
  assert.deepEqual(daysOfMonth("2026-12"), { from: "2026-12-01", to: "2026-12-31" });
  assert.equal(monthsBefore("2027-01", 1), "2026-12");
});

test("what was checked counts for a sheet only where it has all days that the sheet has", () => {
  const at = (/** @type {string} */ day) => new Date(`${day}T12:00:00+09:00`);
  const november = { from: "2026-11-01", to: "2026-11-30" };
  /** @typedef {{ from: string, to: string }} Days */
  /** @type {[checked: Days, checkedOn: string, madeOn: string, isAll: boolean][]} */
  const cases = [
    [november, "2026-12-03", "2026-12-03", true],
    [{ from: "", to: "" }, "2026-12-03", "2026-12-03", true],
    [{ from: "2026-11-02", to: "" }, "2026-12-03", "2026-12-03", false],
    [{ from: "", to: "2026-11-29" }, "2026-12-03", "2026-12-03", false],
    // A month that is not over.
    [{ from: "2026-11-01", to: "2026-11-10" }, "2026-11-10", "2026-11-10", true],
    [{ from: "2026-11-01", to: "2026-11-10" }, "2026-11-10", "2026-11-20", false],
    [{ from: "2026-11-01", to: "" }, "2026-11-10", "2026-12-01", false],
    [november, "2026-11-10", "2026-12-01", false],
  ];
  for (const [checked, checkedOn, madeOn, isAll] of cases)
    assert.equal(
      covers({ ...checked, at: at(checkedOn) }, { ...november, at: at(madeOn) }),
      isAll,
      JSON.stringify([checked, checkedOn, madeOn]),
    );
});
