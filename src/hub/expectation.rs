//! What a company means to pay, and the reading of it.

use std::fmt;

use super::matching::Line;
use super::rows::{NOT_AN_AMOUNT, TOO_MUCH, What};
use super::texts::{Span, Texts};
use crate::error::{Error, Kind};
use crate::json::{self, Fault, Json, Text};
use crate::won::Won;

/// What a company means to pay: a sum, a number of requests, a list of them, or several of these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    total: Option<Won>,
    count: Option<u64>,
    requests: Option<Requests>,
}

/// One request that a company means to make. What is not known is `None`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExpectedRequest<'a> {
    /// 계좌 빌링키: the recipient.
    pub billing_tran_id: Option<&'a str>,
    /// 파트너사 하위고객 ID.
    pub sub_id: Option<&'a str>,
    /// 입금계좌인자내역.
    pub print_content: Option<&'a str>,
    /// 지급이체금액, in won.
    pub amount: Won,
}

impl Expectation {
    /// Checks an expectation: something is expected, no text is empty, and the amounts can be added up.
    pub fn new<'a>(
        total: Option<Won>,
        count: Option<u64>,
        requests: Option<&[ExpectedRequest<'a>]>,
    ) -> Result<Self, Error> {
        let mut reading = Reading::default();
        (reading.expectation.total, reading.expectation.count) = (total, count);
        reading.expectation.requests = requests.map(|_| Requests::default());
        for request in requests.into_iter().flatten() {
            let text =
                |text: Option<&'a str>| text.map_or(Text::Absent, |text| Text::Filled(text.into()));
            let amount = Text::Filled(request.amount.amount().to_string().into());
            reading.push(&[
                text(request.billing_tran_id),
                text(request.sub_id),
                text(request.print_content),
                amount,
            ]);
        }
        reading.finish()
    }

    /// Reads `{ total?, count?, requests?: { billingTranId?, subId?, printContent?, amount }[] }`.
    ///
    /// Amounts are whole numbers, or their digits as a text. `null` is as good as absent; so is an empty print content. An
    /// empty `billingTranId` or `subId` is an error: that line would be matched by less than its writer thinks. Other
    /// fields of a request are passed over, so that rows of a table of one's own can be handed over as they are.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let mut reading = Reading::default();
        json::read(json, |json| reading.read(json))
            .map_err(|fault| invalid(format!("expect {fault}")))?;
        reading.finish()
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
    pub fn requests(&self) -> Option<impl ExactSizeIterator<Item = ExpectedRequest<'_>>> {
        self.requests.as_ref().map(Requests::iter)
    }
}

/// Says how much is expected, not what: recipients and amounts are nobody's log's business.
impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = self.requests.as_ref().map_or(0, |requests| requests.rows.len());
        write!(f, "Expectation({requests} requests)")
    }
}

impl<'a> ExpectedRequest<'a> {
    pub(super) fn line(&self) -> Line<'a> {
        Line { amount: self.amount, texts: [self.billing_tran_id, self.sub_id, self.print_content] }
    }
}

/// The list as it is read: amounts checked, texts in one string.
#[derive(Clone, Default, PartialEq, Eq)]
struct Requests {
    texts: Texts,
    rows: Vec<Row>,
    total: Won,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    billing_tran_id: Option<Span>,
    sub_id: Option<Span>,
    print_content: Option<Span>,
    amount: Won,
}

impl Requests {
    fn iter(&self) -> impl ExactSizeIterator<Item = ExpectedRequest<'_>> {
        let text = |span: Option<Span>| span.map(|span| self.texts.at(span));
        self.rows.iter().map(move |row| ExpectedRequest {
            billing_tran_id: text(row.billing_tran_id),
            sub_id: text(row.sub_id),
            print_content: text(row.print_content),
            amount: row.amount,
        })
    }

    /// Takes a request in, or tells which field is wrong and how.
    fn push(&mut self, raw: &RawRow<'_>) -> Result<(), What> {
        let [billing_tran_id, sub_id, print_content, amount] = raw;
        let amount = match amount {
            Text::Absent => Err(NO_AMOUNT),
            text => Won::parse(text.as_str()).ok_or(NOT_AN_AMOUNT),
        };
        let amount = amount.map_err(|what| (".amount", what))?;
        let total = self.total.checked_add(amount).ok_or((".amount", TOO_MUCH))?;
        let [billing_tran_id, sub_id, print_content] =
            checked([billing_tran_id, sub_id, print_content])?;
        let mut keep = |text: Option<&str>| {
            text.map(|text| self.texts.put(text, None).ok_or(("", "is more than can be kept")))
                .transpose()
        };
        let (billing_tran_id, sub_id, print_content) =
            (keep(billing_tran_id)?, keep(sub_id)?, keep(print_content)?);
        self.rows.push(Row { billing_tran_id, sub_id, print_content, amount });
        self.total = total;
        Ok(())
    }
}

/// The texts of a request, if they are what they should be; or which field is wrong and how.
fn checked<'t>(
    [billing_tran_id, sub_id, print_content]: [&'t Text<'_>; 3],
) -> Result<[Option<&'t str>; 3], What> {
    Ok([
        identifier(".billingTranId", billing_tran_id)?,
        identifier(".subId", sub_id)?,
        text(".printContent", print_content)?,
    ])
}

fn identifier<'t>(field: &'static str, given: &'t Text<'_>) -> Result<Option<&'t str>, What> {
    match given {
        Text::Filled(text) if text.is_empty() => Err((field, "is empty")),
        given => text(field, given),
    }
}

fn text<'t>(field: &'static str, given: &'t Text<'_>) -> Result<Option<&'t str>, What> {
    match given {
        Text::Unreadable => Err((field, "is not a text")),
        given => Ok(given.filled()),
    }
}

/// One request's texts, in the order of [`ROW_FIELDS`].
type RawRow<'a> = [Text<'a>; ROW_FIELDS.len()];

/// An expectation while it is read: goes on after the first fault, which is told at the end.
#[derive(Default)]
pub(super) struct Reading {
    expectation: Expectation,
    fault: Option<String>,
}

impl Reading {
    /// Reads the value that comes, whatever it is. Fails only where it is not JSON.
    pub(super) fn read(&mut self, json: &mut Json<'_>) -> Result<(), Fault> {
        if json.peek()? != b'{' {
            self.refuse("expect is not an object");
            return json.skip();
        }
        let mut texts = [const { Text::Absent }; 2];
        json.fields(&FIELDS, &mut texts, &mut |json, field| match field {
            Some(_) => self.read_requests(json),
            None => json.skip(),
        })?;
        let mut number = |text: &Text<'_>, fault: &str| match text {
            Text::Absent => None,
            text => Won::parse(text.as_str()).or_else(|| {
                self.refuse(fault);
                None
            }),
        };
        let [total, count] = &texts;
        let total = number(total, "expect.total is not a whole amount of won");
        let count = number(count, "expect.count is not a whole number");
        (self.expectation.total, self.expectation.count) = (total, count.map(Won::amount));
        Ok(())
    }

    fn read_requests(&mut self, json: &mut Json<'_>) -> Result<(), Fault> {
        match json.peek()? {
            b'[' => {
                self.expectation.requests = Some(Requests::default());
                json.list(&mut |json| {
                    if self.fault.is_none() { self.read_row(json) } else { json.skip() }
                })
            }
            b'n' => json.skip(),
            _ => {
                self.refuse("expect.requests is not a list");
                json.skip()
            }
        }
    }

    fn read_row(&mut self, json: &mut Json<'_>) -> Result<(), Fault> {
        let mut raw = [const { Text::Absent }; ROW_FIELDS.len()];
        if json.peek()? != b'{' {
            self.refuse_row(NOT_AN_OBJECT);
            return json.skip();
        }
        json.fields(&ROW_FIELDS, &mut raw, &mut |json, _| json.skip())?;
        self.push(&raw);
        Ok(())
    }

    fn push(&mut self, raw: &RawRow<'_>) {
        let pushed = self.expectation.requests.get_or_insert_default().push(raw);
        if let Err(what) = pushed {
            self.refuse_row(what);
        }
    }

    fn refuse_row(&mut self, (field, what): What) {
        let row = self.expectation.requests.as_ref().map_or(0, |requests| requests.rows.len());
        self.refuse(&format!("expect.requests[{row}]{field} {what}"));
    }

    fn refuse(&mut self, fault: &str) {
        self.fault.get_or_insert_with(|| fault.to_owned());
    }

    /// What was read, if it is sound.
    pub(super) fn finish(self) -> Result<Expectation, Error> {
        let Expectation { total, count, requests } = &self.expectation;
        match self.fault {
            Some(fault) => Err(invalid(fault)),
            None if total.is_none() && count.is_none() && requests.is_none() => {
                Err(invalid("expect names no total, count or requests"))
            }
            None => Ok(self.expectation),
        }
    }
}

pub(super) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::InvalidInput, message)
}

/// The scalars first, `requests` last: it has no text of its own.
const FIELDS: [&str; 3] = ["total", "count", "requests"];
const ROW_FIELDS: [&str; 4] = ["billingTranId", "subId", "printContent", "amount"];
pub(super) const NO_AMOUNT: &str = "is missing";
pub(super) const NOT_AN_OBJECT: What = ("", "is not an object");

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Expectation, String> {
        Expectation::from_json(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind(), Kind::InvalidInput);
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
                {"billingTranId":null,"printContent":"10월 정산","amount":"2000"}]}"#,
        )
        .unwrap();

        assert_eq!((expectation.total(), expectation.count()), (Won::new(3000), Some(2)));
        let requests: Vec<_> = expectation
            .requests()
            .unwrap()
            .map(|r| (r.billing_tran_id, r.sub_id, r.print_content, r.amount))
            .collect();
        assert_eq!(
            requests,
            [(Some("B"), Some("7"), None, won(1000)), (None, None, Some("10월 정산"), won(2000))]
        );
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
            (list("null"), "expect.requests[1] is not an object"),
            (list(r#""canary",{"amount":"canary"}"#), "expect.requests[1] is not an object"),
            ("[]".to_owned(), "expect is not an object"),
            ("null".to_owned(), "expect is not an object"),
            (r#"{"request":[]}"#.to_owned(), "expect names no total, count or requests"),
            (
                r#"{"total":null,"requests":null}"#.to_owned(),
                "expect names no total, count or requests",
            ),
            (r#"{"total":1} canary"#.to_owned(), "expect is not JSON (line 1, column 12)"),
        ] {
            assert_eq!(read(&json).unwrap_err(), fault, "{json}");
        }
    }

    #[test]
    fn an_expectation_can_be_made_without_json() {
        let request = ExpectedRequest {
            billing_tran_id: Some("B"),
            sub_id: None,
            print_content: None,
            amount: won(1),
        };

        assert!(
            Expectation::new(None, Some(1), Some(&[request])).unwrap()
                == read(r#"{"count":1,"requests":[{"billingTranId":"B","amount":1}]}"#).unwrap()
        );
        let nameless = ExpectedRequest { billing_tran_id: Some(""), ..request };
        assert_eq!(
            Expectation::new(None, None, Some(&[request, nameless])).unwrap_err().message(),
            "expect.requests[1].billingTranId is empty"
        );
        assert!(Expectation::new(None, None, None).is_err());
    }

    #[test]
    fn debug_shows_neither_recipients_nor_amounts() {
        let expectation =
            read(r#"{"requests":[{"billingTranId":"canary","amount":77777}]}"#).unwrap();

        assert_eq!(format!("{expectation:?}"), "Expectation(1 requests)");
    }
}
