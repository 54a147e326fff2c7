// How amounts are written where there is little room.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/** @type {typeof import("../../www/src/format.ts")} */
const { share, short } = await pageModule("format.ts");

test("the amounts of an axis are short, and no two of them look alike", () => {
  const amounts = [0, 10_000_000, 10_020_000, 10_020_500, 19_398_000];
  const written = (/** @type {string} */ language) =>
    amounts.map((amount) => short(amount, language));
  assert.deepEqual(written("en"), ["0", "10M", "10.02M", "10.0205M", "19.398M"]);
  assert.deepEqual(written("ko"), ["0", "1000만", "1002만", "1002.05만", "1939.8만"]);
});

test("a share that is not nothing, or not all, is not written so", () => {
  assert.deepEqual([0, 0.002, 0.01, 0.5, 0.99, 0.996, 1].map(share), [
    ...["0%", "<1%", "1%", "50%", "99%", ">99%", "100%"],
  ]);
});
