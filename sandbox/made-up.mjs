// The codes and texts of this sandbox that no source documents: what the real servers answer there
// is unknown.

/**
 * For the README's table; a test finds every code in the sandbox's source either published or here.
 */
export const madeUp = [
  {
    code: "T0321",
    says: "the hub token is not accepted (HTTP 401)",
    because: "no source says what an expired token gets; next to the published T0320",
  },
  {
    code: "A0404",
    says: "an unknown group key",
    because: "the spec names no code for it; of the family of look-up codes",
  },
  {
    code: "N0101",
    says: "a missing or overlong `group_key`",
    because: "N01xx is the family of parameter errors, its last two digits are made up",
  },
  {
    code: "SESS0001",
    says: "the AuthKey is not accepted",
    because: "the text `인증세션이 만료되었습니다` is Payple's, its code for this call is unknown",
  },
  {
    code: "SBOX0001",
    says: "a billing-key look-up at another URL than the one returned",
    because: "what Payple says to another `ACT_` is unknown",
  },
  {
    code: "Z9876",
    says: "`FAULT_UNKNOWN_CODE` of the hub",
    because: "a code that is unknown on purpose",
  },
  {
    code: "ZZZZ9876",
    says: "`FAULT_UNKNOWN_CODE` of cpay",
    because: "a code that is unknown on purpose",
  },
];
