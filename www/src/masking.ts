// What hides names and telephone numbers until somebody says that they want to see them. That they did is on the access record
// before anything is shown; where it cannot be recorded, everything stays hidden.

import type { BillingKey, PayoutRequest, PayoutRequestGroup } from "payple-edge/browser";

/** Of each word the first character: 홍** of 홍길동 and of 홍*동. */
export function maskedName(name: string): string {
  return name.replace(/\S+/gu, (word) => {
    const [first = "", ...rest] = word;
    return first + "*".repeat(Math.max(rest.length, 1));
  });
}

/** 010-****-**** */
export function maskedPhone(phone: string): string {
  let digits = 0;
  return phone.replace(/[\p{N}*]/gu, (digit) => {
    digits += 1;
    return digits > SHOWN_DIGITS ? "*" : digit;
  });
}

/** The group as it is shown: whatever the banks print of who gets the money may be a name. */
export function maskedGroup(group: PayoutRequestGroup): PayoutRequestGroup {
  return { ...group, requests: group.requests.map(maskedRequest) };
}

export function maskedRequest(request: PayoutRequest): PayoutRequest {
  if (!request.printContent) return request;
  const masked = { ...request, printContent: maskedName(request.printContent) };
  originals.set(masked, request);
  return masked;
}

/** What identifies a request, to find it again. Never shown. */
export function originalOf(request: PayoutRequest): PayoutRequest {
  return originals.get(request) ?? request;
}

const originals = new WeakMap<PayoutRequest, PayoutRequest>();

export function maskedBillingKey(found: BillingKey): BillingKey {
  const { payerName, payerPhone } = found;
  return {
    ...found,
    ...(payerName !== undefined && { payerName: maskedName(payerName) }),
    ...(payerPhone !== undefined && { payerPhone: maskedPhone(payerPhone) }),
  };
}

/** Which network, and no more. */
const SHOWN_DIGITS = 3;
