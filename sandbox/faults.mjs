// The fault catalogue: the one exported table, how a fault is found by its key or from the queue,
// and how it is played.

import { addressFaults } from "./faults/addresses.mjs";
import { billingFaults } from "./faults/billing.mjs";
import { bodyFaults } from "./faults/bodies.mjs";
import { AUTHENTICATIONS, EVERYWHERE } from "./faults/definition.mjs";
import { payoutFaults } from "./faults/payout.mjs";
import { tokenFaults } from "./faults/tokens.mjs";
import { transportFaults } from "./faults/transport.mjs";
import { send } from "./http.mjs";

/**
 * @import { Definition, Endpoint } from "./faults/definition.mjs"
 * @typedef {{ definition: Definition, parameter: string | undefined }} Found
 */

/** @type {Definition[]} */
const definitions = [
  ...transportFaults,
  ...bodyFaults,
  ...tokenFaults,
  ...addressFaults,
  ...payoutFaults,
  ...billingFaults,
];

/**
 * Every fault with what a good client makes of it. A key may have two rows, for different
 * endpoints.
 */
export const faults = /** @type {import("./index.d.ts").Fault[]} */ (definitions.map(toRow));

/** Which faults are due: those named by a look-up's key, and those queued for an endpoint. */
export class FaultPlan {
  /** @type {(Found & { endpoint: Endpoint, key: string, left: number })[]} */
  #queue = [];
  /** @type {Map<string, { key: string, attempts: number, successes: number }>} */
  #playsByKey = new Map();

  /**
   * Plays `fault` at the next `times` requests to `endpoint` (without `times`: until reset, or as
   * often as the fault lasts).
   * @param {{ endpoint: import("./index.d.ts").Endpoint, fault: string, times?: number }} queued
   */
  enqueue({ endpoint, fault, times }) {
    if (!EVERYWHERE.includes(endpoint))
      throw new RangeError(`endpoint must be one of ${EVERYWHERE.join(", ")}`);
    const key = String(fault).startsWith("FAULT_") ? fault : `FAULT_${fault}`;
    const found = find(endpoint, key);
    if (!found) throw new RangeError(`no fault of that name is played at the endpoint ${endpoint}`);
    if (times !== undefined && !(Number.isSafeInteger(times) && times > 0))
      throw new RangeError("times must be a positive whole number");
    this.#queue.push({
      ...found,
      endpoint,
      key,
      left: times ?? found.definition.firstTimes ?? Infinity,
    });
  }

  /**
   * @param {Endpoint} endpoint
   * @param {string} key
   */
  isFaultKey(endpoint, key) {
    return find(endpoint, key) !== undefined;
  }

  /**
   * The fault that is due at a request, if one is.
   * @param {Endpoint} endpoint
   * @param {string | undefined} key of the look-up
   * @returns {Found | undefined}
   */
  take(endpoint, key) {
    const queued = this.#queue.find((entry) => entry.endpoint === endpoint && entry.left > 0);
    if (queued) {
      queued.left -= 1;
      this.#plays(endpoint, queued.key).attempts += 1;
      return queued;
    }
    const found = key === undefined ? undefined : find(endpoint, key);
    if (key === undefined || !found) return undefined;
    const plays = this.#plays(endpoint, key);
    plays.attempts += 1;
    if (plays.attempts <= (found.definition.firstTimes ?? Infinity)) return found;
    plays.successes += 1;
    return undefined;
  }

  /**
   * `attempts`: requests that met the fault; `successes`: those answered rightly because it was
   * over.
   */
  counts() {
    /** @type {Record<string, { attempts: number, successes: number }>} */
    const counts = {};
    for (const { key, attempts, successes } of this.#playsByKey.values()) {
      counts[key] ??= { attempts: 0, successes: 0 };
      const sum = counts[key];
      sum.attempts += attempts;
      sum.successes += successes;
    }
    return counts;
  }

  reset() {
    this.#queue = [];
    this.#playsByKey.clear();
  }

  /**
   * @param {Endpoint} endpoint
   * @param {string} key
   */
  #plays(endpoint, key) {
    const id = `${endpoint} ${key}`;
    const plays = this.#playsByKey.get(id) ?? { key, attempts: 0, successes: 0 };
    this.#playsByKey.set(id, plays);
    return plays;
  }
}

/**
 * Answers a granted request, disturbed by the fault if one is due.
 * @param {import("node:http").ServerResponse} response
 * @param {Found | undefined} fault
 * @param {() => object} grant
 * @param {(body: object) => string} toJson
 * @param {import("./faults/definition.mjs").Context} context
 */
export function answer(response, fault, grant, toJson, context) {
  const { instead, edit, text, headers, takeOver } = fault?.definition ?? {};
  if (instead) {
    const reply = instead(context);
    return send(
      response,
      typeof reply.body === "string" ? reply : { ...reply, body: toJson(reply.body) },
    );
  }
  const right = grant();
  const json = toJson(edit ? edit(right, context) : right);
  const body = text ? text(json) : json;
  return takeOver
    ? takeOver(response, Buffer.from(body), context)
    : send(response, { headers, body });
}

/**
 * `FAULT_<NAME>` or `FAULT_<NAME>-<parameter>`; a parameter that a fault has no use for merely
 * keeps keys apart.
 * @param {Endpoint} endpoint
 * @param {string} key
 * @returns {Found | undefined}
 */
function find(endpoint, key) {
  const [, name, parameter] = /^FAULT_([A-Z0-9_]+)(?:-(.+))?$/.exec(key) ?? [];
  const definition = definitions.find((each) => each.name === name && each.at.includes(endpoint));
  return definition && { definition, parameter };
}

/** @param {Definition} definition */
function toRow({ name, at, describes, kind, note, code, findings, parameter, ...counts }) {
  return {
    key: `FAULT_${name}`,
    endpoints: at,
    describes,
    ...(parameter && { parameter }),
    expect: { kind, ...(code && { code }), ...(findings && { findings }), ...(note && { note }) },
    upstreamCalls: Object.fromEntries(
      at.map((endpoint) => [
        endpoint,
        counts.upstreamCalls ?? callsFrom(endpoint, kind, counts.calls),
      ]),
    ),
  };
}

/**
 * @param {Endpoint} endpoint
 * @param {string} kind
 * @param {number} calls
 */
function callsFrom(endpoint, kind, calls) {
  return AUTHENTICATIONS.includes(endpoint)
    ? { token: calls, lookup: kind === "ok" ? 1 : 0 }
    : { token: 1, lookup: calls };
}
