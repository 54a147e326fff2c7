// Guessing a token: wrong ones are slowed by address and by network, and a right one is never
// locked out.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, problemOf, roomInThisMinute, startWorkers } from "./workers.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
// Every Cloudflare Worker of another zone calls from here.
const OTHER_WORKERS = "2a06:98c0:3600::103";

describe("guessing", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    // As deployed, and with limits that a test reaches: 6 wrong tokens for an address, 30 for a
    // network.
    workers = await startWorkers({
      deployed: { origin, limit: 600 },
      limited: { origin, limit: 60 },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const signIn = (
    /** @type {Api} */ worker,
    /** @type {string} */ token,
    /** @type {string} */ address,
  ) => worker.post("/api/session", { token }, { ...SAME_ORIGIN, "CF-Connecting-IP": address });
  const lookUp = (
    /** @type {Api} */ worker,
    /** @type {string} */ token,
    /** @type {string} */ address,
  ) =>
    worker.payoutRequests(GROUP, { Authorization: `Bearer ${token}`, "CF-Connecting-IP": address });
  const wrong = () => randomBytes(32).toString("base64url");

  /**
   * The statuses of so many wrong tokens, one after the other; `address` may be a function of the
   * number.
   */
  const guess = async (
    /** @type {Api} */ worker,
    /** @type {number} */ count,
    /** @type {string | ((n: number) => string)} */ address,
  ) => {
    const statuses = [];
    for (let n = 0; n < count; n += 1) {
      const from = typeof address === "function" ? address(n) : address;
      const how = n % 2 ? lookUp : signIn;
      statuses.push((await how(worker, wrong(), from)).status);
    }
    return statuses;
  };

  test("wrong tokens lock no right one out, from an office or from other Workers", async () => {
    for (const address of ["203.0.113.1", OTHER_WORKERS]) {
      await roomInThisMinute();
      const statuses = await guess(workers.deployed, 120, address);
      assert.equal(statuses.at(-1), 429, "the wrong ones are slowed");

      assert.equal((await signIn(workers.deployed, ADMIN_TOKEN, address)).status, 204);
      assert.equal((await lookUp(workers.deployed, ADMIN_TOKEN, address)).status, 200);
      assert.equal((await signIn(workers.deployed, wrong(), address)).status, 429);
    }
  });

  test("wrong tokens are slowed by address, and others are not", async () => {
    await roomInThisMinute();
    const statuses = await guess(workers.limited, 20, "198.51.100.1");
    const compared = statuses.filter((status) => status === 401).length;
    // The cost of one is counted behind the answer, so one or two more may pass at once.
    assert.ok(compared >= 1 && compared <= 8, `${compared} of 6`);
    assert.deepEqual([...new Set(statuses)], [401, 429]);
    assert.deepEqual(await guess(workers.limited, 1, "192.0.2.1"), [401]);
  });

  test("they are slowed by network as well: an IPv4 /24, an IPv6 /64 and /48", async () => {
    /** @type {[addresses: (n: number) => string, neighbour: string, stranger: string][]} */
    const networks = [
      [(n) => `198.18.7.${n}`, "198.18.7.250", "198.18.8.1"],
      [(n) => `2001:db8:1:1:${n}::1`, "2001:db8:1:1:ffff::", "2001:db8:1:2::1"],
      [(n) => `2001:db8:2:${n}::1`, "2001:db8:2:ffff::1", "2001:db8:3::1"],
    ];
    for (const [addresses, neighbour, stranger] of networks) {
      await roomInThisMinute();
      const statuses = await guess(workers.limited, 60, addresses);
      const compared = statuses.filter((status) => status === 401).length;
      assert.ok(compared <= 34 && statuses.at(-1) === 429, `${compared} of 30, or of 6`);
      assert.deepEqual(await guess(workers.limited, 1, neighbour), [429]);
      assert.deepEqual(await guess(workers.limited, 1, stranger), [401]);
    }
  });

  test("no answer tells how near a token was", async () => {
    await roomInThisMinute();
    const guesses = [
      "",
      "x",
      ADMIN_TOKEN.slice(0, -1),
      `${ADMIN_TOKEN}x`,
      ADMIN_TOKEN.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
      ADMIN_TOKEN.toUpperCase() === ADMIN_TOKEN
        ? ADMIN_TOKEN.toLowerCase()
        : ADMIN_TOKEN.toUpperCase(),
      wrong(),
    ];
    const told = async (/** @type {string} */ token, /** @type {string} */ address) => {
      const response = await signIn(workers.limited, token, address);
      const { requestId, ...problem } = await problemOf(response);
      return { status: response.status, cookie: response.headers.get("Set-Cookie"), problem };
    };
    const [first, ...others] = await Promise.all(
      guesses.map((token, n) => told(token, `100.64.${n}.1`)),
    );
    assert.deepEqual([first.status, first.cookie], [401, null]);
    for (const other of others) assert.deepEqual(other, first);

    await guess(workers.limited, 20, "100.65.0.1");
    const slowed = [];
    for (const token of guesses) slowed.push(await told(token, "100.65.0.1"));
    assert.deepEqual([slowed[0].status, slowed[0].problem.kind], [429, "rate_limited"]);
    for (const other of slowed) assert.deepEqual(other, slowed[0]);
  });
});
