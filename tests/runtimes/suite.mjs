// What a back end can rely on, in every runtime: the same behaviours against the sandbox, with
// nothing but fetch.
//
// `suite({ PaypleClient, PaypleError, reviewPayoutRequests, sandbox })` runs them all and returns
// `[{ name, error? }]`; `sandbox` is an address. Each runtime has a sandbox of its own, so that
// counts are exact.

/**
 * @import { BillingKeyResult, ExchangeEvent, FetchLike } from "../../src/npm/js/index.d.ts"
 * @import { ExpectedPayoutRequest, MatchBy, PayoutRequest } from "../../src/npm/js/index.d.ts"
 * @import { PaypleClient, PaypleClientOptions } from "../../src/npm/js/index.d.ts"
 * @import { PaypleError, PayoutRequestGroup, PayoutReview } from "../../src/npm/js/index.d.ts"
 * @import { BillingKey, TokenStore } from "../../src/npm/js/index.d.ts"
 * @import { SandboxStats } from "../../sandbox/index.d.ts"
 *
 * @typedef {Pick<typeof import("../../src/npm/js/index.d.ts"),
 *   "PaypleClient" | "PaypleError" | "reviewPayoutRequests">} Face
 * @typedef {Face & { sandbox: string, client: (options?: Options) => PaypleClient }} Given
 * @typedef {Partial<PaypleClientOptions>} Options
 */

/**
 * @param {Face & { sandbox: string }} given
 * @returns {Promise<{ name: string, error?: string }[]>}
 */
export async function suite({ sandbox, ...payple }) {
  /** @type {{ name: string, error?: string }[]} */
  const results = [];
  for (const [name, test] of Object.entries(behaviours)) {
    await post(sandbox, "reset");
    try {
      await test({
        ...payple,
        sandbox,
        client: (options) => new payple.PaypleClient({ ...settings(sandbox), ...options }),
      });
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String((error instanceof Error && error.stack) || error) });
    }
  }
  return results;
}

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const ACCOUNT = "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09";

/** @type {Record<string, (given: Given) => Promise<void>>} */
const behaviours = {
  async "a payout group comes with its review"({ client }) {
    const group = await client().lookupPayoutRequests(GROUP);

    equal(
      [group.groupKey, group.total, group.count, group.requests.length, group.code],
      [GROUP, 4000, 4, 4, "A0000"],
    );
    equal(group.requests[0], {
      cstId: "test",
      subId: "test12385610",
      groupKey: GROUP,
      billingTranId: "2g4493dc-...",
      printContent: "정산테스트2",
      amount: 1000,
      remainingLimit: 9988000,
      requestedAt: "2021-10-26T10:55:03+09:00",
      requestedAtRaw: "2021-10-26 10:55:03",
    });
    equal(
      [group.review.consistent, group.review.computedTotal, group.review.computedCount],
      [true, 4000, 4],
    );
    equal(
      group.review.findings.map(({ kind, severity, rows }) => ({ kind, severity, rows })),
      [{ kind: "possible_duplicate", severity: "notice", rows: [0, 1, 2, 3] }],
    );
  },

  async "an answer is plain data"({ client }) {
    const group = await client().lookupPayoutRequests(GROUP);

    equal(structuredClone(group), group);
    equal({ ...group.requests[1] }, group.requests[1]);
    equal(JSON.parse(JSON.stringify(group)), group);
    equal(Object.getPrototypeOf(group.requests[0]) === Object.prototype, true);
  },

  async "ten thousand rows arrive whole"({ client }) {
    const group = await client().lookupPayoutRequests("ROWS_10000");

    equal([group.count, group.requests.length, group.review.consistent], [10000, 10000, true]);
    equal(
      group.requests.reduce((sum, row) => sum + row.amount, 0),
      group.total,
    );
  },

  async "every finding of the review is found alone"({ client }) {
    const payple = client();
    for (const kind of [
      "total_mismatch",
      "count_mismatch",
      "foreign_group_key",
      "foreign_partner",
      "limit_exceeded",
      "limit_sequence",
    ]) {
      const { review } = await payple.lookupPayoutRequests(`REVIEW_${kind.toUpperCase()}`);
      equal([review.consistent, review.findings.map((finding) => finding.kind)], [false, [kind]]);
    }
    const { review } = await payple.lookupPayoutRequests("REVIEW_POSSIBLE_DUPLICATE");
    equal(
      [review.consistent, review.findings.map((finding) => finding.kind)],
      [true, ["possible_duplicate"]],
    );
  },

  async "a group is compared with what was meant to be paid"({ client, reviewPayoutRequests }) {
    const payple = client();
    const { requests, total, count } = await payple.lookupPayoutRequests("CLEAN_128");
    /** @type {ExpectedPayoutRequest[]} */
    const list = requests
      .map(({ billingTranId, amount }) => ({ billingTranId, amount, name: "a column of my own" }))
      .reverse();
    const whole = await payple.lookupPayoutRequests("CLEAN_128", {
      expect: { total, count, requests: list },
    });
    equal([whole.review.consistent, whole.review.findings], [true, []]);
    equal(whole.review.expectation, {
      matchedBy: "billingTranId",
      ...{ matched: 128, missing: 0, unexpected: 0, different: 0, ambiguous: 0 },
      ...{
        matchedTotal: total,
        missingTotal: 0,
        unexpectedTotal: 0,
        differentTotal: 0,
        differentExpectedTotal: 0,
      },
    });

    // Line 0 is row 127, and so on.
    list[3] = { ...list[3], amount: Number(list[3].amount) + 1 };
    list[7] = { billingTranId: "nobody", amount: "77000" };
    const expect = { total: total + 1, count: 129, requests: [...list, list[9]] };
    const { review, ...group } = await payple.lookupPayoutRequests("CLEAN_128", { expect });
    equal(review.consistent, false);
    equal(
      review.findings.map(({ kind, severity, rows, expectedRows }) => ({
        kind,
        severity,
        rows,
        expectedRows,
      })),
      [
        { kind: "expected_total_mismatch", severity: "error" },
        { kind: "expected_count_mismatch", severity: "error" },
        { kind: "missing_request", severity: "error", expectedRows: [7, 128] },
        { kind: "unexpected_request", severity: "error", rows: [120] },
        { kind: "amount_mismatch", severity: "error", rows: [124], expectedRows: [3] },
      ],
    );
    const { matched, missing, unexpected, different, differentTotal, differentExpectedTotal } =
      expectationOf(review);
    equal(
      [matched, missing, unexpected, different, differentExpectedTotal - differentTotal],
      [126, 2, 1, 1, 1],
    );
    equal(
      /₩\d/.test(review.findings[4].message) && /예정 금액/.test(review.findings[4].messageKo),
      true,
    );

    equal(reviewPayoutRequests({ ...group, review }, expect), review);
    equal(reviewPayoutRequests(group, { total, count }).consistent, true);
  },

  async "several requests to one recipient are told apart as far as they can be"({
    client,
    reviewPayoutRequests,
  }) {
    const group = await client().lookupPayoutRequests(GROUP);
    const [{ billingTranId, printContent }] = group.requests;
    const compare = (/** @type {ExpectedPayoutRequest[]} */ requests) => {
      const review = reviewPayoutRequests(group, { requests });
      const { matched, missing, unexpected, different, ambiguous } = expectationOf(review);
      const counts = [matched, missing, unexpected, different, ambiguous];
      return { counts, findings: review.findings };
    };
    const expected = { billingTranId, printContent, amount: 1000 };

    equal(compare(Array(4).fill(expected)).counts, [4, 0, 0, 0, 0]);
    equal(compare(Array(3).fill(expected)).counts, [3, 0, 1, 0, 0]);
    equal(compare(Array(5).fill({ subId: "test12385610", amount: 1000 })).counts, [4, 1, 0, 0, 0]);
    equal(compare(Array(4).fill({ amount: 1000 })).counts, [4, 0, 0, 0, 0]);
    equal(compare([]).counts, [0, 0, 4, 0, 0]);
    const crossed = compare([
      { ...expected, amount: 900 },
      { ...expected, amount: 800 },
      expected,
      expected,
    ]);
    equal(crossed.counts, [2, 0, 0, 2, 0]);
    equal(compare(Array(5).fill({ amount: 1000 })).counts, [4, 1, 0, 0, 0]);
    const otherText = compare([...Array(3).fill(expected), { ...expected, printContent: "other" }]);
    equal(otherText.counts, [4, 0, 0, 0, 0]);
    const last = otherText.findings.at(-1);
    equal(last?.kind === "text_mismatch" && last.expectedRows, [3]);

    const { amount, ...row } = group.requests[0];
    const two = [
      { ...row, amount: 1000 },
      { ...row, amount: 2000 },
    ];
    const between = { ...group, total: 3000, count: 2, requests: two };
    const review = reviewPayoutRequests(between, {
      requests: [{ billingTranId, amount: 1500 }],
    });
    const { unexpected, different, ambiguous } = expectationOf(review);
    equal([unexpected, different, ambiguous], [1, 1, 1]);
    const found = review.findings.find(({ kind }) => kind === "ambiguous_match");
    equal([found?.severity, found?.rows, found?.expectedRows], ["notice", [0, 1], [0]]);
  },

  async "ten thousand against ten thousand match whole, whatever their order and by which key"({
    client,
  }) {
    const payple = client();
    const { requests } = await payple.lookupPayoutRequests("ROWS_10000");
    /** @type {Record<string, (request: PayoutRequest) => ExpectedPayoutRequest>} */
    const kinds = {
      billingTranId: ({ billingTranId, printContent, amount }) => ({
        billingTranId,
        printContent,
        amount,
      }),
      subId: ({ subId, amount }) => ({ subId, amount }),
      printContent: ({ printContent, amount }) => ({ printContent, amount }),
      amount: ({ amount }) => ({ amount }),
    };
    for (const [key, pick] of Object.entries(kinds)) {
      const list = requests.map(pick).sort((a, b) => Number(a.amount) - Number(b.amount));
      const { review } = await payple.lookupPayoutRequests("ROWS_10000", {
        expect: { requests: list },
      });
      const { matchedBy, matched, ambiguous } = expectationOf(review);
      equal([review.consistent, matchedBy, matched, ambiguous], [true, key, 10000, 0]);
    }
  },

  async "a list is matched by one key, and a line without it is named"({
    client,
    reviewPayoutRequests,
  }) {
    const group = await client().lookupPayoutRequests("CLEAN_128");
    /** @type {ExpectedPayoutRequest[]} */
    const requests = group.requests.map(({ billingTranId, amount }) => ({ billingTranId, amount }));
    const byAmount = reviewPayoutRequests(group, { requests, matchBy: "amount" });
    equal(expectationOf(byAmount).matchedBy, "amount");
    delete requests[5].billingTranId;
    for (const [matchBy, why] of /** @type {[MatchBy | undefined, string][]} */ ([
      [undefined, "other lines have one, so all are matched by it"],
      ["billingTranId", "the list is matched by it"],
    ])) {
      const error = await failure(
        (async () => reviewPayoutRequests(group, { requests, matchBy }))(),
      );
      equal(
        [error.kind, error.message],
        ["invalid_input", `expect.requests[5].billingTranId is missing: ${why}`],
      );
    }
  },

  async "a group that changed since it was reviewed is told"({ client, reviewPayoutRequests }) {
    const payple = client();
    const group = await payple.lookupPayoutRequests("CLEAN_128");
    const expect = { fingerprint: group.fingerprint };
    equal(/^v1:[0-9a-f]{64}$/.test(group.fingerprint), true);
    const again = await payple.lookupPayoutRequests("CLEAN_128", { expect });
    equal([again.review.consistent, again.fingerprint], [true, group.fingerprint]);

    const reversed = { ...group, requests: [...group.requests].reverse() };
    const kinds = (/** @type {PayoutRequestGroup} */ of) =>
      reviewPayoutRequests(of, expect).findings.map(({ kind }) => kind);
    equal(kinds(reversed).includes("changed_since_review"), false);
    const [first, ...rest] = group.requests;
    const changed = { ...group, requests: [{ ...first, billingTranId: "other" }, ...rest] };
    equal(kinds(changed), ["changed_since_review"]);
    equal(reviewPayoutRequests(changed, expect).consistent, false);
  },

  async "rows of a table of one's own are read as they are"({ client, reviewPayoutRequests }) {
    const payple = client();
    const group = await payple.lookupPayoutRequests("CLEAN_128");
    class Row {
      #request;
      constructor(/** @type {PayoutRequest} */ request) {
        this.#request = request;
        this.itself = this;
      }
      get billingTranId() {
        return this.#request.billingTranId;
      }
      get amount() {
        return BigInt(this.#request.amount);
      }
    }
    const requests = group.requests.map((request) => new Row(request));
    const expect = { requests, total: BigInt(group.total) };
    const { review } = await payple.lookupPayoutRequests("CLEAN_128", { expect });
    equal([review.consistent, expectationOf(review).matched], [true, 128]);
    equal(reviewPayoutRequests(group, expect), review);
    /** @type {any[]} more than the declarations of a group allow */
    const own = group.requests.map((request) => ({ ...request, amount: BigInt(request.amount) }));
    equal(reviewPayoutRequests({ ...group, requests: own }, expect), review);
  },

  async "a list is compared as JSON would write it, looked up or held"({
    client,
    reviewPayoutRequests,
  }) {
    const payple = client();
    const group = await payple.lookupPayoutRequests("CLEAN_128");
    const json = (/** @type {unknown} */ value) => ({ toJSON: () => value });
    const [first, second, third, ...rest] = group.requests;
    /** @type {any[]} more than the declarations of a list allow */
    const list = [
      {
        ...first,
        amount: `00${first.amount}`,
        subId: null,
        printContent: "",
        remainingLimit: "unknown",
        groupKey: false,
      },
      json({ billingTranId: second.billingTranId, amount: second.amount + 1 }),
      { billingTranId: json(third.billingTranId), amount: json(third.amount), memo: undefined },
      ...rest,
      { billingTranId: 7, subId: undefined, amount: -0 },
    ];
    for (const requests of [list, /** @type {any} */ (json(list))]) {
      const { review } = await payple.lookupPayoutRequests("CLEAN_128", { expect: { requests } });
      const { matched, missing, different } = expectationOf(review);
      equal([matched, missing, different], [127, 1, 1]);
      equal(reviewPayoutRequests(group, { requests }), review);
    }
    /** @type {any[]} more than the declarations of a group allow */
    const texts = group.requests.map((row) => ({
      ...row,
      amount: String(row.amount),
      remainingLimit: String(row.remainingLimit),
    }));
    equal(
      reviewPayoutRequests({ ...group, requests: texts }, { requests: list }),
      reviewPayoutRequests(group, { requests: list }),
    );
  },

  async "what the look-up found of other partners stays found"({ client, reviewPayoutRequests }) {
    const group = await client().lookupPayoutRequests("REVIEW_FOREIGN_PARTNER");
    const { consistent, findings } = reviewPayoutRequests(group, { count: group.count });

    equal([consistent, findings], [false, group.review.findings]);
    // A model says as JSON what it holds.
    const model = /** @type {any} */ ({ toJSON: () => group });
    equal(reviewPayoutRequests(model, { count: group.count }).findings, group.review.findings);
  },

  async "a wrong expectation is named, not repeated, and nothing is sent"({
    client,
    sandbox,
    PaypleError,
    reviewPayoutRequests,
  }) {
    const payple = client();
    /** @type {{ requests?: object }} */
    const circular = {};
    circular.requests = circular;
    /** @type {[any, string][]} what nobody may give */
    const wrong = [
      [null, "expect must be an object"],
      ["canary", "expect must be an object"],
      [[], "expect is not an object"],
      [{}, "expect names no total, count, requests or fingerprint"],
      [
        { request: [] },
        'expect has no field "request"; it may have total, count, requests, matchBy, fingerprint',
      ],
      [
        { total: 1, totall: undefined },
        'expect has no field "totall"; it may have total, count, requests, matchBy, fingerprint',
      ],
      [circular, "expect.requests is not a list"],
      [{ total: Number.NaN, count: 4 }, "expect.total is not a finite number"],
      [{ total: 1, count: () => 4 }, "expect.count cannot be written as JSON"],
      [{ total: 1, matchBy: "subId" }, "expect.matchBy is given without expect.requests"],
      [
        { requests: [], matchBy: "canary" },
        "expect.matchBy is none of billingTranId, subId, printContent, amount",
      ],
      [{ fingerprint: "canary" }, 'expect.fingerprint is not "v1:" and 64 hexadecimal digits'],
      [{ total: 0.5 }, "expect.total is not a whole amount of won"],
      [{ total: "canary" }, "expect.total is not a whole amount of won"],
      [{ count: -1 }, "expect.count is not a whole number"],
      [{ requests: "canary" }, "expect.requests is not a list"],
      [{ requests: [{ amount: 1 }, null] }, "expect.requests[1] is not an object"],
      [{ requests: [{ amount: Number.NaN }] }, "expect.requests[0].amount is not a finite number"],
      [
        { requests: [{ amount: 2 ** 53 }] },
        "expect.requests[0].amount is beyond what a number holds exactly: a bigint or a text does",
      ],
      [
        { requests: [{ amount: "1,000" }] },
        "expect.requests[0].amount is not a whole amount of won",
      ],
      [
        { requests: [{ amount: 1, billingTranId: "" }] },
        "expect.requests[0].billingTranId is empty",
      ],
      [{ requests: [{ amount: 1, subId: ["canary"] }] }, "expect.requests[0].subId is not a text"],
      [
        { requests: [{ amount: 1, printContent: 0.5 }] },
        "expect.requests[0].printContent is not a text",
      ],
    ];
    const group = { groupKey: "G", total: 0, count: 0, requests: [] };
    for (const [expect, message] of wrong) {
      for (const compare of [
        () => payple.lookupPayoutRequests(GROUP, { expect }),
        async () => reviewPayoutRequests(group, expect),
      ]) {
        const error = await failure(compare());
        equal(
          [error instanceof PaypleError, error.kind, error.message, error.phase],
          [true, "invalid_input", message, undefined],
        );
      }
    }
    const row = { groupKey: "G", billingTranId: "B", amount: 1, remainingLimit: 1 };
    /** @type {[any, string][]} what nobody may give */
    const wrongGroups = [
      [undefined, "group must be an object"],
      [{ ...group, groupKey: "" }, "group.groupKey is empty"],
      // Without one of these less would be checked, and the rest found consistent.
      [{ groupKey: "G", count: 0, requests: [] }, "group.total is missing"],
      [{ ...group, count: undefined }, "group.count is missing"],
      [{ ...group, requests: null }, "group.requests is missing"],
      [
        { ...group, total: 1, requests: [row, { ...row, amount: "canary" }] },
        "group.requests[1].amount is not a whole amount of won",
      ],
      [{ ...group, requests: "canary" }, "group.requests is not a list"],
      [{ ...group, requests: [row, ["canary"]] }, "group.requests[1] is not an object"],
      [
        { ...group, requests: [{ ...row, billingTranId: "" }] },
        "group.requests[0].billingTranId is missing",
      ],
      [{ ...group, total: "canary" }, "group.total is not a whole, non-negative number"],
    ];
    for (const [group, message] of wrongGroups) {
      const error = await failure((async () => reviewPayoutRequests(group, { count: 0 }))());
      equal([error.kind, error.message], ["invalid_input", message]);
    }
    equal((await stats(sandbox)).requests, 0);
    equal(
      (await payple.lookupPayoutRequests(GROUP, { expect: undefined })).review.expectation,
      undefined,
    );
  },

  async "a group without requests is an answer"({ client }) {
    const group = await client().lookupPayoutRequests("EMPTY");

    equal([group.total, group.count, group.requests, group.review.consistent], [0, 0, [], true]);
  },

  async "a billing key is a card, an account, or something newer"({ client }) {
    const payple = client();
    const card = await payple.lookupBillingKey(CARD);
    const account = await payple.lookupBillingKey(ACCOUNT);
    const other = await payple.lookupBillingKey("BK_OTHER");

    equal(card, {
      type: "card",
      card: { code: "0200", name: "BC카드", number: "1111-****-****-2222" },
      taxable: true,
      payerId: CARD,
      payerName: "홍길동",
      payerPhone: "010-****-5678",
      ownerType: "개인",
      code: "0000",
      message: "회원조회 성공",
    });
    equal(
      [account.type, account.type === "transfer" && account.bank],
      ["transfer", { code: "081", name: "KEB하나은행", number: "123-********-021" }],
    );
    equal([other.type, other.type === "other" && typeof other.rawType], ["other", "string"]);
  },

  async "many billing keys have one result each, and one authentication"({ client, sandbox }) {
    const keys = [...Array.from({ length: 30 }, (_, at) => `BK_CARD_0${10 + at}`), "BK_UNKNOWN"];
    /** @type {(BillingKeyResult & { code?: string })[]} */
    const results = [];
    for await (const result of client().lookupBillingKeys(keys, { perSecond: 1_000 }))
      results[result.index] = result;
    equal(
      results.map(({ payerId, status, code }) => [payerId, status, code]),
      keys.map((key) =>
        key === "BK_UNKNOWN" ? [key, "not_registered", "SPCD0001"] : [key, "registered", undefined],
      ),
    );
    equal((await stats(sandbox)).calls.auth, 1);
  },

  async "500 concurrent cold look-ups of each kind cost one token and one authentication"({
    client,
    sandbox,
  }) {
    const payple = client();
    await Promise.all(
      Array.from({ length: 500 }, () => [
        payple.lookupPayoutRequests(GROUP),
        payple.lookupBillingKey(CARD),
      ]).flat(),
    );

    const { calls } = await stats(sandbox);
    equal(calls, { token: 1, auth: 1, payout: 500, billing: 500 });
  },

  async "a failed authentication fails all who wait for it, and the next call tries afresh"({
    client,
    sandbox,
  }) {
    const payple = client();
    await post(sandbox, "faults", { endpoint: "token", fault: "T0300", times: 1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => payple.lookupPayoutRequests(GROUP)),
    );

    equal(outcomes.length, 20);
    for (const outcome of outcomes) {
      const { kind, code, phase } = outcome.status === "rejected" ? outcome.reason : {};
      equal([kind, code, phase], ["authentication", "T0300", "token"]);
    }
    equal((await stats(sandbox)).calls.token, 1);
    equal((await payple.lookupPayoutRequests(GROUP)).count, 4);
  },

  async "one caller's signal does not cancel the authentication that others wait for"({
    client,
    sandbox,
  }) {
    const payple = client();
    await post(sandbox, "faults", { endpoint: "token", fault: "SLOW_ANSWER-200", times: 1 });
    const controller = new AbortController();
    const first = payple.lookupPayoutRequests(GROUP, { signal: controller.signal });
    const second = payple.lookupPayoutRequests(GROUP);
    setTimeout(() => controller.abort(), 50);

    equal((await failure(first)).kind, "aborted");
    equal((await second).count, 4);
    equal((await stats(sandbox)).calls, { token: 1, auth: 0, payout: 1, billing: 0 });
  },

  async "whatever the reason, an abort rejects with kind aborted and the reason as cause"({
    client,
    PaypleError,
  }) {
    const payple = client();
    for (const reason of ["stop", { why: "because" }, null, 0, new Error("mine")]) {
      const controller = new AbortController();
      const lookUp = payple.lookupPayoutRequests("FAULT_NO_ANSWER", { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      const error = await failure(lookUp);
      equal([error instanceof PaypleError, error.kind, error.retryable], [true, "aborted", false]);
      equal(error.cause === reason, true);
    }
    const controller = new AbortController();
    controller.abort();
    const error = await failure(payple.lookupBillingKey(CARD, { signal: controller.signal }));
    equal([error.kind, error.cause === controller.signal.reason], ["aborted", true]);
  },

  async "a signal that is aborted after the answer changes nothing"({ client }) {
    const controller = new AbortController();
    const group = await client().lookupPayoutRequests(GROUP, { signal: controller.signal });
    controller.abort();

    equal(group.count, 4);
  },

  async "the time allowed covers the body and is not extended by retries"({ client, sandbox }) {
    const payple = client();
    // With the token in hand the time allowed is that of the look-up alone, however busy the
    // machine is.
    await payple.lookupPayoutRequests(GROUP);
    for (const fault of ["FAULT_NO_ANSWER", "FAULT_SLOW_DRIP-50", "FAULT_NO_ANSWER-2"])
      equal(
        (await failure(payple.lookupPayoutRequests(fault, { timeoutMs: 300 }))).kind,
        "timeout",
      );

    equal((await stats(sandbox)).calls.payout, 4);
  },

  async "a fetch that ignores its signal is timed out all the same"({ client }) {
    const error = await failure(
      client({ timeoutMs: 100, fetch: () => new Promise(() => {}) }).lookupPayoutRequests(GROUP),
    );

    equal([error.kind, error.phase, error.retryable], ["timeout", "token", true]);
  },

  async "what may pass is tried again"({ client, sandbox }) {
    const payple = client();
    equal((await payple.lookupPayoutRequests("FAULT_500_ONCE-suite")).code, "A0000");
    equal((await payple.lookupPayoutRequests("FAULT_503_TWICE-suite")).code, "A0000");
    equal((await payple.lookupPayoutRequests("FAULT_RESET_ONCE-suite")).code, "A0000");
    equal((await payple.lookupPayoutRequests("FAULT_429_ONCE-0")).code, "A0000");

    equal((await stats(sandbox)).calls.payout, 9);
  },

  async "no more often than maxRetries says"({ client, sandbox }) {
    const error = await failure(client({ maxRetries: 0 }).lookupPayoutRequests("FAULT_503_HTML"));
    equal(
      [error.kind, error.httpStatus, error.phase, error.retryable],
      ["unavailable", 503, "lookup", true],
    );
    equal((await stats(sandbox)).calls.payout, 1);

    equal((await failure(client().lookupPayoutRequests("FAULT_503_HTML"))).kind, "unavailable");
    equal((await stats(sandbox)).calls.payout, 4);
  },

  async "a long Retry-After is told instead of waited for"({ client, sandbox }) {
    const error = await failure(client().lookupPayoutRequests("FAULT_429_RETRY_AFTER-120"));

    equal([error.kind, error.httpStatus, error.retryAfterMs], ["unavailable", 429, 120000]);
    equal((await stats(sandbox)).calls.payout, 1);
  },

  async "a revoked token is replaced once"({ client, sandbox }) {
    const payple = client();
    await Promise.all([payple.lookupPayoutRequests(GROUP), payple.lookupBillingKey(CARD)]);
    await post(sandbox, "revoke", { service: "hub" });
    await post(sandbox, "revoke", { service: "cpay" });
    await Promise.all(
      Array.from({ length: 50 }, () => [
        payple.lookupPayoutRequests(GROUP),
        payple.lookupBillingKey(CARD),
      ]).flat(),
    );

    const { calls } = await stats(sandbox);
    equal([calls.token, calls.auth], [2, 2]);
  },

  async "a token refused for good fails after exactly one replacement"({ client, sandbox }) {
    const error = await failure(client().lookupPayoutRequests("FAULT_TOKEN_REFUSED"));

    equal([error.kind, error.phase], ["authentication", "lookup"]);
    const { calls } = await stats(sandbox);
    equal([calls.token, calls.payout], [2, 2]);
  },

  async "an expired token is replaced: the hub's, whose life is told, before it is sent in vain"({
    client,
    sandbox,
  }) {
    const payple = client();
    await post(sandbox, "lifetimes", { tokenMs: 3000, authMs: 3000 });
    await payple.lookupPayoutRequests(GROUP);
    await payple.lookupBillingKey(CARD);
    await new Promise((resolve) => setTimeout(resolve, 3100));
    equal((await payple.lookupPayoutRequests(GROUP)).count, 4);
    equal((await payple.lookupBillingKey(CARD)).type, "card");

    equal((await stats(sandbox)).calls, { token: 2, auth: 2, payout: 2, billing: 3 });
  },

  async "a store is shared between clients and learns nothing"({ client, sandbox }) {
    /** @type {Map<string, { value: string, ttlSeconds: number }>} */
    const entries = new Map();
    /** @type {TokenStore} */
    const tokenStore = {
      get: (key) => entries.get(key)?.value,
      set: async (key, value, ttlSeconds) => void entries.set(key, { value, ttlSeconds }),
      delete: (key) => entries.delete(key),
    };
    await Promise.all([
      client({ tokenStore }).lookupPayoutRequests(GROUP),
      client({ tokenStore }).lookupBillingKey(CARD),
    ]);
    await Promise.all([
      client({ tokenStore }).lookupPayoutRequests(GROUP),
      client({ tokenStore }).lookupBillingKey(CARD),
    ]);

    const { calls } = await stats(sandbox);
    equal([calls.token, calls.auth], [1, 1]);
    equal(
      [...entries.values()].map(({ ttlSeconds }) => ttlSeconds).sort((a, b) => a - b),
      [55, 1500],
    );
    const seen = JSON.stringify([...entries]);
    for (const secret of ["abcd1234567890", "AuthKey", "127.0.0.1"])
      equal(seen.includes(secret), false);
    // As words: three letters come up by chance now and then in what is random.
    equal(/(?<![A-Za-z0-9])(test|hub|cpay)(?![A-Za-z0-9])/i.test(seen), false);
  },

  async "a store that fails, lies or is foreign means authenticate"({ client, sandbox }) {
    const broken = () => {
      throw new Error("store down");
    };
    equal(
      (
        await client({
          tokenStore: { get: broken, set: broken, delete: broken },
        }).lookupPayoutRequests(GROUP)
      ).count,
      4,
    );

    const entries = new Map();
    /** @type {TokenStore} */
    const tokenStore = {
      get: (key) => entries.get(key),
      set: (key, value) => entries.set(key, value),
      delete: (key) => entries.delete(key),
    };
    await client({ tokenStore }).lookupPayoutRequests(GROUP);
    await client({ tokenStore }).lookupBillingKey(CARD);
    const [[hub, hubToken], [cpay, cpayToken]] = entries;
    entries.set(hub, cpayToken).set(cpay, hubToken);
    await client({ tokenStore }).lookupPayoutRequests(GROUP);
    for (const nonsense of ["", "%%%", "AAAA", "{}", 7, null]) {
      entries.set(hub, nonsense);
      equal((await client({ tokenStore }).lookupPayoutRequests(GROUP)).count, 4);
    }
    equal((await stats(sandbox)).calls.token, 9);
  },

  async "every exchange is an event, and a listener that throws harms nothing"({ client }) {
    /** @type {ExchangeEvent[]} */
    const events = [];
    const payple = client({
      onExchange(event) {
        events.push(event);
        throw new Error("listener");
      },
    });
    await payple.lookupPayoutRequests("FAULT_500_ONCE-events");
    await new Promise((resolve) => setTimeout(resolve, 10));

    equal(
      events.map(({ service, phase, attempt, status, kind }) => ({
        service,
        phase,
        attempt,
        status,
        kind,
      })),
      [
        { service: "hub", phase: "token", attempt: 0, status: 200, kind: undefined },
        { service: "hub", phase: "lookup", attempt: 0, status: 500, kind: "unavailable" },
        { service: "hub", phase: "lookup", attempt: 1, status: 200, kind: undefined },
      ],
    );
    equal(
      events.every(({ durationMs }) => Number.isFinite(durationMs)),
      true,
    );
  },

  async "a listener may look something up itself"({ client }) {
    /** @type {Promise<BillingKey> | undefined} */
    let nested;
    const payple = client({
      onExchange() {
        nested ??= payple.lookupBillingKey(CARD);
      },
    });
    await payple.lookupPayoutRequests(GROUP);

    equal((await nested)?.type, "card");
  },

  async "the hub may have credentials of its own"({ client, PaypleError }) {
    const wrong = { cstId: "nobody", custKey: "nothing" };
    const mixed = client({
      ...wrong,
      hubCredentials: { cstId: "test", custKey: "abcd1234567890" },
    });

    equal((await mixed.lookupPayoutRequests(GROUP)).count, 4);
    const error = await failure(mixed.lookupBillingKey(CARD));
    equal(
      [error instanceof PaypleError, error.kind, error.phase],
      [true, "authentication", "token"],
    );
    equal(/^AUTH000[123]$/.test(String(error.code)), true);
  },

  async "every kind of error can be told apart"({ client, PaypleClient, sandbox }) {
    const payple = client({ maxRetries: 0 });
    const aborted = new AbortController();
    aborted.abort();
    const kinds = {
      invalid_config: () => new PaypleClient(/** @type {any} */ ({})),
      invalid_input: () => payple.lookupPayoutRequests(""),
      authentication: () => client({ custKey: "wrong" }).lookupPayoutRequests(GROUP),
      rejected: () => payple.lookupBillingKey("BK_UNKNOWN"),
      unavailable: () =>
        client({ origins: { hub: "http://127.0.0.1:9" }, maxRetries: 0 }).lookupPayoutRequests(
          GROUP,
        ),
      timeout: () => payple.lookupPayoutRequests("FAULT_NO_ANSWER-kinds", { timeoutMs: 500 }),
      aborted: () => payple.lookupPayoutRequests(GROUP, { signal: aborted.signal }),
      protocol: () => payple.lookupPayoutRequests("FAULT_AMOUNT_NEGATIVE"),
    };
    for (const [kind, provoke] of Object.entries(kinds)) {
      const error = await failure((async () => provoke())());
      equal([kind, error.kind], [kind, kind]);
      equal(
        [error instanceof Error, error.name, typeof error.stack, error.message.length > 0],
        [true, "PaypleError", "string", true],
      );
      equal([typeof error.hint, /[가-힣]/.test(String(error.hintKo))], ["string", true]);
    }
    await stats(sandbox);
  },

  async "Payple's code and what to do about it reach the caller"({ client }) {
    const unknown = await failure(client().lookupBillingKey("BK_UNKNOWN"));
    equal([unknown.code, unknown.phase, unknown.httpStatus], ["SPCD0001", "lookup", 200]);

    const released = await failure(client().lookupBillingKey("BK_RELEASED"));
    equal(
      [released.code, typeof released.hint, typeof released.hintKo],
      ["SPCD0012", "string", "string"],
    );
  },

  async "wrong options are named and not repeated"({ client, PaypleClient, sandbox }) {
    const wrong = {
      environment: ["prod", undefined, 7],
      cstId: ["", "has space", undefined, 7, {}],
      custKey: ["", "line\nbreak", null],
      referer: ["shop.example", "https://가게.example", 7],
      timeoutMs: [0, -1, 1.5, "10", Number.NaN],
      maxRetries: [-1, 0.5, 11, "2"],
      hubCredentials: [7, { cstId: "only" }, { cstId: "a", custKey: "b", key: "c" }],
      origins: ["https://relay.example", { hub: "ftp://x" }, { hubs: "https://relay.example" }],
      maxRetry: [0],
      onExchanges: [() => {}],
      fetch: ["fetch"],
      onExchange: [{}],
      tokenStore: [{}, { get() {} }],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const error = await failure(
          (async () => new PaypleClient({ ...settings(sandbox), [name]: value }))(),
        );
        equal([name, value, error.kind, error.phase], [name, value, "invalid_config", undefined]);
      }
    }
    for (const options of /** @type {any[]} */ ([undefined, null, "options"]))
      equal((await failure((async () => new PaypleClient(options))())).kind, "invalid_config");
    const misspelt = await failure(
      (async () => {
        const origins = /** @type {object} */ ({ hubs: "x" });
        return new PaypleClient({ ...settings(sandbox), origins });
      })(),
    );
    equal(misspelt.message, 'origins must not have "hubs"; known are hub, cpay');
    // Where two options have fields of one name, the message says whose it is.
    const address = "an origin must be https://host[:port] or http://host[:port], without a path";
    const space = "contains white space or control characters";
    /** @type {[object, string][]} */
    const nested = [
      [{ origins: { hub: "ftp://x" } }, `origins.hub: ${address}`],
      [{ origins: { hub: sandbox, cpay: "https://x/y" } }, `origins.cpay: ${address}`],
      [{ origins: { cpay: 7 } }, "origins.cpay must be a string"],
      [{ hubCredentials: { cstId: "a b", custKey: "k" } }, `hubCredentials.cstId ${space}`],
      [{ hubCredentials: { cstId: "a", custKey: "" } }, "hubCredentials.custKey is empty"],
      [{ hubCredentials: { cstId: "a" } }, "hubCredentials.custKey is missing"],
      [{ cstId: "a b" }, `cstId ${space}`],
    ];
    for (const [options, message] of nested)
      equal((await failure((async () => client(options))())).message, message);
    // Plain http beyond this machine is for Payple's public test pair in test alone.
    const origins = { cpay: "http://not-this-machine.example", hub: "http://sandbox:8788" };
    equal(typeof client({ origins }), "object");
    /** @type {Options[]} */
    const secrets = [{ custKey: "a-key-of-ones-own" }, { environment: "live" }];
    for (const secret of secrets) {
      const error = await failure((async () => client({ ...secret, origins }))());
      equal([error.kind, error.message.includes("https")], ["invalid_config", true]);
      equal(/^origins\.hub: an origin must be https, /.test(error.message), true);
      const { message } = await failure(
        (async () => client({ ...secret, origins: { cpay: origins.cpay } }))(),
      );
      equal(/^origins\.cpay: an origin must be https, /.test(message), true);
    }
    equal(typeof client({ referer: "https://shop.example", hubCredentials: undefined }), "object");
  },

  async "wrong input is named before anything is sent"({ client, sandbox }) {
    const payple = client();
    /** @type {any[]} what nobody may give */
    const keys = ["", "a b", "a\n", "k".repeat(256), undefined, 7, {}];
    for (const key of keys) {
      equal((await failure(payple.lookupPayoutRequests(key))).kind, "invalid_input");
      equal((await failure(payple.lookupBillingKey(key))).kind, "invalid_input");
    }
    const misspelt = { expects: { total: 1 } };
    /** @type {any[]} what nobody may give */
    const wrong = [null, 7, { signal: {} }, { timeoutMs: 0 }, { timeoutMs: "1" }, misspelt];
    for (const options of wrong) {
      equal((await failure(payple.lookupPayoutRequests(GROUP, options))).kind, "invalid_input");
    }
    equal((await stats(sandbox)).requests, 0);
  },

  async "a live billing-key look-up needs the Referer setting"({ client, sandbox }) {
    const error = await failure(client({ environment: "live" }).lookupBillingKey(CARD));

    equal([error.kind, error.hint?.includes("Referer")], ["invalid_config", true]);
    equal((await stats(sandbox)).requests, 0);
  },

  async "replies beyond all measure are refused while they arrive"({ client }) {
    const payple = client({ maxRetries: 0 });
    equal((await failure(payple.lookupPayoutRequests("FAULT_HUGE_BODY-20"))).kind, "protocol");
    equal((await failure(payple.lookupPayoutRequests("FAULT_GZIP_BOMB-64"))).kind, "protocol");
  },

  async "a redirect is not followed"({ client, sandbox }) {
    for (const status of [301, 302, 303, 307, 308]) {
      equal(
        (await failure(client({ maxRetries: 0 }).lookupPayoutRequests(`FAULT_REDIRECT_${status}`)))
          .kind,
        "protocol",
      );
    }
    equal((await stats(sandbox)).redirectsFollowed, 0);
  },

  async "nothing that is printed holds a secret"({ PaypleClient, sandbox }) {
    const canaries = {
      cstId: "canary-cst-id",
      custKey: "canary-cust-key",
      payerId: "canary-payer-id",
      token: "canary-token-0123456789",
    };
    /** @type {FetchLike} */
    const echoing = async (url, request) => {
      const said = JSON.parse(request.body);
      const all = `${Object.values(said).join(" ")} ${JSON.stringify(request.headers)}`;
      if (String(url).endsWith("/oauth/token")) {
        return Response.json({
          result: "T0000",
          code: said.code,
          access_token: canaries.token,
          expires_in: "60",
        });
      }
      return Response.json({
        result: "N0101",
        message: all,
        result_msg: `[AUTH0001] ${all}`,
        PCD_PAY_RST: "error",
        PCD_PAY_CODE: "X1",
        PCD_PAY_MSG: all,
      });
    };
    /** @type {ExchangeEvent[]} */
    const events = [];
    const { cstId, custKey } = canaries;
    const payple = new PaypleClient({
      ...settings(sandbox),
      cstId,
      custKey,
      fetch: echoing,
      onExchange: (event) => events.push(event),
    });
    const failing = new PaypleClient({
      ...settings(sandbox),
      cstId,
      custKey,
      maxRetries: 0,
      fetch: (url, request) =>
        Promise.reject(new TypeError(`failed ${url} ${JSON.stringify(request)}`)),
    });
    const errors = [
      await failure(payple.lookupPayoutRequests("canary-group-key")),
      await failure(payple.lookupBillingKey(canaries.payerId)),
      await failure(failing.lookupPayoutRequests("canary-group-key")),
      await failure(
        (async () =>
          new PaypleClient({ ...settings(sandbox), cstId, custKey: "canary with space" }))(),
      ),
    ];
    const { inspect } = await import("node:util").catch(() => ({ inspect: String }));
    for (const thing of /** @type {any[]} */ ([payple, ...errors, ...events])) {
      for (const shown of [
        String(thing),
        JSON.stringify(thing),
        inspect(thing, { depth: 9, showHidden: true }),
        thing.message,
        thing.hint,
      ]) {
        equal(/canary/.exec(shown ?? "")?.input, undefined);
      }
    }
    equal(events.length >= 3, true);
  },
};

/** @param {string} sandbox @returns {PaypleClientOptions} */
function settings(sandbox) {
  return {
    environment: "test",
    cstId: "test",
    custKey: "abcd1234567890",
    origins: { hub: sandbox, cpay: sandbox },
    // A busy machine takes its time: only who tests a time-out allows less.
    timeoutMs: 60_000,
  };
}

/**
 * The comparison with what was expected: a review has it where something was.
 * @param {PayoutReview} review
 */
function expectationOf({ expectation }) {
  if (expectation === undefined) throw new Error("nothing was compared");
  return expectation;
}

/** @param {string} sandbox @returns {Promise<SandboxStats>} */
async function stats(sandbox) {
  return (await fetch(`${sandbox}/__sandbox/stats`)).json();
}

/** @param {string} sandbox @param {string} what @param {object} [body] */
async function post(sandbox, what, body = {}) {
  const response = await fetch(`${sandbox}/__sandbox/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${what}`);
  await response.arrayBuffer();
}

/**
 * The error that a look-up ends with.
 * @param {Promise<unknown>} promise
 * @returns {Promise<PaypleError>}
 */
async function failure(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return /** @type {PaypleError} */ (error);
  }
  throw new Error(`succeeded, but should have failed: ${JSON.stringify(answer)?.slice(0, 200)}`);
}

function equal(/** @type {unknown} */ actual, /** @type {unknown} */ expected) {
  const [a, b] = [stable(actual), stable(expected)];
  if (a !== b) throw new Error(`expected ${b}\n     got ${a}`);
}

/** JSON with sorted keys, so that only what is there counts. */
function stable(/** @type {unknown} */ value) {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort())
      : part,
  );
}
