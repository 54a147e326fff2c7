//! What a company means to pay.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::fingerprint::Fingerprint;
use super::model::TOO_MUCH;
use super::payment::Payment;
use crate::error::Error;
use crate::money::Won;

/// What a company means to pay: a sum, a number of requests, a list of them, a group reviewed
/// before, or several of these.
//
// Its `Debug` says how much is expected, not what: recipients and amounts are nobody's log's
// business.
#[derive(Clone, Default, PartialEq, Eq, derive_more::Debug)]
#[debug("Expectation({} requests)", self.requests.as_ref().map_or(0, Vec::len))]
pub struct Expectation {
    total: Option<Won>,
    count: Option<u64>,
    requests: Option<Vec<ExpectedRequest>>,
    matched_by: Option<MatchBy>,
    fingerprint: Option<Fingerprint>,
}

/// One request that a company means to make. What is not known is `None`.
//
// Its `Debug` shows nothing: recipients and amounts are nobody's log's business.
#[derive(Clone, Default, PartialEq, Eq, derive_more::Debug)]
#[debug("ExpectedRequest(…)")]
pub struct ExpectedRequest {
    /// 계좌 빌링키: the recipient.
    pub billing_tran_id: Option<String>,
    /// 파트너사 하위고객 ID.
    pub sub_id: Option<String>,
    /// 입금계좌인자내역.
    pub print_content: Option<String>,
    /// 지급이체금액, in won.
    pub amount: Won,
}

/// The key by which a whole list is matched. 대조 기준 항목.
//
// In the order in which one is chosen where none is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "camelCase")]
pub enum MatchBy {
    /// 계좌 빌링키: the recipient.
    BillingTranId,
    /// 파트너사 하위고객 ID.
    SubId,
    /// 입금계좌인자내역.
    PrintContent,
    /// 지급이체금액: where the lines say nothing else.
    Amount,
}

impl MatchBy {
    /// The name that users meet: that of the field.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// A payment's value of this key.
    pub(super) fn value_of<'a>(self, payment: &Payment<'a>) -> Option<KeyValue<'a>> {
        match self {
            Self::BillingTranId => payment.billing_tran_id.map(KeyValue::Text),
            Self::SubId => payment.sub_id.map(KeyValue::Text),
            Self::PrintContent => payment.print_content.map(KeyValue::Text),
            Self::Amount => Some(KeyValue::Amount(payment.amount)),
        }
    }
}

/// A value of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyValue<'a> {
    Text(&'a str),
    Amount(Won),
}

impl ExpectedRequest {
    pub(super) fn payment(&self) -> Payment<'_> {
        Payment {
            amount: self.amount,
            billing_tran_id: self.billing_tran_id.as_deref(),
            sub_id: self.sub_id.as_deref(),
            print_content: self.print_content.as_deref(),
        }
    }
}

impl Expectation {
    /// An expectation of these parts, of which at least one must be given.
    ///
    /// `match_by` is the key for the whole list; without it the first of `billingTranId`, `subId`
    /// and `printContent` that any line has, else the amount.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] where nothing is expected, a text is empty, a line lacks
    /// the key, or the amounts cannot be added up exactly. The message names the line and repeats
    /// no value.
    pub fn new(
        total: Option<Won>,
        count: Option<u64>,
        requests: Option<Vec<ExpectedRequest>>,
        match_by: Option<MatchBy>,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Self, Error> {
        if total.is_none() && count.is_none() && requests.is_none() && fingerprint.is_none() {
            return Err(Error::invalid_input(
                "expect names no total, count, requests or fingerprint",
            ));
        }
        let matched_by = match &requests {
            Some(requests) => Some(checked(requests, match_by)?),
            None if match_by.is_some() => {
                return Err(Error::invalid_input(
                    "expect.matchBy is given without expect.requests",
                ));
            }
            None => None,
        };
        Ok(Self { total, count, requests, matched_by, fingerprint })
    }

    /// The sum, where it is expected.
    pub fn total(&self) -> Option<Won> {
        self.total
    }

    /// The number of requests, where it is expected.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    /// The requests, where they are expected one by one.
    pub fn requests(&self) -> Option<&[ExpectedRequest]> {
        self.requests.as_deref()
    }

    /// The key by which the whole list is matched; `None` without a list.
    pub fn matched_by(&self) -> Option<MatchBy> {
        self.matched_by
    }

    /// The fingerprint of the group as it was reviewed, where it must be the same.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }
}

/// Checks the lines of a list and chooses the key for all of them.
fn checked(requests: &[ExpectedRequest], match_by: Option<MatchBy>) -> Result<MatchBy, Error> {
    let wrong =
        |place: usize, what: &str| Error::invalid_input(format!("expect.requests[{place}]{what}"));
    for (place, request) in requests.iter().enumerate() {
        for (field, text) in
            [(".billingTranId", &request.billing_tran_id), (".subId", &request.sub_id)]
        {
            if text.as_deref() == Some("") {
                return Err(wrong(place, &format!("{field} is empty")));
            }
        }
    }
    let has_key =
        |request: &ExpectedRequest, key: MatchBy| key.value_of(&request.payment()).is_some();
    let chosen = match_by.unwrap_or_else(|| {
        let any_has = |key: &MatchBy| requests.iter().any(|request| has_key(request, *key));
        MatchBy::VARIANTS.iter().copied().find(any_has).unwrap_or(MatchBy::Amount)
    });
    let mut sum = Won::ZERO;
    for (place, request) in requests.iter().enumerate() {
        if !has_key(request, chosen) {
            let name = chosen.name();
            let why =
                if match_by.is_some() { "the list is" } else { "other lines have one, so all are" };
            return Err(wrong(place, &format!(".{name} is missing: {why} matched by it")));
        }
        sum = sum
            .checked_add(request.amount)
            .ok_or_else(|| wrong(place, &format!(".amount {TOO_MUCH}")))?;
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::read_expectation;

    fn read(json: &str) -> Expectation {
        read_expectation(json.as_bytes()).unwrap()
    }

    fn won(amount: u64) -> Won {
        Won::new(amount).unwrap()
    }

    #[test]
    fn an_expectation_can_be_made_without_json() {
        let request = ExpectedRequest {
            billing_tran_id: Some("B".to_owned()),
            amount: won(1),
            ..ExpectedRequest::default()
        };
        let made = |requests| Expectation::new(None, Some(1), requests, None, None);

        assert!(
            made(Some(vec![request.clone()])).unwrap()
                == read(r#"{"count":1,"requests":[{"billingTranId":"B","amount":1}]}"#)
        );
        let nameless = ExpectedRequest { billing_tran_id: Some(String::new()), ..request.clone() };
        assert_eq!(
            made(Some(vec![request, nameless])).unwrap_err().message,
            "expect.requests[1].billingTranId is empty"
        );
        assert!(Expectation::new(None, None, None, None, None).is_err());
    }

    #[test]
    fn the_key_is_the_first_that_any_line_has() {
        for (lines, key) in [
            (
                r#"{"amount":1,"printContent":"p","subId":"s","billingTranId":"b"}"#,
                MatchBy::BillingTranId,
            ),
            (r#"{"amount":1,"printContent":"p","subId":"s"}"#, MatchBy::SubId),
            (r#"{"amount":1,"printContent":"p"}"#, MatchBy::PrintContent),
            (r#"{"amount":1,"printContent":""}"#, MatchBy::Amount),
            ("", MatchBy::Amount),
        ] {
            let read = read(&format!(r#"{{"requests":[{lines}]}}"#));
            assert_eq!(read.matched_by(), Some(key), "{lines}");
        }
        assert_eq!(read(r#"{"total":1}"#).matched_by(), None);
    }

    #[test]
    fn debug_shows_neither_recipients_nor_amounts() {
        let expectation = read(r#"{"requests":[{"billingTranId":"canary","amount":77777}]}"#);

        assert_eq!(format!("{expectation:?}"), "Expectation(1 requests)");
    }
}
