// The hub under maintenance, at either of its endpoints.

import { refuse } from "../hub.mjs";

/** @type {import("./definition.mjs").Outline[]} */
export const maintenance = ["T0996", "T0997"].map((code) => ({
  name: code,
  describes: `maintenance, ${code}`,
  kind: "unavailable",
  note: "not retried: maintenance outlasts any backoff",
  code,
  instead: () => refuse(code, "서비스 점검 중입니다."),
}));
