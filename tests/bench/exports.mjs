// An export of the bench build alone: the bytes of a reply to a complete payout group, as in a
// look-up but without one.

import { decodeForBench } from "#glue";
import { Reply } from "../../src/npm/js/host.mjs";
import { currentInstance } from "../../src/npm/js/module.mjs";
import { groupOf } from "../../src/npm/js/rows.mjs";

let group;
const host = {
  settleGroup(_task, ...handedOver) {
    group = groupOf(...handedOver);
  },
};

export function decode(bytes, groupKey, cstId) {
  currentInstance();
  decodeForBench(host, new Reply(200, undefined, [bytes]), groupKey, cstId);
  return group;
}
