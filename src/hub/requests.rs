//! The payout requests of one group: `POST /request/result/group_key`, read from bytes to checked rows in one pass.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::expectation::Expectation;
use super::matching::{Line, Lists};
use super::review::{self, PayoutReview, Reviewed};
use super::rows::Rows;
use crate::error::{Error, Kind, Phase};
use crate::json::Text;
use crate::kst::Kst;
use crate::partner::token_fault;
use crate::wire::{self, Reply};
use crate::won::{Limit, Won};

/// 실행 그룹 키: the key under which payout requests are executed together.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupKey(String);

impl GroupKey {
    /// Checks a group key: 1 to 64 characters, no white space, no control characters.
    ///
    /// The spec says aN(64), but its sample is base64, so nothing narrower is asked.
    pub fn new(text: &str) -> Result<Self, Error> {
        match token_fault(text, MAX_GROUP_KEY_CHARS) {
            None => Ok(Self(text.to_owned())),
            Some(fault) => Err(Error::new(Kind::InvalidInput, format!("groupKey {fault}"))),
        }
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupKey(…)")
    }
}

/// The requests that wait for execution under one group key, and what there is to say about them.
///
/// Serialises as the contract's `PayoutRequestGroup`.
pub struct PayoutRequestGroup {
    group_key: GroupKey,
    total: Won,
    count: u64,
    rows: Rows,
    review: PayoutReview,
    code: String,
    message: String,
}

impl PayoutRequestGroup {
    /// The key that was asked for.
    pub fn group_key(&self) -> &GroupKey {
        &self.group_key
    }

    /// The sum of all requests as Payple declares it.
    pub fn total(&self) -> Won {
        self.total
    }

    /// The number of requests as Payple declares it.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The requests, in Payple's order.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = PayoutRequest<'_>> {
        self.rows.iter()
    }

    /// Whether the group holds together.
    pub fn review(&self) -> &PayoutReview {
        &self.review
    }

    /// Compares the group with what is expected: the review then says where they differ.
    pub fn compare(&mut self, expectation: &Expectation) {
        let rows = self.rows.reviewed();
        let lists = expectation.requests().map(|lines| {
            Lists::new(lines.map(|line| line.line()), rows.iter().map(|row| row.line))
        });
        self.review.compare(expectation, lists.as_ref());
    }

    /// Payple's result code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Payple's message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Its requests, for a face that makes objects of them by itself.
    #[cfg(feature = "npm")]
    pub(crate) fn columns(&self) -> super::Columns<'_> {
        self.rows.columns()
    }

    /// The group as the contract's `PayoutRequestGroup`, with `requests` in the form that a face asks for.
    pub(crate) fn serialize_with<S: Serializer>(
        &self,
        requests: &impl Serialize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("PayoutRequestGroup", 7)?;
        object.serialize_field("groupKey", self.group_key.as_str())?;
        object.serialize_field("total", &self.total)?;
        object.serialize_field("count", &self.count)?;
        object.serialize_field("requests", requests)?;
        object.serialize_field("review", &self.review)?;
        object.serialize_field("code", &self.code)?;
        object.serialize_field("message", &self.message)?;
        object.end()
    }
}

/// Says how many requests there are; recipients and amounts are nobody's log's business.
impl fmt::Debug for PayoutRequestGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayoutRequestGroup({} requests)", self.rows.len())
    }
}

impl Serialize for PayoutRequestGroup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_with(&self.rows, serializer)
    }
}

/// One 지급이체 요청.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutRequest<'a> {
    /// 파트너 ID.
    pub cst_id: &'a str,
    /// 파트너사 하위고객 ID, where the request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_id: Option<&'a str>,
    /// 실행 그룹 키.
    pub group_key: &'a str,
    /// 계좌 빌링키: the recipient.
    pub billing_tran_id: &'a str,
    /// 입금계좌인자내역, where the request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_content: Option<&'a str>,
    /// 지급이체금액, in won.
    pub amount: Won,
    /// 지급이체 한도 잔여금액 after this request, in won.
    pub remaining_limit: Limit,
    /// 지급이체요청시간.
    pub requested_at: Kst,
    /// The same as Payple wrote it.
    pub requested_at_raw: &'a str,
}

impl<'a> PayoutRequest<'a> {
    /// What a review looks at.
    pub(super) fn reviewed(self) -> Reviewed<'a> {
        let Self {
            cst_id,
            sub_id,
            group_key,
            billing_tran_id,
            print_content,
            amount,
            remaining_limit,
            ..
        } = self;
        let line = Line { amount, texts: [Some(billing_tran_id), sub_id, print_content] };
        Reviewed { cst_id, group_key, line, remaining_limit }
    }
}

/// Reads the reply to a look-up of `asked` by the partner `cst_id`.
pub(super) fn read(
    reply: Reply,
    asked: &GroupKey,
    cst_id: &str,
    secrets: &[&str],
) -> Result<PayoutRequestGroup, Error> {
    let phase = Phase::Lookup;
    let mut texts = [const { Text::Absent }; 4];
    let mut rows = Rows::with_room(reply.body.len());
    wire::read_object(&reply, phase, &BODY_FIELDS, &mut texts, &mut |json, field| match field {
        Some(_) => rows.read(json),
        None => json.skip(),
    })?;
    let [result, message, total, count] = texts;
    let protocol =
        |what: String| Error::new(Kind::Protocol, what).with_phase(phase).with_status(reply.status);

    let code = match result.filled() {
        Some(LOOKED_UP) => LOOKED_UP.to_owned(),
        Some(code) => {
            return Err(super::refusal(&reply, phase, code, message.as_str(), secrets));
        }
        None => return Err(wire::without_answer(&reply, phase, "has no result code")),
    };
    if let Some(fault) = rows.fault() {
        return Err(protocol(fault));
    }
    let total = declared(rows.len(), "total", &total).map_err(protocol)?;
    let count = declared(rows.len(), "count", &count).map_err(protocol)?.amount();
    let message = wire::words(message.as_str(), secrets);
    let review = review::review(&rows.reviewed(), rows.sum(), total, count, asked, Some(cst_id));
    Ok(PayoutRequestGroup { group_key: asked.clone(), total, count, rows, review, code, message })
}

/// A sum as declared beside the rows.
///
/// What a group without requests looks like is documented nowhere: its sums may be missing with it.
pub(super) fn declared(rows: usize, field: &str, text: &Text<'_>) -> Result<Won, String> {
    match text {
        Text::Absent if rows == 0 => Ok(Won::ZERO),
        Text::Filled(text) if text.is_empty() && rows == 0 => Ok(Won::ZERO),
        text => Won::parse(text.as_str())
            .ok_or_else(|| format!("{field} is not a whole, non-negative number")),
    }
}

/// The scalars first, `list` last: it has no text of its own.
const BODY_FIELDS: [&str; 5] = ["result", "message", "total", "count", "list"];
const LOOKED_UP: &str = "A0000";
const MAX_GROUP_KEY_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// One reply to a look-up of the group `G` by the partner `test`.
    fn read_body(body: &str) -> Result<PayoutRequestGroup, Error> {
        let reply = Reply { status: 200, retry_after_ms: None, body: body.as_bytes().to_vec() };
        read(reply, &GroupKey::new("G").unwrap(), "test", &["canary-key"])
    }

    fn row(fields: &str) -> String {
        let mut row = serde_json::json!({
            "cst_id": "test", "group_key": "G", "billing_tran_id": "B", "tran_amt": "1000", "remain_amt": "9000",
            "request_date": "2021-10-26 10:55:03",
        });
        let changes: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(fields).unwrap();
        for (name, value) in changes {
            row[name] = value;
        }
        row.to_string()
    }

    fn group(list: &str) -> String {
        format!(
            r#"{{"result":"A0000","message":"처리 성공","total":"1000","count":"1","list":{list}}}"#
        )
    }

    fn fault(fields: &str) -> String {
        let error = read_body(&group(&format!("[{},{}]", row("{}"), row(fields)))).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (Kind::Protocol, Some(Phase::Lookup)));
        error.message().to_owned()
    }

    #[test]
    fn a_row_has_the_shape_of_the_contract() {
        let group = read_body(&group(&format!(
            "[{}]",
            row(r#"{"print_content":"정산\/1","sub_id":"","new_field":[1]}"#)
        )))
        .unwrap();

        assert_eq!(
            serde_json::to_value(&group).unwrap(),
            serde_json::json!({
                "groupKey": "G", "total": 1000, "count": 1, "code": "A0000", "message": "처리 성공",
                "requests": [{
                    "cstId": "test", "groupKey": "G", "billingTranId": "B", "printContent": "정산/1", "amount": 1000,
                    "remainingLimit": 9000, "requestedAt": "2021-10-26T10:55:03+09:00", "requestedAtRaw": "2021-10-26 10:55:03",
                }],
                "review": { "consistent": true, "computedTotal": 1000, "computedCount": 1, "findings": [] },
            })
        );
    }

    #[test]
    fn numbers_may_be_numbers() {
        let body = format!(
            r#"{{"result":"A0000","total":1000,"count":1,"list":[{}]}}"#,
            row(r#"{"tran_amt":1000,"remain_amt":9000}"#)
        );

        assert!(read_body(&body).unwrap().review().consistent());
    }

    #[test]
    fn a_group_without_requests_may_look_many_ways() {
        for body in [
            r#"{"result":"A0000","total":"0","count":"0","list":[]}"#,
            r#"{"result":"A0000","total":"","count":"","list":""}"#,
            r#"{"result":"A0000","list":null}"#,
            r#"{"result":"A0000"}"#,
        ] {
            let group = read_body(body).unwrap();
            assert_eq!(
                (group.total(), group.count(), group.requests().len()),
                (Won::ZERO, 0, 0),
                "{body}"
            );
            assert!(group.review().consistent());
        }
    }

    #[test]
    fn a_single_object_is_a_list_of_one() {
        assert_eq!(read_body(&group(&row("{}"))).unwrap().requests().len(), 1);
    }

    #[test]
    fn a_list_of_another_kind_is_refused() {
        for list in ["\"none\"", "7", "true", "[7]", "[null]"] {
            assert_eq!(read_body(&group(list)).unwrap_err().kind(), Kind::Protocol, "{list}");
        }
    }

    #[test]
    fn a_value_that_is_no_amount_is_named_by_row_and_field() {
        for amount in [
            r#""""#,
            "null",
            r#""-1000""#,
            "-1000",
            r#""10.5""#,
            "1000.0",
            r#""1e3""#,
            "1e3",
            r#""1,000""#,
            "[1000]",
            r#""99999999999999999999""#,
        ] {
            assert_eq!(
                fault(&format!(r#"{{"tran_amt":{amount}}}"#)),
                "payout request 2: tran_amt is not a whole amount of won",
                "{amount}"
            );
        }
        assert_eq!(
            fault(r#"{"remain_amt":"x"}"#),
            "payout request 2: remain_amt is not a whole amount of won"
        );
        assert_eq!(
            fault(r#"{"tran_amt":"9007199254740991"}"#),
            "payout request 2: tran_amt brings the sum beyond what can be counted exactly"
        );
    }

    #[test]
    fn a_missing_recipient_or_group_is_named_by_row_and_field() {
        assert_eq!(
            fault(r#"{"billing_tran_id":""}"#),
            "payout request 2: billing_tran_id is missing"
        );
        assert_eq!(fault(r#"{"group_key":null}"#), "payout request 2: group_key is missing");
        assert_eq!(fault(r#"{"cst_id":{}}"#), "payout request 2: cst_id is not a text");
    }

    #[test]
    fn declared_sums_must_be_there_where_requests_are() {
        for total in [r#""""#, "null", r#""4,000""#, "-1", "0.5"] {
            let body = format!(
                r#"{{"result":"A0000","total":{total},"count":"1","list":[{}]}}"#,
                row("{}")
            );
            assert_eq!(
                read_body(&body).unwrap_err().message(),
                "total is not a whole, non-negative number",
                "{total}"
            );
        }
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused() {
        let body = r#"{"result":"A0000","total":"1","total":"2","list":[]}"#;

        assert_eq!(read_body(body).unwrap_err().kind(), Kind::Protocol);
    }

    #[test]
    fn a_time_of_another_form_is_named_by_row_and_field() {
        for time in [r#""어제""#, r#""2021-02-30 00:00:00""#, r#""""#, "null"] {
            assert_eq!(
                fault(&format!(r#"{{"request_date":{time}}}"#)),
                "payout request 2: request_date is not a time of the documented form"
            );
        }
    }

    #[test]
    fn success_is_judged_by_the_code_alone() {
        assert_eq!(
            read_body(r#"{"result":"A0009","message":"처리 성공"}"#).unwrap_err().kind(),
            Kind::Rejected
        );
        assert!(read_body(r#"{"result":"A0000","message":"실패"}"#).is_ok());
        assert_eq!(read_body(r#"{"message":"처리 성공"}"#).unwrap_err().kind(), Kind::Protocol);
    }

    #[test]
    fn a_code_that_may_mean_an_expired_token_refuses_the_pass() {
        for code in ["T0400", "T0320", "T0999"] {
            assert!(
                read_body(&format!(r#"{{"result":"{code}"}}"#)).unwrap_err().refuses_pass(),
                "{code}"
            );
        }
        for code in ["T0310", "T0996", "A0001", "N0101"] {
            assert!(
                !read_body(&format!(r#"{{"result":"{code}"}}"#)).unwrap_err().refuses_pass(),
                "{code}"
            );
        }
    }

    #[test]
    fn payples_words_reach_the_caller_without_secrets() {
        let error =
            read_body(r#"{"result":"N0101","message":"custKey canary-key 오류"}"#).unwrap_err();

        assert_eq!(error.message(), "Payple's hub refused this look-up: [N0101] custKey … 오류");
        assert_eq!(error.code(), Some("N0101"));
    }

    #[test]
    fn a_second_comparison_takes_the_place_of_the_first() {
        let expectation = |json: &str| Expectation::from_json(json.as_bytes()).unwrap();
        let mut group = read_body(&group(&format!("[{}]", row("{}")))).unwrap();
        group.compare(&expectation(r#"{"total":1,"requests":[]}"#));
        assert!(!group.review().consistent());
        group.compare(&expectation(r#"{"count":1}"#));

        assert!(group.review().consistent() && group.review().findings().is_empty());
        let shown = serde_json::to_value(&group).unwrap();
        assert_eq!(shown["review"]["expectation"]["matched"], 0);
        group.compare(&expectation(r#"{"requests":[{"billingTranId":"B","amount":999}]}"#));
        let shown = serde_json::to_value(&group).unwrap();
        assert_eq!(shown["review"]["findings"][0]["expectedRows"], serde_json::json!([0]));
        assert_eq!(shown["review"]["expectation"]["differentExpectedTotal"], 999);
    }

    #[test]
    fn a_group_key_is_opaque_but_bounded() {
        for good in ["Q0RSSkYzWUI3", "a+b/c==", "그룹", &"k".repeat(64)] {
            assert!(GroupKey::new(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "a\n", &"k".repeat(65)] {
            assert_eq!(GroupKey::new(bad).unwrap_err().kind(), Kind::InvalidInput, "{bad:?}");
        }
    }
}
