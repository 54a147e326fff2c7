//! `expect`, what a company means to pay, as callers write it. It is read strictly: what is not
//! understood is an error that names it.

use serde::Deserialize;
use strum::VariantArray;

use crate::error::Error;
use crate::json::{self, List, Object, Scalar, Value};
use crate::money::Won;
use crate::payout::{Expectation, ExpectedRequest, MatchBy, NOT_AN_AMOUNT};

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
/// [`crate::ErrorKind::InvalidInput`], which names the field and repeats no value.
pub fn read_expectation(json: &[u8]) -> Result<Expectation, Error> {
    let input: Object<'_, ExpectationInput<'_>> = json::parse(json).map_err(|fault| {
        Error::invalid_input(match json::unknown_field(json, &FIELDS) {
            Some(name) => {
                format!("expect has no field \"{name}\"; it may have {}", FIELDS.join(", "))
            }
            None => format!("expect {fault}"),
        })
    })?;
    let Value::Object(input) = input else {
        return Err(Error::invalid_input("expect is not an object"));
    };
    let total = given(&input.total, Won::parse, &format!("total {NOT_AN_AMOUNT}"))?;
    let count = given(&input.count, Won::parse, "count is not a whole number")?;
    let requests = match input.requests {
        Value::Absent => None,
        Value::List(lines) => Some(read_lines(lines)?),
        _ => return Err(Error::invalid_input("expect.requests is not a list")),
    };
    let keys: Vec<&str> = MatchBy::VARIANTS.iter().map(|key| key.name()).collect();
    let fault = format!("matchBy is none of {}", keys.join(", "));
    let match_by = given(&input.match_by, |text| text.parse().ok(), &fault)?;
    let fault = "fingerprint is not \"v1:\" and 64 hexadecimal digits";
    let fingerprint = given(&input.fingerprint, |text| text.parse().ok(), fault)?;
    Expectation::new(total, count.map(Won::amount), requests, match_by, fingerprint)
}

/// What a field of `expect` holds, where it is given.
fn given<T>(
    text: &Scalar<'_>,
    read: impl Fn(&str) -> Option<T>,
    fault: &str,
) -> Result<Option<T>, Error> {
    match text {
        Scalar::Absent => Ok(None),
        text => read(text.as_str())
            .map(Some)
            .ok_or_else(|| Error::invalid_input(format!("expect.{fault}"))),
    }
}

fn read_lines(lines: Vec<Object<'_, LineInput<'_>>>) -> Result<Vec<ExpectedRequest>, Error> {
    lines
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            read_line(line)
                .map_err(|what| Error::invalid_input(format!("expect.requests[{place}]{what}")))
        })
        .collect()
}

fn read_line(line: Object<'_, LineInput<'_>>) -> Result<ExpectedRequest, String> {
    let Value::Object(line) = line else { return Err(" is not an object".to_owned()) };
    let amount = match &line.amount {
        Scalar::Absent => return Err(".amount is missing".to_owned()),
        text => Won::parse(text.as_str()).ok_or_else(|| format!(".amount {NOT_AN_AMOUNT}"))?,
    };
    let text = |field: &str, given: Scalar<'_>| match given {
        Scalar::Absent => Ok(None),
        Scalar::Text(text) => Ok(Some(text.into_owned())),
        _ => Err(format!("{field} is not a text")),
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
    requests: List<'a, Object<'a, LineInput<'a>>>,
    /// The key by which the whole list is matched; only beside `requests`. By default the first of
    /// `billingTranId`, `subId` and `printContent` that any line has, else the amount. A line
    /// without it is an error that names the line. 목록 전체를 대조하는 기준 항목.
    #[cfg_attr(feature = "schema", schemars(with = "Option<MatchBy>"))]
    match_by: Scalar<'a>,
    /// The `fingerprint` of the group as it was reviewed; another one is the error
    /// `changed_since_review`. 검토 시점의 검증값.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::payout::Fingerprint>"))]
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

const FIELDS: [&str; 5] = ["total", "count", "requests", "matchBy", "fingerprint"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn read(json: &str) -> Result<Expectation, String> {
        read_expectation(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind, ErrorKind::InvalidInput);
            error.message.to_string()
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
}
