// Peer (a): a reply to a payout look-up read with `JSON.parse` and a zod schema.

import { z } from "zod";
import { koreanTime, LookupError, review, sumOf, words } from "./group.mjs";

/**
 * @import { PayoutRequest } from "../../../src/npm/js/models.d.ts"
 * @import { ReadGroup } from "./group.mjs"
 */

/**
 * The bytes of a reply to a complete, reviewed `PayoutRequestGroup`.
 *
 * @type {ReadGroup}
 */
export function readGroup(bytes, groupKey, cstId, secrets = []) {
  let json;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new LookupError("protocol", "Payple's reply is not JSON", { cause });
  }
  const parsed = Reply.safeParse(json);
  if (!parsed.success)
    throw (
      refusal(json, secrets) ??
      new LookupError("protocol", "Payple's reply is not of the form described", {
        cause: parsed.error,
      })
    );
  const { total, count, list: requests, result: code, message } = parsed.data;
  if (requests.length > 0 && (total === undefined || count === undefined))
    throw new LookupError("protocol", "the sums are missing");
  const [declared, listed] = [total ?? 0, count ?? 0];
  return {
    groupKey,
    total: declared,
    count: listed,
    requests,
    review: review(requests, sumOf(requests), declared, listed, groupKey, cstId),
    code,
    message: words(message ?? "", secrets),
  };
}

/** What Payple says where it does not answer. */
function refusal(/** @type {unknown} */ json, /** @type {string[]} */ secrets) {
  const { success, data } = Refusal.safeParse(json);
  if (!success) return undefined;
  return new LookupError(
    "rejected",
    `Payple refused this look-up: [${data.result}] ${words(data.message ?? "", secrets)}`,
    { code: data.result },
  );
}

/** A documented string that may arrive as an integer. */
const scalar = z.union([z.string(), z.int().transform(String)]);
const required = scalar.refine((text) => text !== "", "is missing");
const optional = scalar.nullish().transform((text) => text || undefined);
const amount = z
  .union([z.string().regex(/^\d+$/).transform(Number), z.int()])
  .refine((won) => Number.isSafeInteger(won) && won >= 0);
const limit = z
  .union([
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
    z.int(),
  ])
  .refine(Number.isSafeInteger);
const none = z.union([z.undefined(), z.null(), z.literal("")]).transform(() => undefined);
const sum = z.union([amount, none]);

const Row = z
  .object({
    cst_id: required,
    sub_id: optional,
    group_key: required,
    billing_tran_id: required,
    print_content: optional,
    tran_amt: amount,
    remain_amt: limit,
    request_date: z.string(),
  })
  .transform((row, context) => {
    const requestedAt = koreanTime(row.request_date);
    if (requestedAt === undefined) {
      context.addIssue({
        code: "custom",
        message: "is not a time of the documented form",
        path: ["request_date"],
      });
      return z.NEVER;
    }
    const request = /** @type {PayoutRequest} */ ({ cstId: row.cst_id });
    if (row.sub_id !== undefined) request.subId = row.sub_id;
    request.groupKey = row.group_key;
    request.billingTranId = row.billing_tran_id;
    if (row.print_content !== undefined) request.printContent = row.print_content;
    request.amount = row.tran_amt;
    request.remainingLimit = row.remain_amt;
    request.requestedAt = requestedAt;
    request.requestedAtRaw = row.request_date;
    return request;
  });

const Reply = z.object({
  result: z.literal("A0000"),
  message: scalar.nullish(),
  total: sum,
  count: sum,
  list: z.union([z.array(Row), Row.transform((row) => [row]), none.transform(() => [])]),
});
const Refusal = z.object({
  result: z
    .string()
    .regex(/^\w{1,16}$/)
    .refine((code) => code !== "A0000"),
  message: scalar.nullish(),
});
