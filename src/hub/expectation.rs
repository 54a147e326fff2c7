//! What a company means to pay, and how a group differs from it.

use std::fmt;

use serde::Serialize;

use super::matching::{Line, Matching, alternatives};
use super::requests::PayoutRequest;
use super::review::{Finding, FindingKind, add};
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
    pub fn new<'a>(total: Option<Won>, count: Option<u64>, requests: Option<&[ExpectedRequest<'a>]>) -> Result<Self, Error> {
        let mut reading = Reading::default();
        (reading.expectation.total, reading.expectation.count) = (total, count);
        reading.expectation.requests = requests.map(|_| Requests::default());
        for request in requests.into_iter().flatten() {
            let text = |text: Option<&'a str>| text.map_or(Text::Absent, |text| Text::Filled(text.into()));
            let amount = Text::Filled(request.amount.amount().to_string().into());
            reading.push(&[text(request.billing_tran_id), text(request.sub_id), text(request.print_content), amount]);
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
        json::read(json, |json| reading.read(json)).map_err(|fault| invalid(format!("expect {fault}")))?;
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

/// How many requests of the list and of the group go together, and what they add up to. All zero without a list.
///
/// `matched`, `different` and `missing` make up the list; `matched`, `different` and `unexpected` make up the group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpectationSummary {
    /// Requests that are as expected.
    pub matched: usize,
    /// Expected requests that the group does not have.
    pub missing: usize,
    /// Requests of the group that nobody expects.
    pub unexpected: usize,
    /// Requests of another amount than expected.
    pub different: usize,
    /// Sets of requests that could as well be matched otherwise: as many as there are findings of that kind.
    pub ambiguous: usize,
    /// What the matched requests add up to.
    pub matched_total: Won,
    /// What the missing requests add up to.
    pub missing_total: Won,
    /// What the unexpected requests add up to.
    pub unexpected_total: Won,
    /// What the requests of other amounts add up to in the group.
    pub different_total: Won,
    /// What they should add up to.
    pub different_expected_total: Won,
}

/// Compares the rows of a group, and their sum, with what is expected.
pub(super) fn compare(expectation: &Expectation, rows: &[PayoutRequest<'_>], computed_total: Won) -> (ExpectationSummary, Vec<Finding>) {
    let mut findings = Vec::new();
    if let Some(total) = expectation.total.filter(|total| *total != computed_total) {
        let messages = [
            format_args!("{total} is expected in total, but the requests add up to {computed_total}."),
            format_args!("예정 총액은 {total}이지만 요청 금액의 합은 {computed_total}입니다."),
        ];
        add(&mut findings, FindingKind::ExpectedTotalMismatch, messages, Vec::new(), Vec::new());
    }
    let listed = rows.len();
    if let Some(count) = expectation.count.filter(|count| usize::try_from(*count) != Ok(listed)) {
        let messages = [
            format_args!("{count} requests are expected, but the group has {listed}."),
            format_args!("예정 건수는 {count}건이지만 그룹에는 {listed}건이 있습니다."),
        ];
        add(&mut findings, FindingKind::ExpectedCountMismatch, messages, Vec::new(), Vec::new());
    }
    let summary = match &expectation.requests {
        Some(requests) => compare_requests(requests, rows, &mut findings),
        None => ExpectationSummary::default(),
    };
    (summary, findings)
}

fn compare_requests(requests: &Requests, rows: &[PayoutRequest<'_>], findings: &mut Vec<Finding>) -> ExpectationSummary {
    let lines: Vec<Line<'_>> = requests.iter().map(|expected| expected.line()).collect();
    let rows: Vec<Line<'_>> = rows.iter().map(PayoutRequest::line).collect();
    let matching = Matching::new(&lines, &rows, false);

    let mut summary = ExpectationSummary::default();
    let (mut missing, mut different, mut unexpected) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let found = matching.row_of(at).and_then(|row| Some((row, rows.get(row)?.amount)));
        let (count, total) = match found {
            None => {
                missing.push(at);
                (&mut summary.missing, &mut summary.missing_total)
            }
            Some((_, amount)) if amount == line.amount => (&mut summary.matched, &mut summary.matched_total),
            Some((row, amount)) => {
                different.push((row, at, amount, line.amount));
                count_in(&mut 0, &mut summary.different_total, amount);
                (&mut summary.different, &mut summary.different_expected_total)
            }
        };
        count_in(count, total, line.amount);
    }
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| matching.line_of(*at).is_none()) {
        unexpected.push(at);
        count_in(&mut summary.unexpected, &mut summary.unexpected_total, row.amount);
    }

    if !missing.is_empty() {
        let (n, total) = (summary.missing, summary.missing_total);
        let messages = [
            format_args!("{n} of the expected requests, {total} in total, are missing from the group."),
            format_args!("예정된 요청 중 {n}건, 합계 {total}이 그룹에 없습니다."),
        ];
        add(findings, FindingKind::MissingRequest, messages, Vec::new(), missing);
    }
    if !unexpected.is_empty() {
        let (n, total) = (summary.unexpected, summary.unexpected_total);
        let messages = [
            format_args!("{n} of the requests, {total} in total, are not expected."),
            format_args!("예정에 없는 요청이 {n}건, 합계 {total} 있습니다."),
        ];
        add(findings, FindingKind::UnexpectedRequest, messages, unexpected, Vec::new());
    }
    for (row, at, amount, expected) in different {
        let messages = [
            format_args!("{expected} is expected, but the request is for {amount}."),
            format_args!("예정 금액은 {expected}이지만 요청 금액은 {amount}입니다."),
        ];
        add(findings, FindingKind::AmountMismatch, messages, vec![row], vec![at]);
    }
    if summary.matched == lines.len() && summary.matched == rows.len() {
        return summary;
    }
    for set in alternatives(&matching, &Matching::new(&lines, &rows, true)) {
        summary.ambiguous = summary.ambiguous.saturating_add(1);
        let (n, m) = (set.rows.len(), set.lines.len());
        let messages = [
            format_args!("{n} requests and {m} expected ones can be matched in several ways that fit equally well; this is one of them."),
            format_args!("요청 {n}건과 예정 {m}건은 똑같이 잘 맞는 대조 방법이 여럿입니다. 이 결과는 그중 하나입니다."),
        ];
        add(findings, FindingKind::AmbiguousMatch, messages, set.rows, set.lines);
    }
    summary
}

/// Counts one more, and its amount as part of a sum that is known to be exact.
fn count_in(count: &mut usize, total: &mut Won, amount: Won) {
    *count = count.saturating_add(1);
    *total = total.checked_add(amount).unwrap_or(*total);
}

impl<'a> ExpectedRequest<'a> {
    fn line(&self) -> Line<'a> {
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
    fn push(&mut self, raw: &RawRow<'_>) -> Result<(), (&'static str, &'static str)> {
        let [billing_tran_id, sub_id, print_content, amount] = raw;
        let amount = match amount {
            Text::Absent => return Err((".amount", "is missing")),
            text => Won::parse(text.as_str()).ok_or((".amount", NOT_AN_AMOUNT))?,
        };
        let total = self.total.checked_add(amount).ok_or((".amount", "brings the sum beyond what can be counted exactly"))?;
        let row = Row {
            billing_tran_id: self.identifier(".billingTranId", billing_tran_id)?,
            sub_id: self.identifier(".subId", sub_id)?,
            print_content: self.text(".printContent", print_content)?,
            amount,
        };
        self.rows.push(row);
        self.total = total;
        Ok(())
    }

    fn identifier(&mut self, field: &'static str, text: &Text<'_>) -> Result<Option<Span>, (&'static str, &'static str)> {
        match text {
            Text::Filled(text) if text.is_empty() => Err((field, "is empty")),
            text => self.text(field, text),
        }
    }

    fn text(&mut self, field: &'static str, text: &Text<'_>) -> Result<Option<Span>, (&'static str, &'static str)> {
        match text {
            Text::Unreadable => Err((field, "is not a text")),
            text => text.filled().map(|text| self.texts.put(text, None).ok_or(("", "is more than can be kept"))).transpose(),
        }
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
                json.list(&mut |json| if self.fault.is_none() { self.read_row(json) } else { json.skip() })
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
            self.refuse_row("", "is not an object");
            return json.skip();
        }
        json.fields(&ROW_FIELDS, &mut raw, &mut |json, _| json.skip())?;
        self.push(&raw);
        Ok(())
    }

    fn push(&mut self, raw: &RawRow<'_>) {
        let pushed = self.expectation.requests.get_or_insert_default().push(raw);
        if let Err((field, what)) = pushed {
            self.refuse_row(field, what);
        }
    }

    fn refuse_row(&mut self, field: &str, what: &str) {
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
            None if total.is_none() && count.is_none() && requests.is_none() => Err(invalid("expect names no total, count or requests")),
            None => Ok(self.expectation),
        }
    }
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::InvalidInput, message)
}

/// The scalars first, `requests` last: it has no text of its own.
const FIELDS: [&str; 3] = ["total", "count", "requests"];
const ROW_FIELDS: [&str; 4] = ["billingTranId", "subId", "printContent", "amount"];
const NOT_AN_AMOUNT: &str = "is not a whole amount of won";

#[cfg(test)]
mod tests {
    use super::super::review::Severity;
    use super::*;
    use crate::kst::Kst;
    use crate::won::Limit;

    fn read(json: &str) -> Result<Expectation, String> {
        Expectation::from_json(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind(), Kind::InvalidInput);
            error.message().to_owned()
        })
    }

    fn row(billing_tran_id: &'static str, amount: u64) -> PayoutRequest<'static> {
        PayoutRequest {
            cst_id: "test",
            sub_id: None,
            group_key: "G",
            billing_tran_id,
            print_content: None,
            amount: Won::new(amount).unwrap(),
            remaining_limit: Limit::new(0).unwrap(),
            requested_at: Kst::parse("2021-10-26 10:55:03").unwrap(),
            requested_at_raw: "",
        }
    }

    fn compared(json: &str, rows: &[PayoutRequest<'_>]) -> (ExpectationSummary, Vec<Finding>) {
        let total = rows.iter().map(|row| row.amount.amount()).sum();
        compare(&read(json).unwrap(), rows, Won::new(total).unwrap())
    }

    /// Kind, rows and expected rows of each finding.
    fn found(json: &str, rows: &[PayoutRequest<'_>]) -> Vec<(FindingKind, Vec<usize>, Vec<usize>)> {
        compared(json, rows).1.into_iter().map(|finding| (finding.kind, finding.rows, finding.expected_rows)).collect()
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
        let requests: Vec<_> = expectation.requests().unwrap().map(|r| (r.billing_tran_id, r.sub_id, r.print_content, r.amount)).collect();
        assert_eq!(requests, [(Some("B"), Some("7"), None, won(1000)), (None, None, Some("10월 정산"), won(2000))]);
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
            (list(r#"{"amount":9007199254740992}"#), "expect.requests[1].amount is not a whole amount of won"),
            (list(r#"{"amount":9007199254740991}"#), "expect.requests[1].amount brings the sum beyond what can be counted exactly"),
            (list(r#"{"amount":1,"billingTranId":""}"#), "expect.requests[1].billingTranId is empty"),
            (list(r#"{"amount":1,"subId":""}"#), "expect.requests[1].subId is empty"),
            (list(r#"{"amount":1,"printContent":["canary"]}"#), "expect.requests[1].printContent is not a text"),
            (list("null"), "expect.requests[1] is not an object"),
            (list(r#""canary",{"amount":"canary"}"#), "expect.requests[1] is not an object"),
            ("[]".to_owned(), "expect is not an object"),
            ("null".to_owned(), "expect is not an object"),
            (r#"{"request":[]}"#.to_owned(), "expect names no total, count or requests"),
            (r#"{"total":null,"requests":null}"#.to_owned(), "expect names no total, count or requests"),
            (r#"{"total":1} canary"#.to_owned(), "expect is not JSON (line 1, column 12)"),
        ] {
            assert_eq!(read(&json).unwrap_err(), fault, "{json}");
        }
    }

    #[test]
    fn an_expectation_can_be_made_without_json() {
        let request = ExpectedRequest { billing_tran_id: Some("B"), sub_id: None, print_content: None, amount: won(1) };

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
        let expectation = read(r#"{"requests":[{"billingTranId":"canary","amount":77777}]}"#).unwrap();

        assert_eq!(format!("{expectation:?}"), "Expectation(1 requests)");
    }

    #[test]
    fn sums_alone_can_be_expected() {
        let rows = [row("A", 1000), row("B", 2000)];

        assert_eq!(compared(r#"{"total":3000,"count":2}"#, &rows), (ExpectationSummary::default(), vec![]));
        let (summary, findings) = compared(r#"{"total":3001,"count":3}"#, &rows);
        assert_eq!(summary, ExpectationSummary::default());
        assert_eq!(
            findings.iter().map(|finding| (finding.kind, finding.message.as_str(), finding.message_ko.as_str())).collect::<Vec<_>>(),
            [
                (
                    FindingKind::ExpectedTotalMismatch,
                    "₩3,001 is expected in total, but the requests add up to ₩3,000.",
                    "예정 총액은 ₩3,001이지만 요청 금액의 합은 ₩3,000입니다."
                ),
                (
                    FindingKind::ExpectedCountMismatch,
                    "3 requests are expected, but the group has 2.",
                    "예정 건수는 3건이지만 그룹에는 2건이 있습니다."
                ),
            ]
        );
    }

    #[test]
    fn a_list_speaks_for_itself_without_its_sum_and_count() {
        assert_eq!(
            found(r#"{"requests":[]}"#, &[row("A", 1000)]),
            [(FindingKind::UnexpectedRequest, vec![0], vec![])],
            "an empty list expects nothing"
        );
        assert_eq!(found(r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#, &[]), [(FindingKind::MissingRequest, vec![], vec![0])]);
    }

    #[test]
    fn every_difference_is_told_with_its_rows_and_sums() {
        let rows = [row("A", 1000), row("B", 2500), row("D", 4000), row("A", 1000)];
        let (summary, findings) = compared(
            r#"{"requests":[{"billingTranId":"C","amount":3000},{"billingTranId":"B","amount":2000},{"billingTranId":"A","amount":1000}]}"#,
            &rows,
        );

        assert_eq!(
            summary,
            ExpectationSummary {
                matched: 1,
                missing: 1,
                unexpected: 2,
                different: 1,
                ambiguous: 0,
                matched_total: won(1000),
                missing_total: won(3000),
                unexpected_total: won(5000),
                different_total: won(2500),
                different_expected_total: won(2000),
            }
        );
        let told: Vec<_> = findings.iter().map(|f| (f.kind, f.rows.as_slice(), f.expected_rows.as_slice(), f.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (
                    FindingKind::MissingRequest,
                    &[][..],
                    &[0][..],
                    "1 of the expected requests, ₩3,000 in total, are missing from the group."
                ),
                (FindingKind::UnexpectedRequest, &[2, 3], &[], "2 of the requests, ₩5,000 in total, are not expected."),
                (FindingKind::AmountMismatch, &[1], &[1], "₩2,000 is expected, but the request is for ₩2,500."),
            ]
        );
    }

    #[test]
    fn one_recipients_requests_are_paired_so_that_the_amounts_differ_least() {
        let rows = [row("A", 1100), row("A", 5000), row("A", 9000)];

        assert_eq!(
            found(r#"{"requests":[{"billingTranId":"A","amount":8000},{"billingTranId":"A","amount":5000}]}"#, &rows),
            [(FindingKind::UnexpectedRequest, vec![0], vec![]), (FindingKind::AmountMismatch, vec![2], vec![0])]
        );
    }

    #[test]
    fn what_could_as_well_be_matched_otherwise_is_said() {
        let two_at_one_distance = r#"{"requests":[{"billingTranId":"A","amount":1500}]}"#;
        assert_eq!(
            found(two_at_one_distance, &[row("A", 2000), row("A", 1000)]),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmountMismatch, vec![1], vec![0]),
                (FindingKind::AmbiguousMatch, vec![0, 1], vec![0]),
            ]
        );
        let nobody_named = r#"{"requests":[{"amount":1000}]}"#;
        assert_eq!(
            found(nobody_named, &[row("B", 1000), row("A", 1000)]),
            [(FindingKind::UnexpectedRequest, vec![0], vec![]), (FindingKind::AmbiguousMatch, vec![0, 1], vec![0])]
        );
        let crossed = r#"{"requests":[{"billingTranId":"A","amount":1000},{"billingTranId":"A","amount":1100}]}"#;
        let (summary, findings) = compared(crossed, &[row("A", 2000), row("A", 2100)]);
        assert_eq!((summary.different, summary.ambiguous, findings.len()), (2, 1, 3));
        assert!(findings.last().is_some_and(|finding| finding.severity == Severity::Notice));
    }

    #[test]
    fn equal_requests_are_not_ambiguous() {
        let rows = [row("A", 1000), row("A", 1000), row("A", 1000)];

        assert_eq!(
            found(r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#, &rows),
            [(FindingKind::UnexpectedRequest, vec![1, 2], vec![])]
        );
    }

    #[test]
    fn ids_claim_first() {
        let rows = [row("A", 1000)];

        assert_eq!(
            found(r#"{"requests":[{"amount":1000},{"billingTranId":"A","amount":900}]}"#, &rows),
            [(FindingKind::MissingRequest, vec![], vec![0]), (FindingKind::AmountMismatch, vec![0], vec![1])]
        );
    }

    #[test]
    fn ten_thousand_of_one_amount_are_no_trouble() {
        let lines: Vec<String> = (0..10_000).map(|i| format!(r#"{{"amount":1000,"printContent":"{}"}}"#, i % 7)).collect();
        let rows = vec![row("A", 1000); 10_000];
        let (summary, _) = compared(&format!(r#"{{"requests":[{}]}}"#, lines.join(",")), &rows);

        assert_eq!((summary.missing, summary.unexpected), (10_000, 10_000));
    }
}
