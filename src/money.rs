//! Exact amounts of South Korean won. No amount is ever read or reckoned as a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A whole, non-negative amount of won that a JavaScript `number` also holds exactly.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "u64")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub struct Won(
    #[cfg_attr(feature = "schema", schemars(range(max = 9_007_199_254_740_991_i64)))] u64,
);

impl Won {
    /// ₩0.
    pub const ZERO: Self = Self(0);

    /// `amount` won, or `None` above [`MAX_EXACT`].
    pub fn new(amount: u64) -> Option<Self> {
        (amount <= MAX_EXACT).then_some(Self(amount))
    }

    /// Reads ASCII digits and nothing else: no sign, separator, fraction, exponent or space.
    pub fn parse(text: &str) -> Option<Self> {
        if is_digits(text) { text.parse().ok().and_then(Self::new) } else { None }
    }

    /// The amount in won.
    pub fn amount(self) -> u64 {
        self.0
    }

    /// How far two amounts are apart.
    pub(crate) fn abs_diff(self, other: Self) -> u64 {
        self.0.abs_diff(other.0)
    }

    /// The sum, or `None` where it could not be held exactly.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::new)
    }
}

impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "₩{}", grouped(self.0))
    }
}

impl TryFrom<u64> for Won {
    type Error = &'static str;

    fn try_from(amount: u64) -> Result<Self, &'static str> {
        Self::new(amount).ok_or(INEXACT)
    }
}

/// What is left of a transfer limit, in won; below zero where the limit is overdrawn.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "i64")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub struct Limit(
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = -9_007_199_254_740_991_i64, max = 9_007_199_254_740_991_i64))
    )]
    i64,
);

impl Limit {
    /// `amount` won, or `None` beyond [`MAX_EXACT`] on either side of zero.
    pub fn new(amount: i64) -> Option<Self> {
        (amount.unsigned_abs() <= MAX_EXACT).then_some(Self(amount))
    }

    /// Reads ASCII digits with at most one leading `-`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if is_digits(digits) { text.parse().ok().and_then(Self::new) } else { None }
    }

    /// The amount in won.
    pub fn amount(self) -> i64 {
        self.0
    }

    /// What is left after `spent`. Cannot overflow: both sides are at most 2^53.
    pub fn after(self, spent: Won) -> i64 {
        self.0.saturating_sub_unsigned(spent.amount())
    }
}

impl TryFrom<i64> for Limit {
    type Error = &'static str;

    fn try_from(amount: i64) -> Result<Self, &'static str> {
        Self::new(amount).ok_or(INEXACT)
    }
}

/// The standard library would take a leading `+` as well.
fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn grouped(amount: u64) -> String {
    let digits = amount.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.filter_map(|group| str::from_utf8(group).ok()).collect::<Vec<_>>().join(",")
}

/// The largest integer that a JavaScript `number` holds exactly, 2^53 − 1: nine quadrillion won.
/// An amount above it would be rounded on its way to the caller, so it is refused instead.
pub const MAX_EXACT: u64 = (1 << 53) - 1;
const INEXACT: &str = "an amount beyond 2^53 - 1 won cannot be held exactly";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_only() {
        assert_eq!(Won::parse("4000"), Won::new(4000));
        assert_eq!(Won::parse("0004000"), Won::new(4000));
        for wrong in [
            "",
            " 1",
            "1 ",
            "-1",
            "+1",
            "1.0",
            "1e3",
            "1,000",
            "₩1",
            "१",
            "0x1",
            "99999999999999999999",
        ] {
            assert_eq!(Won::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn refuses_what_a_number_would_round() {
        assert_eq!(Won::parse("9007199254740991"), Some(Won(MAX_EXACT)));
        assert_eq!(Won::parse("9007199254740992"), None);
        // 2^64 and one: as 64 bits count on, ₩1.
        assert_eq!(Won::parse("18446744073709551617"), None);
        assert_eq!(Won(MAX_EXACT).checked_add(Won(1)), None);
        assert_eq!(Won(MAX_EXACT).checked_add(Won(0)), Some(Won(MAX_EXACT)));
    }

    #[test]
    fn shows_thousands() {
        assert_eq!(Won(0).to_string(), "₩0");
        assert_eq!(Won(999).to_string(), "₩999");
        assert_eq!(Won(1_234_567).to_string(), "₩1,234,567");
    }

    #[test]
    fn a_limit_may_be_overdrawn() {
        assert_eq!(Limit::parse("-5000"), Some(Limit(-5000)));
        assert_eq!(Limit::parse("9995000").map(Limit::amount), Some(9_995_000));
        assert_eq!(Limit(500).after(Won(1000)), -500);
        for wrong in ["", "-", "--1", "+1", "1.5", "-9007199254740992"] {
            assert_eq!(Limit::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_cannot_be_held_exactly_is_not_deserialized() {
        let limit = |json: &str| serde_json::from_str::<Limit>(json);
        assert_eq!(limit("-9007199254740991").unwrap(), Limit(-9_007_199_254_740_991));
        for wrong in ["9007199254740992", "-9007199254740992"] {
            let fault = limit(wrong).unwrap_err().to_string();
            assert!(fault.contains("cannot be held exactly"), "{fault}");
        }
        assert!(serde_json::from_str::<Won>("9007199254740992").is_err());
    }
}
