// What callers pass as options or as `expect` is read as it is, or refused by name: nothing is
// ignored.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expectJson, groupJson } from "../../src/npm/js/json.mjs";
import { CUST_KEY, clientOf, PaypleClient, PaypleError } from "./client.mjs";

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
  test("a number that may have been another one is refused, in a list as in a group", async () => {
    const rounded = Number("9007199254740993");
    for (const name of ["billingTranId", "subId", "printContent", "amount"]) {
      const row = { amount: 1, [name]: rounded };
      const message = `requests[0].${name} is beyond what a number holds exactly: a bigint or a text does`;
      assert.throws(() => expectJson({ requests: [row] }), {
        kind: "invalid_input",
        message: `expect.${message}`,
      });
      const whole = { total: 1, count: 1, requests: [row] };
      assert.throws(() => groupJson(whole), { message: `group.${message}` });
    }
    const subId = 9_007_199_254_740_993n;
    const line = '{"subId":"9007199254740993","amount":1}';
    assert.equal(expectJson({ requests: [{ amount: 1, subId }] }), `{"requests":[${line}]}`);
  });
  test("a model's value is taken, bigints as well", () => {
    const amount = { toJSON: () => 5_000n };
    assert.equal(expectJson({ requests: [{ amount }] }), '{"requests":[{"amount":"5000"}]}');
    assert.equal(expectJson({ total: 1, requests: null }), '{"total":1}');
  });
});

describe("a key", () => {
  test("with half a character in it is refused, and not sent as another one", async () => {
    const unasked = () => assert.fail("nothing is sent");
    const payple = clientOf(undefined, { fetch: unasked });
    for (const key of ["BK_\ud83d", "\ude00", "\ude00\ud83d"]) {
      const error = { kind: "invalid_input", message: "payerId holds half a character" };
      await assert.rejects(payple.lookupBillingKey(key), error);
      const message = "groupKey holds half a character";
      await assert.rejects(payple.lookupPayoutRequests(key), { kind: "invalid_input", message });
      for await (const result of payple.lookupBillingKeys([key])) {
        assert.equal(result.status, "failed");
        assert.equal(result.error.message, error.message);
      }
    }
  });
});

describe("options", () => {
  const origins = { hub: "http://127.0.0.1:9", cpay: "http://127.0.0.1:9" };
  /** @type {import("../../src/npm/js/index.d.ts").PaypleClientOptions} */
  const pair = { environment: "test", cstId: "test", custKey: CUST_KEY, maxRetries: 0 };
  const all = { ...pair, origins };
  /** Where a client asks: a closed port of this machine, or Payple. @param {any} options */
  const addressOf = async (options) => {
    /** @type {string[]} */
    const asked = [];
    const fetch = (/** @type {string} */ url) => {
      asked.push(new URL(url).origin);
      return Promise.reject(new TypeError("closed"));
    };
    await assert.rejects(
      new PaypleClient(Object.assign(options, { fetch })).lookupBillingKey("BK_CARD_001"),
    );
    return asked;
  };

  test("are read also where an object of a class has them", async () => {
    class Origins {
      get hub() {
        return origins.hub;
      }
      get cpay() {
        return origins.cpay;
      }
    }
    class Credentials {
      get cstId() {
        return "test";
      }
      get custKey() {
        return CUST_KEY;
      }
    }
    const given = {
      "origins of a class": { ...all, origins: new Origins() },
      "origins that are inherited": Object.assign(Object.create({ origins }), pair),
      "all that is inherited": Object.create(all),
      "credentials of a class": Object.assign(new Credentials(), {
        environment: "test",
        maxRetries: 0,
        origins,
        hubCredentials: new Credentials(),
      }),
    };
    for (const [what, options] of Object.entries(given))
      assert.deepEqual(await addressOf(options), [origins.cpay], what);
  });

  test("that are no object of options are refused", async () => {
    for (const other of [new Map([["hub", origins.hub]]), new URL(origins.hub), [origins.hub]])
      assert.throws(() => new PaypleClient({ ...all, origins: /** @type {any} */ (other) }), {
        kind: "invalid_config",
        message: "origins must be an object",
      });
    const payple = new PaypleClient(all);
    for (const other of [AbortSignal.abort(), new Map(), null])
      for (const lookUp of /** @type {const} */ (["lookupBillingKey", "lookupPayoutRequests"]))
        await assert.rejects(payple[lookUp]("KEY", /** @type {any} */ (other)), {
          kind: "invalid_input",
          message: "the options of a look-up must be an object",
        });
  });

  test("and values of expect that cannot be read are refused, and what they threw is the cause", async () => {
    for (const thrown of ["a text", Object.freeze(new Error("frozen")), undefined]) {
      const failing = (/** @type {string} */ name) =>
        Object.defineProperty({}, name, {
          enumerable: true,
          get() {
            throw thrown;
          },
        });
      const check = (/** @type {any} */ error, /** @type {string} */ message) => {
        assert.ok(error instanceof PaypleError);
        assert.deepEqual([error.message, error.cause], [message, thrown]);
        return true;
      };
      assert.throws(
        () => new PaypleClient(Object.assign(failing("referer"), all)),
        (error) => check(error, "options: referer cannot be read"),
      );
      const payple = new PaypleClient(all);
      await assert.rejects(payple.lookupBillingKey("KEY", failing("signal")), (error) =>
        check(error, "the options of a look-up: signal cannot be read"),
      );
      /** @type {Record<string, any>} */
      const expects = {
        "expect.total": failing("total"),
        "expect.requests": failing("requests"),
        "expect.requests[0].amount": { requests: [failing("amount")] },
      };
      for (const [path, expect] of Object.entries(expects))
        await assert.rejects(payple.lookupPayoutRequests("KEY", { expect }), (error) =>
          check(error, `${path} cannot be read`),
        );
    }
  });

  test("that change while they are read do not matter: each is read once", async () => {
    let reads = 0;
    const payple = new PaypleClient(all);
    const options = {
      get signal() {
        reads += 1;
        return reads === 1 ? AbortSignal.abort("first") : undefined;
      },
    };
    await assert.rejects(payple.lookupBillingKey("KEY", options), { kind: "aborted" });
    assert.equal(reads, 1);
  });
});
