//! The model: a group key and the payout requests under it.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::payment::Payment;
use crate::error::Error;
use crate::identifier;
use crate::money::{Limit, Won};
use crate::time::KoreanTime;

/// 실행 그룹 키 (`group_key`): the key under which payout requests are executed together.
#[derive(Clone, PartialEq, Eq, derive_more::Debug, Serialize, Deserialize)]
#[debug("GroupKey(…)")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline, !try_from))]
#[serde(try_from = "String")]
pub struct GroupKey(String);

impl GroupKey {
    /// Checks a group key: 1 to 64 characters, no white space, no control characters.
    ///
    /// The spec says aN(64), but its sample is base64, so nothing narrower is asked.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`], which names the fault and does not repeat the key.
    pub fn new(text: &str) -> Result<Self, Error> {
        identifier::check("groupKey", text, MAX_GROUP_KEY_CHARS).map_err(Error::invalid_input)?;
        Ok(Self(text.to_owned()))
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for GroupKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::new(&text)
    }
}

/// One payout request (지급이체 요청) that waits for execution.
//
// Its `Debug` shows nothing: recipients and amounts are nobody's log's business.
#[skip_serializing_none]
#[derive(Clone, PartialEq, Eq, derive_more::Debug, Serialize, Deserialize)]
#[debug("PayoutRequest(…)")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutRequest {
    /// 파트너 ID (`cst_id`).
    pub cst_id: String,
    /// 파트너사 하위고객 ID (`sub_id`), where the request has one.
    pub sub_id: Option<String>,
    /// 실행 그룹 키 (`group_key`).
    pub group_key: String,
    /// (실명 인증된) 계좌 빌링키 (`billing_tran_id`): the recipient.
    pub billing_tran_id: String,
    /// 입금계좌인자내역 (`print_content`), where the request has one.
    pub print_content: Option<String>,
    /// 지급이체금액 (`tran_amt`), in won (KRW, integer).
    pub amount: Won,
    /// 잔여 한도 (`remain_amt`: 지급이체 한도 잔여금액) after this request, in won; below zero where the limit is
    /// overdrawn.
    pub remaining_limit: Limit,
    /// 지급이체요청시간 (`request_date`) as ISO 8601 with `+09:00`.
    pub requested_at: KoreanTime,
    /// The same as Payple wrote it.
    pub requested_at_raw: String,
}

impl PayoutRequest {
    /// What a review and a comparison look at.
    pub(super) fn payment(&self) -> Payment<'_> {
        Payment {
            amount: self.amount,
            billing_tran_id: Some(&self.billing_tran_id),
            sub_id: self.sub_id.as_deref(),
            print_content: self.print_content.as_deref(),
        }
    }
}

/// What is wrong with a text that should be an amount. Completes a sentence.
pub(crate) const NOT_AN_AMOUNT: &str = "is not a whole amount of won";
/// What is wrong with a text that should be a sum. Completes a sentence.
pub(crate) const NOT_A_SUM: &str = "is not a whole, non-negative number";
/// What is wrong with an amount that cannot be added to those before it.
pub(crate) const TOO_MUCH: &str = "brings the sum beyond what can be counted exactly";
const MAX_GROUP_KEY_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_group_key_is_opaque_but_bounded() {
        for good in ["Q0RSSkYzWUI3", "a+b/c==", "그룹", &"k".repeat(64)] {
            assert!(GroupKey::new(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "a\n", &"k".repeat(65)] {
            assert_eq!(GroupKey::new(bad).unwrap_err().kind, ErrorKind::InvalidInput, "{bad:?}");
        }
    }

    #[test]
    fn what_is_debugged_shows_nothing_of_the_content() {
        assert_eq!(format!("{:?}", GroupKey::new("canary").unwrap()), "GroupKey(…)");
    }
}
