// The fingerprint of a payout group as a careful user of Node would write it from
// docs/fingerprint.md.

import { createHash } from "node:crypto";
import { canonical } from "./canonical.mjs";

/**
 * @import { PayoutRequestGroup } from "../../../src/npm/js/models.d.ts"
 * @import { Group } from "./group.mjs"
 */

/**
 * A group with its fingerprint.
 *
 * @returns {PayoutRequestGroup}
 */
export function withFingerprint(/** @type {Group} */ group) {
  const hash = createHash("sha256").update(canonical(group)).digest("hex");
  return { ...group, fingerprint: `v1:${hash}` };
}
