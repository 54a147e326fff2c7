//! What a company means to pay, and the strict reading of it: what is not understood is an error
//! that names it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::fingerprint::Fingerprint;
use super::model::{NOT_AN_AMOUNT, TOO_MUCH};
use super::payment::Payment;
use crate::error::{Error, ErrorKind};
use crate::json::{self, List, Object, Scalar};
use crate::money::Won;

/// What a company means to pay: a sum, a number of requests, a list of them, a group reviewed
/// before, or several of these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    total: Option<Won>,
    count: Option<u64>,
    requests: Option<Vec<ExpectedRequest>>,
    matched_by: Option<MatchBy>,
    fingerprint: Option<Fingerprint>,
}

/// One request that a company means to make. What is not known is `None`.
#[derive(Clone, PartialEq, Eq, Default)]
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

    /// A payment's value of this key. Where the amount is the key, no text is.
    pub(super) fn value_of<'a>(self, payment: &Payment<'a>) -> Option<&'a str> {
        match self {
            Self::BillingTranId => payment.billing_tran_id,
            Self::SubId => payment.sub_id,
            Self::PrintContent => payment.print_content,
            Self::Amount => Some(""),
        }
    }
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

/// Shows nothing: recipients and amounts are nobody's log's business.
impl fmt::Debug for ExpectedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExpectedRequest(…)")
    }
}

impl Expectation {
    /// An expectation of these parts, of which at least one must be given.
    ///
    /// `match_by` is the key for the whole list; without it the first of `billingTranId`, `subId`
    /// and `printContent` that any line has, else the amount.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where nothing is expected, a text is empty, a line lacks the
    /// key, or the amounts cannot be added up exactly. The message names the line and repeats no
    /// value.
    pub fn new(
        total: Option<Won>,
        count: Option<u64>,
        requests: Option<Vec<ExpectedRequest>>,
        match_by: Option<MatchBy>,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Self, Error> {
        if total.is_none() && count.is_none() && requests.is_none() && fingerprint.is_none() {
            return Err(invalid("expect names no total, count, requests or fingerprint"));
        }
        let matched_by = match &requests {
            Some(requests) => Some(checked(requests, match_by)?),
            None if match_by.is_some() => {
                return Err(invalid("expect.matchBy is given without expect.requests"));
            }
            None => None,
        };
        Ok(Self { total, count, requests, matched_by, fingerprint })
    }

    /// Reads `{ total?, count?, requests?: { billingTranId?, subId?, printContent?, amount }[],
    /// matchBy?, fingerprint? }`.
    ///
    /// Amounts are whole numbers, or their digits as a text. `null` is as good as absent; so is an
    /// empty print content. An empty `billingTranId` or `subId` is an error: that line would be
    /// matched by less than its writer thinks. A field of `expect` itself that is not known is an
    /// error; other fields of a request are passed over, so that rows of a table of one's own can
    /// be handed over as they are.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], which names the field and repeats no value.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let input: Object<ExpectationInput<'_>> = json::parse(json).map_err(|fault| {
            invalid(match json::unknown_field(json, &FIELDS) {
                Some(name) => {
                    format!("expect has no field \"{name}\"; it may have {}", FIELDS.join(", "))
                }
                None => format!("expect {fault}"),
            })
        })?;
        let Object::Is(input) = input else { return Err(invalid("expect is not an object")) };
        let total = given(&input.total, Won::parse, &format!("total {NOT_AN_AMOUNT}"))?;
        let count = given(&input.count, Won::parse, "count is not a whole number")?;
        let requests = match input.requests {
            List::Absent => None,
            List::IsNot => return Err(invalid("expect.requests is not a list")),
            List::Items(lines) => Some(read_lines(lines)?),
        };
        let keys: Vec<&str> = MatchBy::VARIANTS.iter().map(|key| key.name()).collect();
        let fault = format!("matchBy is none of {}", keys.join(", "));
        let match_by = given(&input.match_by, |text| text.parse().ok(), &fault)?;
        let fault = "fingerprint is not \"v1:\" and 64 hexadecimal digits";
        let fingerprint = given(&input.fingerprint, Fingerprint::parse, fault)?;
        Self::new(total, count.map(Won::amount), requests, match_by, fingerprint)
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

/// Says how much is expected, not what: recipients and amounts are nobody's log's business.
impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expectation({} requests)", self.requests.as_ref().map_or(0, Vec::len))
    }
}

/// Checks the lines of a list and chooses the key for all of them.
fn checked(requests: &[ExpectedRequest], match_by: Option<MatchBy>) -> Result<MatchBy, Error> {
    let wrong = |place: usize, what: &str| invalid(format!("expect.requests[{place}]{what}"));
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

/// What a field of `expect` holds, where it is given.
fn given<T>(
    text: &Scalar<'_>,
    read: impl Fn(&str) -> Option<T>,
    fault: &str,
) -> Result<Option<T>, Error> {
    match text {
        Scalar::Absent => Ok(None),
        text => read(text.as_str()).map(Some).ok_or_else(|| invalid(format!("expect.{fault}"))),
    }
}

fn read_lines(lines: Vec<Object<LineInput<'_>>>) -> Result<Vec<ExpectedRequest>, Error> {
    lines
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            read_line(line).map_err(|what| invalid(format!("expect.requests[{place}]{what}")))
        })
        .collect()
}

fn read_line(line: Object<LineInput<'_>>) -> Result<ExpectedRequest, String> {
    let Object::Is(line) = line else { return Err(" is not an object".to_owned()) };
    let amount = match &line.amount {
        Scalar::Absent => return Err(".amount is missing".to_owned()),
        text => Won::parse(text.as_str()).ok_or_else(|| format!(".amount {NOT_AN_AMOUNT}"))?,
    };
    let text = |field: &str, given: Scalar<'_>| match given {
        Scalar::Absent => Ok(None),
        Scalar::Text(text) => Ok(Some(text.into_owned())),
        Scalar::Unreadable => Err(format!("{field} is not a text")),
    };
    Ok(ExpectedRequest {
        billing_tran_id: text(".billingTranId", line.billing_tran_id)?,
        sub_id: text(".subId", line.sub_id)?,
        print_content: text(".printContent", line.print_content)?.filter(|text| !text.is_empty()),
        amount,
    })
}

/// What you mean to pay: a sum, a number of requests, a list of them, a group reviewed before, or
/// several of these; at least one. A field that is not named here is an error. 지급 예정 내역: 총액, 건수,
/// 목록, 검증값 중 하나 이상.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields, bound(deserialize = "'de: 'a"))]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "PayoutExpectation", !default),
    schemars(extend("anyOf" = crate::schema_parts::at_least_one_of(&["total", "count", "requests", "fingerprint"])))
)]
pub(crate) struct ExpectationInput<'a> {
    /// What the requests should add up to, in won. 예정 총액.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_parts::ExpectedNumber>"))]
    total: Scalar<'a>,
    /// How many requests there should be. 예정 건수.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_parts::ExpectedNumber>"))]
    count: Scalar<'a>,
    /// The requests themselves, in any order; `[]` expects none. All amounts together must not be
    /// more than
    /// 9007199254740991. 예정 목록, 순서는 상관없습니다.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<LineInput<'_>>>"))]
    requests: List<Object<LineInput<'a>>>,
    /// The key by which the whole list is matched; only beside `requests`. By default the first of
    /// `billingTranId`, `subId` and `printContent` that any line has, else the amount. A line
    /// without it is an error that names the line. 목록 전체를 대조하는 기준 항목.
    #[cfg_attr(feature = "schema", schemars(with = "Option<MatchBy>"))]
    match_by: Scalar<'a>,
    /// The `fingerprint` of the group as it was reviewed; another one is the error
    /// `changed_since_review`. 검토 시점의 검증값.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Fingerprint>"))]
    fingerprint: Scalar<'a>,
}

/// A request that you mean to make. 예정된 지급이체 요청 한 건.
///
/// Within one value of the key equal amounts go together, those first that agree in the other texts
/// given; what is left pairs in the order of the amounts. Other fields are passed over, so the rows
/// of a table of yours can be handed over as they are; `null` is as good as absent. An empty
/// `billingTranId` or `subId` is an error.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ExpectedPayoutRequest", !default))]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct LineInput<'a> {
    /// 계좌 빌링키: the recipient.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_parts::ExpectedKey>"))]
    billing_tran_id: Scalar<'a>,
    /// 파트너사 하위고객 ID.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_parts::ExpectedKey>"))]
    sub_id: Scalar<'a>,
    /// 입금계좌인자내역.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema_parts::ExpectedText>"))]
    print_content: Scalar<'a>,
    /// 지급이체금액 in won: a whole number, or its digits as a text. 원 단위 정수 또는 숫자로 된 문자열.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema_parts::ExpectedNumber"))]
    amount: Scalar<'a>,
}

fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

const FIELDS: [&str; 5] = ["total", "count", "requests", "matchBy", "fingerprint"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Expectation, String> {
        Expectation::from_json(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            error.message().to_owned()
        })
    }

    fn won(amount: u64) -> Won {
        Won::new(amount).unwrap()
    }

    #[test]
    fn a_list_is_read_as_callers_have_it() {
        let expectation = read(
            r#"{"total":3000,"count":"2","requests":[
                {"billingTranId":"B","subId":7,"printContent":"","amount":1000,"name":"홍길동","memo":null},
                {"billingTranId":"C","subId":null,"printContent":"10월 정산","amount":"2000"}]}"#,
        )
        .unwrap();

        assert_eq!((expectation.total(), expectation.count()), (Won::new(3000), Some(2)));
        let request = |texts: [Option<&str>; 3], amount| {
            let [billing_tran_id, sub_id, print_content] =
                texts.map(|text| text.map(str::to_owned));
            ExpectedRequest { billing_tran_id, sub_id, print_content, amount: won(amount) }
        };
        assert!(
            expectation.requests().unwrap()
                == [
                    request([Some("B"), Some("7"), None], 1000),
                    request([Some("C"), None, Some("10월 정산")], 2000),
                ]
        );
        assert_eq!(expectation.matched_by(), Some(MatchBy::BillingTranId));
    }

    #[test]
    fn what_is_wrong_is_named_and_not_repeated() {
        let list = |row: &str| format!(r#"{{"requests":[{{"amount":1}},{row}]}}"#);
        for (json, fault) in [
            (r#"{"total":10.5}"#.to_owned(), "expect.total is not a whole amount of won"),
            (r#"{"total":"1,000"}"#.to_owned(), "expect.total is not a whole amount of won"),
            (r#"{"count":-1}"#.to_owned(), "expect.count is not a whole number"),
            (r#"{"requests":{}}"#.to_owned(), "expect.requests is not a list"),
            (list("{}"), "expect.requests[1].amount is missing"),
            (list(r#"{"amount":null}"#), "expect.requests[1].amount is missing"),
            (list(r#"{"amount":""}"#), "expect.requests[1].amount is not a whole amount of won"),
            (list(r#"{"amount":1e3}"#), "expect.requests[1].amount is not a whole amount of won"),
            (
                list(r#"{"amount":9007199254740992}"#),
                "expect.requests[1].amount is not a whole amount of won",
            ),
            (
                list(r#"{"amount":9007199254740991}"#),
                "expect.requests[1].amount brings the sum beyond what can be counted exactly",
            ),
            (
                list(r#"{"amount":1,"billingTranId":""}"#),
                "expect.requests[1].billingTranId is empty",
            ),
            (list(r#"{"amount":1,"subId":""}"#), "expect.requests[1].subId is empty"),
            (
                list(r#"{"amount":1,"printContent":["canary"]}"#),
                "expect.requests[1].printContent is not a text",
            ),
            (
                list(r#"{"amount":1,"billingTranId":"B"},{"amount":1}"#),
                "expect.requests[0].billingTranId is missing: other lines have one, so all are matched by it",
            ),
            (
                r#"{"matchBy":"subId","requests":[{"amount":1,"subId":"s"},{"amount":1,"billingTranId":"B"}]}"#.to_owned(),
                "expect.requests[1].subId is missing: the list is matched by it",
            ),
            (r#"{"matchBy":"subId","total":1}"#.to_owned(), "expect.matchBy is given without expect.requests"),
            (
                r#"{"matchBy":"sub_id","requests":[]}"#.to_owned(),
                "expect.matchBy is none of billingTranId, subId, printContent, amount",
            ),
            (
                r#"{"fingerprint":"v1:1"}"#.to_owned(),
                "expect.fingerprint is not \"v1:\" and 64 hexadecimal digits",
            ),
            (
                r#"{"total":1,"totall":1}"#.to_owned(),
                "expect has no field \"totall\"; it may have total, count, requests, matchBy, fingerprint",
            ),
            (
                r#"{"total":1,"c4nary-key":1}"#.to_owned(),
                "expect has no field \"…\"; it may have total, count, requests, matchBy, fingerprint",
            ),
            (
                r#"{"total":1,"total":2}"#.to_owned(),
                "expect is not of the form the specification describes (line 1, column 18)",
            ),
            (list("null"), "expect.requests[1] is not an object"),
            (list(r#""canary",{"amount":"canary"}"#), "expect.requests[1] is not an object"),
            ("[]".to_owned(), "expect is not an object"),
            ("null".to_owned(), "expect is not an object"),
            ("{}".to_owned(), "expect names no total, count, requests or fingerprint"),
            (
                r#"{"total":null,"requests":null}"#.to_owned(),
                "expect names no total, count, requests or fingerprint",
            ),
            (r#"{"total":1} canary"#.to_owned(), "expect is not JSON (line 1, column 13)"),
        ] {
            assert_eq!(read(&json).unwrap_err(), fault, "{json}");
        }
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
                == read(r#"{"count":1,"requests":[{"billingTranId":"B","amount":1}]}"#).unwrap()
        );
        let nameless = ExpectedRequest { billing_tran_id: Some(String::new()), ..request.clone() };
        assert_eq!(
            made(Some(vec![request, nameless])).unwrap_err().message(),
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
            let read = read(&format!(r#"{{"requests":[{lines}]}}"#)).unwrap();
            assert_eq!(read.matched_by(), Some(key), "{lines}");
        }
        assert_eq!(read(r#"{"total":1}"#).unwrap().matched_by(), None);
    }

    #[test]
    fn debug_shows_neither_recipients_nor_amounts() {
        let expectation =
            read(r#"{"requests":[{"billingTranId":"canary","amount":77777}]}"#).unwrap();

        assert_eq!(format!("{expectation:?}"), "Expectation(1 requests)");
    }
}
