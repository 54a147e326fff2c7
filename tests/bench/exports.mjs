// An export of the bench build alone: the bytes of a reply to a complete payout group, as in a
// look-up but without one.

// @ts-expect-error The build for the benchmarks alone has it.
import { decodeForBench } from "#glue";
import { Reply } from "../../src/npm/js/host.mjs";
import { currentInstance } from "../../src/npm/js/module.mjs";
import { groupOf } from "../../src/npm/js/rows.mjs";

/** @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts" */

/** @type {PayoutRequestGroup} */
let group;
const host = {
  /**
   * @param {number} _task
   * @param {Parameters<typeof groupOf>} handedOver
   */
  settleGroup(_task, ...handedOver) {
    group = groupOf(...handedOver);
  },
};

/**
 * @param {Uint8Array} bytes
 * @param {string} groupKey
 * @param {string} cstId
 */
export function decode(bytes, groupKey, cstId) {
  currentInstance();
  decodeForBench(host, new Reply(200, undefined, [bytes]), groupKey, cstId);
  return group;
}
