// What callers hand over as `expect` reaches the core as it is, or is refused by name: nothing is
// passed over in silence.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PaypleError } from "../../src/npm/js/error.mjs";
import { expectJson } from "../../src/npm/js/json.mjs";

describe("an expect with what JSON writes as nothing", () => {
  const nothing = {
    "a date that is none": new Date(Number.NaN),
    "a model without a value": { toJSON: () => undefined },
    "a model that fails": {
      toJSON: () => {
        throw new TypeError("no");
      },
    },
  };
  for (const [what, value] of Object.entries(nothing))
    test(`${what} is refused`, () => {
      const places = {
        expect: value,
        "expect.total": { total: value },
        "expect.requests": { requests: value },
        "expect.requests[1]": { requests: [{ amount: 1 }, value] },
        "expect.requests[0].amount": { requests: [{ amount: value }] },
      };
      for (const [path, expect] of Object.entries(places))
        assert.throws(
          () => expectJson(expect),
          (error) => error instanceof PaypleError && error.message.startsWith(`${path} cannot`),
          path,
        );
    });
  test("a model's value is taken, bigints as well", () => {
    const amount = { toJSON: () => 5_000n };
    assert.equal(expectJson({ requests: [{ amount }] }), '{"requests":[{"amount":"5000"}]}');
    assert.equal(expectJson({ total: 1, requests: null }), '{"total":1}');
  });
});
