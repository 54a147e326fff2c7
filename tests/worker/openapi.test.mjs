// The description of the API agrees with what the Worker answers.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { z } from "zod";
import { payoutGroupSamples, startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, cookieOf, startWorkers } from "./workers.mjs";

/**
 * What is read of a description.
 *
 * @typedef {{ $ref: string }} Reference
 * @typedef {Record<string, { schema: object }>} Content
 * @typedef {{ headers?: object, content?: Content }} Described
 * @typedef {object} Operation
 * @property {{ content: Content }} requestBody
 * @property {{ name: string, schema: object }[]} parameters
 * @property {Record<string, Described | Reference>} responses
 * @typedef {object} Description
 * @property {string} openapi
 * @property {Record<string, Record<string, Operation>>} paths
 * @property {{ schemas: object, responses: Record<string, Described> }} components
 */

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, RequestHeaders, Workers } from "./workers.mjs"
 */

/** Of one who has no role that a look-up or the record needs. */
const POWERLESS = randomBytes(32).toString("base64url");
const NAMED_TOKENS = [
  {
    name: "powerless",
    kind: "program",
    sha256: createHash("sha256").update(POWERLESS).digest("hex"),
    roles: ["export"],
    expires: "2099-12-31",
  },
];
const BROKEN_RECORD = `
  export class AccessRecords { fetch() { return new Response("no", { status: 500 }); } }
  export default { fetch: () => new Response() };`;
const SAMPLE_KEY = "BK_OTHER";

/**
 * A good request to each operation.
 *
 * @type {[method: string, path: string, body?: object, query?: string][]}
 */
const OPERATIONS = [
  ["POST", "/api/payout-requests", { groupKey: "Q0RSSkYzWUI3" }],
  ["POST", "/api/billing-key", { payerId: SAMPLE_KEY }],
  ["POST", "/api/billing-keys", { payerIds: [SAMPLE_KEY] }],
  ["POST", "/api/actions", { action: "show", payerIds: [SAMPLE_KEY], rows: 1 }],
  ["GET", "/api/access-records"],
  ["POST", "/api/access-records", { subject: SAMPLE_KEY }],
  ["GET", "/api/access-records/summary", undefined, "?from=2026-01-01&to=2026-12-31"],
  ["POST", "/api/session", { token: ADMIN_TOKEN }],
  ["GET", "/api/session"],
  ["DELETE", "/api/session"],
  ["GET", "/healthz"],
  ["GET", "/openapi.json"],
];
/** What other tests have seen: a body that does not arrive, a fault of ours, and Payple's. */
const SEEN_ELSEWHERE = [408, 422, 500, 502, 503, 504];
/** Of a record that has a next page. */
const OF_MORE = ["Link", "Next-Cursor"];
const BEARER = { Authorization: `Bearer ${ADMIN_TOKEN}` };

describe("the OpenAPI description", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** @type {Description} */
  let description;
  before(async () => {
    sandbox = await startSandbox();
    workers = await startWorkers({
      good: { origin: sandbox.origin },
      faulty: { settings: { PAYPLE_CUST_KEY: undefined, NAMED_TOKENS } },
      named: { origin: sandbox.origin, settings: { NAMED_TOKENS } },
      limited: { origin: sandbox.origin, limit: 1, settings: { NAMED_TOKENS } },
      closed: { settings: { ADMIN_TOKEN: undefined } },
      unrecorded: { origin: sandbox.origin, records: "brokenRecord", settings: { NAMED_TOKENS } },
      brokenRecord: { script: BROKEN_RECORD, records: "brokenRecord" },
    });
    description = await (await workers.good.fetch("/openapi.json")).json();
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  /** Checks an answer against what is described for it. */
  async function described(
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {Response} */ response,
  ) {
    const { responses } = description.paths[path][method.toLowerCase()];
    const told = responses[response.status];
    const expected =
      told && "$ref" in told
        ? description.components.responses[told.$ref.split("/").at(-1) ?? ""]
        : told;
    assert.ok(expected, `${method} ${path} ${response.status} is not described`);
    for (const name of Object.keys(expected.headers ?? {})) {
      const isAlways = name === "Retry-After" ? response.status === 429 : !OF_MORE.includes(name);
      if (isAlways) assert.ok(response.headers.has(name), `${name} is missing`);
    }
    if (!expected.content) return assert.equal(await response.text(), "");
    const type = response.headers.get("Content-Type") ?? "";
    assert.ok(expected.content[type], `${method} ${path} ${response.status}: ${type}`);
    const problem = schema(expected.content[type].schema).safeParse(await response.json()).error;
    assert.equal(problem?.message, undefined, `${method} ${path} ${response.status}`);
  }

  function schema(/** @type {object} */ of) {
    const text = JSON.stringify({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...of,
      $defs: description.components.schemas,
    });
    const { discriminator, ...rest } = JSON.parse(
      text.replaceAll("#/components/schemas/", "#/$defs/"),
    );
    return z.fromJSONSchema(rest);
  }

  test("is OpenAPI 3.1 and open to everybody", async () => {
    assert.match(description.openapi, /^3\.1\./);
  });

  test("describes every payout group", async () => {
    for (const { key } of payoutGroupSamples) {
      if (key.startsWith("ROWS")) continue;
      const response = await workers.good.payoutRequests(key);
      assert.equal(response.status, 200, key);
      await described("POST", "/api/payout-requests", response);
    }
  });

  test("describes a group that was compared", async () => {
    const requests = [
      { amount: 1_000 },
      { billingTranId: "nobody", amount: "77000" },
      { subId: "test12385610", amount: 1_500 },
    ];
    for (const expect of [{ total: 1, count: "1" }, { requests }]) {
      await described(
        "POST",
        "/api/payout-requests",
        await workers.good.compare("Q0RSSkYzWUI3", expect),
      );
    }
    await described("POST", "/api/payout-requests", await workers.good.compare("Q0RSSkYzWUI3", {}));
  });

  test("describes which numbers may be expected, and in words what a schema cannot say", async () => {
    const max = Number.MAX_SAFE_INTEGER;
    const body = schema(
      description.paths["/api/payout-requests"].post.requestBody.content["application/json"].schema,
    );
    for (const number of [
      0,
      1_000,
      max,
      max + 1,
      -1,
      10.5,
      true,
      null,
      "0",
      "001000",
      String(max),
      "",
      "-1",
      "1,000",
      "1e3",
      "1.0",
    ]) {
      for (const expect of [
        { total: number, requests: [] },
        { count: number, requests: [] },
        { requests: [{ amount: number }] },
      ]) {
        const isDescribed = body.safeParse({ groupKey: "Q0RSSkYzWUI3", expect }).success;
        assert.equal(
          (await workers.good.compare("Q0RSSkYzWUI3", expect)).status,
          isDescribed ? 200 : 400,
          JSON.stringify(expect),
        );
      }
    }
    for (const amounts of [["1000.0"], ["1e3"], [`"${max + 1}"`], [max, 1]]) {
      const list = amounts.map((amount) => `{"amount":${amount}}`);
      const text = `{"groupKey":"Q0RSSkYzWUI3","expect":{"requests":[${list}]}}`;
      assert.ok(body.safeParse(JSON.parse(text)).success, text);
      assert.equal(
        (await workers.good.post("/api/payout-requests", text, BEARER)).status,
        400,
        text,
      );
    }
  });

  test("describes which times of day end the hours of work", async () => {
    const path = "/api/access-records/summary";
    const { parameters } = description.paths[path].get;
    const closes = schema(parameters.find(({ name }) => name === "closes")?.schema ?? {});
    for (const time of ["00:01", "09:30", "23:59", "24:00", "24:01", "24:59", "25:00", "9:00"]) {
      const query = new URLSearchParams({ from: "2026-11-01", to: "2026-11-30", opens: "00:00" });
      const response = await workers.good.fetch(`${path}?${query}&closes=${time}`, {
        headers: BEARER,
      });
      assert.equal(response.status, closes.safeParse(time).success ? 200 : 400, time);
    }
  });

  test("describes every kind of billing key", async () => {
    for (const key of [
      "d0toSS9sT084bVJSNThScnFX",
      "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
      "BK_CORPORATE_CARD",
      "BK_SOLE_PROPRIETOR",
      "BK_OTHER",
    ]) {
      const response = await workers.good.billingKey(key);
      assert.equal(response.status, 200, key);
      await described("POST", "/api/billing-key", response);
    }
    await described(
      "POST",
      "/api/billing-key",
      await workers.good.billingKey("FAULT_MISSING_OPTIONAL_FIELDS"),
    );
    const payerIds = ["BK_OTHER", "BK_UNKNOWN", "", "FAULT_200_HTML", "FAULT_500_HTML"];
    const many = await workers.good.post("/api/billing-keys", { payerIds }, BEARER);
    assert.equal(many.status, 200);
    await described("POST", "/api/billing-keys", many);
  });

  test("describes every problem", async () => {
    const path = "/api/payout-requests";
    const problems = [
      await workers.good.payoutRequests(""),
      await workers.good.payoutRequests("key", {}),
      await workers.good.payoutRequests("key", { Cookie: "x=y" }),
      await workers.good.payoutRequests("NO_SUCH_KEY"),
      await workers.good.payoutRequests("FAULT_429_RETRY_AFTER-30"),
      await workers.good.payoutRequests("FAULT_EMPTY_BODY"),
      // A few bytes too many: of many more the connection may end before they are all sent.
      await workers.good.payoutRequests("x".repeat(2 * 1024 * 1024)),
      await workers.good.post(path, "x", { ...BEARER, "Content-Type": "text/plain" }),
      await workers.faulty.payoutRequests("key"),
    ];
    assert.deepEqual(
      problems.map(({ status }) => status),
      [400, 401, 403, 422, 503, 502, 413, 415, 500],
    );
    for (const response of problems) await described("POST", path, response);
  });

  test("describes whatever any operation answers, and nothing that none does", async () => {
    const powerless = { Authorization: `Bearer ${POWERLESS}` };
    for (const [method, path, body, query = ""] of OPERATIONS) {
      const seen = new Set();
      const ask = async (
        /** @type {Api} */ worker,
        /** @type {RequestHeaders} */ headers,
        /** @type {unknown} */ sent = body,
        parameters = query,
      ) => {
        const response = await worker.fetch(`${path}${parameters}`, {
          method,
          headers: {
            ...(sent !== undefined && { "Content-Type": "application/json" }),
            ...headers,
          },
          body: typeof sent === "object" ? JSON.stringify(sent) : /** @type {string} */ (sent),
        });
        seen.add(String(response.status));
        await described(method, path, response);
      };
      const { good, named, faulty, closed, limited, unrecorded } = workers;
      await ask(good, BEARER);
      await ask(good, {});
      await ask(good, { Authorization: "Bearer wrong" });
      await ask(good, { Cookie: "x=y", "Sec-Fetch-Site": "cross-site" });
      await ask(named, powerless);
      for (const worker of [faulty, closed, unrecorded]) await ask(worker, BEARER);
      await ask(faulty, powerless);
      for (let n = 0; n < 3; n += 1) await ask(limited, BEARER);
      await ask(unrecorded, { Authorization: "Bearer wrong" });
      await ask(unrecorded, powerless);
      if (body) {
        await ask(good, BEARER, "{");
        await ask(good, {}, { token: "wrong" });
        await ask(good, { ...BEARER, "Content-Type": "text/plain" });
        await ask(good, BEARER, " ".repeat(2 * 1024 * 1024 + 1));
      } else await ask(good, BEARER, undefined, "?canary=1");
      await described(method, path, await good.fetch(path, { method: "PATCH" }));
      seen.add("405");
      const told = Object.keys(description.paths[path][method.toLowerCase()].responses);
      assert.deepEqual(
        told.filter((status) => !seen.has(status) && !SEEN_ELSEWHERE.includes(Number(status))),
        [],
        `${method} ${path}`,
      );
    }
  });

  test("describes health and session", async () => {
    await described("GET", "/healthz", await workers.good.fetch("/healthz"));
    await described("GET", "/healthz", await workers.faulty.fetch("/healthz"));
    await described("GET", "/api/session", await workers.good.fetch("/api/session"));
    await described(
      "GET",
      "/api/session",
      await workers.good.fetch("/api/session", { headers: BEARER }),
    );
    const signedIn = await workers.good.post("/api/session", { token: ADMIN_TOKEN });
    const headers = {
      Cookie: cookieOf(signedIn),
      "Sec-Fetch-Site": "same-origin",
    };
    await described("POST", "/api/session", signedIn);
    await described("GET", "/api/session", await workers.good.fetch("/api/session", { headers }));
    await described(
      "DELETE",
      "/api/session",
      await workers.good.fetch("/api/session", { method: "DELETE", headers }),
    );
  });
});
