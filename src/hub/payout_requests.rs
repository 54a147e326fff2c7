//! The payout requests of one group on the wire: the reply to `POST /request/result/group_key`.

use serde::{Deserialize, Deserializer};

use super::result_code::{self, LOOKED_UP};
use crate::error::{Error, ErrorKind, Phase};
use crate::json::{FieldFault, Object, Scalar, Value};
use crate::money::{Limit, Won};
use crate::payout::{
    GroupKey, Header, NOT_A_SUM, NOT_AN_AMOUNT, PayoutRequest, PayoutRequestGroup, TOO_MUCH,
};
use crate::time::KoreanTime;
use crate::transport::{self, HttpResponse};

/// Reads the reply to a look-up of `asked` by the partner `cst_id`.
pub(super) fn read(
    response: HttpResponse,
    asked: &GroupKey,
    cst_id: &str,
    secrets: &[&str],
) -> Result<PayoutRequestGroup, Error> {
    let GroupReply { result, message, total, count, list } = transport::read_json(&response)?;
    let protocol = |what: String| Error::new(ErrorKind::Protocol, what);

    result_code::check(&response, Phase::Lookup, &result, &message, secrets)?;
    // What a group without requests looks like is documented nowhere.
    let rows = match list {
        Value::List(rows) => rows,
        Value::Object(row) => vec![row],
        Value::Absent => Vec::new(),
        Value::Text(text) if text.is_empty() => Vec::new(),
        _ => return Err(protocol("list is not a list".to_owned())),
    };
    let mut computed_total = Won::ZERO;
    let to_request = |(place, Row(row)): (usize, Row)| {
        let request = row.and_then(|request| {
            let sum = computed_total.checked_add(request.amount);
            computed_total = sum.ok_or(FieldFault("tran_amt", TOO_MUCH))?;
            Ok(request)
        });
        // Counted from 1, as people count.
        request.map_err(|FieldFault(field, what)| {
            protocol(format!("payout request {}: {field} {what}", place.saturating_add(1)))
        })
    };
    let requests: Vec<PayoutRequest> =
        rows.into_iter().enumerate().map(to_request).collect::<Result<_, _>>()?;
    // Its sums may be missing too.
    let declared = |field: &'static str, text: &Scalar<'_>| match text.optional(field) {
        Ok(None) if requests.is_empty() => Ok(Won::ZERO),
        _ => Won::parse(text.as_str()).ok_or_else(|| protocol(format!("{field} {NOT_A_SUM}"))),
    };
    let header = Header {
        group_key: asked.clone(),
        total: declared("total", &total)?,
        count: declared("count", &count)?.amount(),
        code: LOOKED_UP.to_owned(),
        message: transport::displayable(message.as_str(), secrets),
    };
    // The review and the fingerprint need memory too: the body's is free by then.
    drop(response);
    Ok(PayoutRequestGroup::new(header, requests, computed_total, cst_id))
}

/// The reply, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct GroupReply<'a> {
    result: Scalar<'a>,
    message: Scalar<'a>,
    total: Scalar<'a>,
    count: Scalar<'a>,
    list: Value<'a, Vec<Row>, Row>,
}

/// One request, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct RequestRow<'a> {
    cst_id: Scalar<'a>,
    sub_id: Scalar<'a>,
    group_key: Scalar<'a>,
    billing_tran_id: Scalar<'a>,
    print_content: Scalar<'a>,
    tran_amt: Scalar<'a>,
    remain_amt: Scalar<'a>,
    request_date: Scalar<'a>,
}

/// A request as the model has it, or what is wrong with it.
struct Row(Result<PayoutRequest, FieldFault>);

/// Made into the model as it is read: borrowed rows would take as much memory once more.
impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Object::<RequestRow<'de>>::deserialize(deserializer)? {
            Value::Object(row) => row.to_request(),
            _ => Err(FieldFault("list", "has an entry that is not an object")),
        }))
    }
}

impl RequestRow<'_> {
    fn to_request(&self) -> Result<PayoutRequest, FieldFault> {
        let amount =
            Won::parse(self.tran_amt.as_str()).ok_or(FieldFault("tran_amt", NOT_AN_AMOUNT))?;
        let remaining_limit = Limit::parse(self.remain_amt.as_str())
            .ok_or(FieldFault("remain_amt", NOT_AN_AMOUNT))?;
        let requested_at = KoreanTime::parse(self.request_date.as_str())
            .ok_or(FieldFault("request_date", "is not a time of the documented form"))?;
        Ok(PayoutRequest {
            cst_id: self.cst_id.required("cst_id")?.to_owned(),
            sub_id: self.sub_id.optional("sub_id")?.map(str::to_owned),
            group_key: self.group_key.required("group_key")?.to_owned(),
            billing_tran_id: self.billing_tran_id.required("billing_tran_id")?.to_owned(),
            print_content: self.print_content.optional("print_content")?.map(str::to_owned),
            amount,
            remaining_limit,
            requested_at,
            requested_at_raw: self.request_date.required("request_date")?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::read_expectation;
    use crate::testing::response;

    /// One reply to a look-up of the group `G` by the partner `test`.
    fn read_body(body: &str) -> Result<PayoutRequestGroup, Error> {
        read(response(200, body), &GroupKey::new("G").unwrap(), "test", &["canary-key"])
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
        assert_eq!(error.kind, ErrorKind::Protocol);
        error.message.to_string()
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
                "fingerprint": group.fingerprint.to_string(),
            })
        );
    }

    #[test]
    fn numbers_may_be_numbers() {
        let body = format!(
            r#"{{"result":"A0000","total":1000,"count":1,"list":[{}]}}"#,
            row(r#"{"tran_amt":1000,"remain_amt":9000}"#)
        );

        assert!(read_body(&body).unwrap().review.consistent);
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
                (group.total, group.count, group.requests.len()),
                (Won::ZERO, 0, 0),
                "{body}"
            );
            assert!(group.review.consistent);
        }
    }

    #[test]
    fn a_single_object_is_a_list_of_one() {
        assert_eq!(read_body(&group(&row("{}"))).unwrap().requests.len(), 1);
    }

    #[test]
    fn a_list_of_another_kind_is_refused() {
        for list in ["\"none\"", "7", "true", "[7]", "[null]"] {
            assert_eq!(read_body(&group(list)).unwrap_err().kind, ErrorKind::Protocol, "{list}");
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
                read_body(&body).unwrap_err().message,
                "total is not a whole, non-negative number",
                "{total}"
            );
        }
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused() {
        let body = r#"{"result":"A0000","total":"1","total":"2","list":[]}"#;

        assert_eq!(read_body(body).unwrap_err().kind, ErrorKind::Protocol);
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
            read_body(r#"{"result":"A0009","message":"처리 성공"}"#).unwrap_err().kind,
            ErrorKind::Rejected
        );
        assert!(read_body(r#"{"result":"A0000","message":"실패"}"#).is_ok());
        assert_eq!(read_body(r#"{"message":"처리 성공"}"#).unwrap_err().kind, ErrorKind::Protocol);
    }

    #[test]
    fn a_code_that_may_mean_an_expired_token_rejects_the_token() {
        for code in ["T0400", "T0320", "T0999"] {
            assert!(
                read_body(&format!(r#"{{"result":"{code}"}}"#)).unwrap_err().rejects_the_token(),
                "{code}"
            );
        }
        for code in ["T0310", "T0996", "A0001", "N0101"] {
            assert!(
                !read_body(&format!(r#"{{"result":"{code}"}}"#)).unwrap_err().rejects_the_token(),
                "{code}"
            );
        }
    }

    #[test]
    fn payples_words_reach_the_caller_without_secrets() {
        let error =
            read_body(r#"{"result":"N0101","message":"custKey canary-key 오류"}"#).unwrap_err();

        assert_eq!(error.message, "Payple's hub refused this look-up: [N0101] custKey … 오류");
        assert_eq!(error.code.as_deref(), Some("N0101"));
    }

    #[test]
    fn a_second_comparison_takes_the_place_of_the_first() {
        let expectation = |json: &str| read_expectation(json.as_bytes()).unwrap();
        let mut group = read_body(&group(&format!("[{}]", row("{}")))).unwrap();
        group.compare(&expectation(r#"{"total":1,"requests":[]}"#));
        assert!(!group.review.consistent);
        group.compare(&expectation(r#"{"count":1}"#));

        assert!(group.review.consistent && group.review.findings.is_empty());
        let shown = serde_json::to_value(&group).unwrap();
        assert_eq!(shown["review"]["expectation"]["matched"], 0);
        group.compare(&expectation(r#"{"requests":[{"billingTranId":"B","amount":999}]}"#));
        let shown = serde_json::to_value(&group).unwrap();
        assert_eq!(shown["review"]["findings"][0]["expectedRows"], serde_json::json!([0]));
        assert_eq!(shown["review"]["expectation"]["differentExpectedTotal"], 999);
    }

    #[test]
    fn a_group_says_what_payple_declared_and_what_was_computed() {
        let rows = [
            row(r#"{"billing_tran_id":"R-1"}"#),
            row(r#"{"billing_tran_id":"R-2","tran_amt":"2500"}"#),
        ];
        let body = group(&format!("[{}]", rows.join(",")))
            .replace(r#""total":"1000","count":"1""#, r#""total":"4000","count":"2""#);
        let group = read_body(&body).unwrap();
        assert_eq!(
            (group.total.amount(), group.count, group.code.as_str(), group.message.as_str()),
            (4_000, 2, "A0000", "처리 성공")
        );
        assert_eq!((group.review.computed_total.amount(), group.review.computed_count), (3_500, 2));
        let recipients: Vec<_> =
            group.requests.iter().map(|request| request.billing_tran_id.as_str()).collect();
        assert_eq!(recipients, ["R-1", "R-2"]);
        assert_eq!(format!("{group:?}"), "PayoutRequestGroup(2 requests)");
    }
}
