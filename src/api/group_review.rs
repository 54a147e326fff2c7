//! The review of a group that a caller holds: read from JSON, reviewed once more, and compared with
//! what is expected.

use serde::Deserialize;

use super::expectation::read_expectation;
use crate::error::Error;
use crate::json::{self, FieldFault, List, Object, Scalar, Value};
use crate::money::{Limit, Won};
use crate::payout::{
    Covered, Fingerprint, GroupKey, NOT_A_SUM, NOT_AN_AMOUNT, Payment, PayoutReview, Reviewed,
    TOO_MUCH,
};

/// Reviews a `PayoutRequestGroup` once more, and compares it with an
/// [`Expectation`](crate::Expectation); both are JSON.
///
/// Which partner asked is not in a group, so no request is found to be of another partner. `cstId`,
/// `requestedAt` and `requestedAtRaw` of a request may be missing, unless a fingerprint is
/// expected: that covers the first two.
///
/// # Errors
/// [`crate::ErrorKind::InvalidInput`], which names the field and repeats no value.
pub fn review_payout_requests(group: &[u8], expect: &[u8]) -> Result<PayoutReview, Error> {
    let expectation = read_expectation(expect)?;
    let group: GroupInput<'_> = json::parse_object(group)
        .map_err(|fault| Error::invalid_input(format!("group {fault}")))?;
    let group_key = GroupKey::new(group.group_key.as_str())
        .map_err(|error| Error::invalid_input(format!("group.{error}")))?;
    let requests = match group.requests {
        Value::List(requests) => requests,
        Value::Absent => return Err(Error::invalid_input("group.requests is missing")),
        _ => return Err(Error::invalid_input("group.requests is not a list")),
    };
    // What Payple's reply may leave out is there in a group: without it less would be checked.
    let sum = |name: &'static str, text: &Scalar<'_>| {
        required_won(text, name, NOT_A_SUM)
            .map_err(|FieldFault(name, what)| Error::invalid_input(format!("group.{name} {what}")))
    };
    let (total, count) = (sum("total", &group.total)?, sum("count", &group.count)?);
    let (mut rows, mut covered) = (Vec::new(), Vec::new());
    let mut computed_total = Won::ZERO;
    for (place, request) in requests.iter().enumerate() {
        let Value::Object(request) = request else {
            return Err(at(place, FieldFault("", "is not an object")));
        };
        let row = read_request(request, &group_key).map_err(|fault| at(place, fault))?;
        computed_total = computed_total
            .checked_add(row.payment.amount)
            .ok_or_else(|| at(place, FieldFault(".amount", TOO_MUCH)))?;
        covered.push(read_covered(request, row.payment));
        rows.push(row);
    }
    let fingerprint = match expectation.fingerprint() {
        Some(_) => {
            let covered = covered.into_iter().enumerate();
            let covered: Vec<_> = covered
                .map(|(place, covered)| covered.map_err(|fault| at(place, fault)))
                .collect::<Result<_, _>>()?;
            Some(Fingerprint::of_covered(&group_key, &mut covered.into_iter()))
        }
        None => None,
    };
    let mut review = PayoutReview::new(&rows, computed_total, total, count.amount());
    let payments: Vec<Payment<'_>> = rows.iter().map(|row| row.payment).collect();
    review.compare(&expectation, &payments, fingerprint);
    Ok(review)
}

fn read_request<'a>(
    request: &'a RequestInput<'_>,
    group_key: &GroupKey,
) -> Result<Reviewed<'a>, FieldFault> {
    let amount = required_won(&request.amount, ".amount", NOT_AN_AMOUNT)?;
    let remaining_limit = Limit::parse(request.remaining_limit.as_str())
        .ok_or(FieldFault(".remainingLimit", NOT_AN_AMOUNT))?;
    let billing_tran_id = request.billing_tran_id.required(".billingTranId")?;
    let payment = Payment {
        amount,
        billing_tran_id: Some(billing_tran_id),
        sub_id: request.sub_id.optional(".subId")?,
        print_content: request.print_content.optional(".printContent")?,
    };
    let is_foreign_group = request.group_key.required(".groupKey")? != group_key.as_str();
    Ok(Reviewed { is_foreign_partner: false, is_foreign_group, payment, remaining_limit })
}

/// An amount that must be there; `fault` says what is wrong with one that is none.
fn required_won(
    text: &Scalar<'_>,
    field: &'static str,
    fault: &'static str,
) -> Result<Won, FieldFault> {
    match text {
        Scalar::Absent => Err(FieldFault(field, "is missing")),
        text => Won::parse(text.as_str()).ok_or(FieldFault(field, fault)),
    }
}

fn read_covered<'a>(
    request: &'a RequestInput<'_>,
    payment: Payment<'a>,
) -> Result<Covered<'a>, FieldFault> {
    let requested_at = request.requested_at.required(".requestedAt")?;
    let requested_at = requested_at.parse().map_err(|what| FieldFault(".requestedAt", what))?;
    Ok(Covered { cst_id: request.cst_id.required(".cstId")?, payment, requested_at })
}

/// The error of a field of the request at this place.
fn at(place: usize, FieldFault(field, what): FieldFault) -> Error {
    Error::invalid_input(format!("group.requests[{place}]{field} {what}"))
}

/// A group as it is written. It may have other fields.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct GroupInput<'a> {
    group_key: Scalar<'a>,
    total: Scalar<'a>,
    count: Scalar<'a>,
    requests: List<'a, Object<'a, RequestInput<'a>>>,
}

/// A request as it is written. It may have other fields.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct RequestInput<'a> {
    cst_id: Scalar<'a>,
    sub_id: Scalar<'a>,
    group_key: Scalar<'a>,
    billing_tran_id: Scalar<'a>,
    print_content: Scalar<'a>,
    amount: Scalar<'a>,
    remaining_limit: Scalar<'a>,
    requested_at: Scalar<'a>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::ErrorKind;
    use crate::payout::{FindingKind, PayoutRequest};

    fn request(recipient: &str, amount: u64, limit: i64) -> Value {
        json!({
            "cstId": "test", "groupKey": "G", "billingTranId": recipient, "amount": amount, "remainingLimit": limit,
            "requestedAt": "2021-10-26T10:55:03+09:00", "requestedAtRaw": "2021-10-26 10:55:03",
        })
    }

    fn group(requests: Value) -> Value {
        json!({ "groupKey": "G", "total": 2000, "count": "2", "requests": requests, "other": [1] })
    }

    fn two() -> Value {
        json!([request("B", 1000, 9000), request("C", 1000, 8000)])
    }

    fn reviewed(group: &Value, expect: &Value) -> Result<PayoutReview, String> {
        review_payout_requests(group.to_string().as_bytes(), expect.to_string().as_bytes()).map_err(
            |error| {
                assert_eq!(error.kind, ErrorKind::InvalidInput);
                error.message.to_string()
            },
        )
    }

    fn found(review: &PayoutReview) -> Vec<(FindingKind, &[usize], &[usize])> {
        review
            .findings
            .iter()
            .map(|finding| (finding.kind, &*finding.rows, &*finding.expected_rows))
            .collect()
    }

    #[test]
    fn a_group_is_reviewed_and_compared() {
        let expect = json!({ "requests": [{ "billingTranId": "C", "amount": 1000 }, { "billingTranId": "B", "amount": "1000" }] });
        let review = reviewed(&group(two()), &expect).unwrap();
        assert_eq!(
            (review.consistent, review.expectation.map(|summary| summary.matched)),
            (true, Some(2))
        );

        let mut other_group = request("B", 1000, -1);
        other_group["groupKey"] = "H".into();
        let requests = json!([request("B", 1000, 9000), request("C", 1000, 8000), other_group]);
        let expect = json!({ "requests": [{ "billingTranId": "C", "amount": 900 }, { "billingTranId": "X", "amount": 1 }] });
        let review = reviewed(&group(requests), &expect).unwrap();
        assert_eq!(review.computed_total, Won::new(3000).unwrap());
        assert_eq!(
            found(&review),
            [
                (FindingKind::TotalMismatch, &[][..], &[][..]),
                (FindingKind::CountMismatch, &[], &[]),
                (FindingKind::ForeignGroupKey, &[2], &[]),
                (FindingKind::LimitExceeded, &[2], &[]),
                (FindingKind::PossibleDuplicate, &[0, 2], &[]),
                (FindingKind::MissingRequest, &[], &[1]),
                (FindingKind::UnexpectedRequest, &[0, 2], &[]),
                (FindingKind::AmountMismatch, &[1], &[0]),
            ]
        );
    }

    #[test]
    fn another_fingerprint_than_the_expected_one_is_an_error() {
        let requests: Vec<PayoutRequest> = serde_json::from_value(two()).unwrap();
        let fingerprint = Fingerprint::of(&GroupKey::new("G").unwrap(), &requests);
        let expect = json!({ "fingerprint": fingerprint });
        assert!(reviewed(&group(two()), &expect).unwrap().consistent);

        let changed = json!([request("B", 1000, 9000), request("D", 1000, 8000)]);
        let review = reviewed(&group(changed), &expect).unwrap();
        assert_eq!(found(&review), [(FindingKind::ChangedSinceReview, &[][..], &[][..])]);
        assert!(!review.consistent);

        for (field, what) in
            [("cstId", "cstId is missing"), ("requestedAt", "requestedAt is missing")]
        {
            let mut requests = two();
            requests[1].as_object_mut().unwrap().remove(field);
            assert_eq!(
                reviewed(&group(requests.clone()), &expect).unwrap_err(),
                format!("group.requests[1].{what}")
            );
            assert!(reviewed(&group(requests), &json!({ "total": 2000 })).is_ok());
        }
    }

    #[test]
    fn an_empty_group_is_reviewed_like_any_other() {
        let group = json!({ "groupKey": "G", "total": 0, "count": 0, "requests": [] });
        assert!(reviewed(&group, &json!({ "count": 0 })).unwrap().consistent);
    }

    #[test]
    fn a_group_that_lacks_a_sum_or_its_requests_is_an_error() {
        for field in ["total", "count", "requests"] {
            for absent in [None, Some(Value::Null)] {
                let mut group = group(json!([]));
                match absent {
                    None => group.as_object_mut().unwrap().remove(field),
                    Some(null) => group.as_object_mut().unwrap().insert(field.to_owned(), null),
                };
                assert_eq!(
                    reviewed(&group, &json!({ "count": 0 })).unwrap_err(),
                    format!("group.{field} is missing")
                );
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_group_is_named_by_row_and_field() {
        for (field, value, what) in [
            ("amount", Value::Null, "amount is missing"),
            ("amount", json!(0.5), "amount is not a whole amount of won"),
            ("amount", json!(-1), "amount is not a whole amount of won"),
            ("amount", json!(9_007_199_254_740_992_u64), "amount is not a whole amount of won"),
            (
                "amount",
                json!(9_007_199_254_740_991_u64),
                "amount brings the sum beyond what can be counted exactly",
            ),
            ("remainingLimit", Value::Null, "remainingLimit is not a whole amount of won"),
            ("remainingLimit", json!("x"), "remainingLimit is not a whole amount of won"),
            ("billingTranId", json!(""), "billingTranId is missing"),
            ("subId", json!(["canary"]), "subId is not a text"),
            ("printContent", json!(true), "printContent is not a text"),
            ("groupKey", Value::Null, "groupKey is missing"),
        ] {
            let mut requests = two();
            requests[1][field] = value;
            assert_eq!(
                reviewed(&group(requests), &json!({ "total": 1 })).unwrap_err(),
                format!("group.requests[1].{what}")
            );
        }
        for (field, value, what) in [
            ("total", json!("x"), "group.total is not a whole, non-negative number"),
            ("count", json!(-1), "group.count is not a whole, non-negative number"),
            ("groupKey", json!(0.5), "group.groupKey is empty"),
            ("requests", json!({}), "group.requests is not a list"),
            ("requests", json!([1]), "group.requests[0] is not an object"),
        ] {
            let mut group = group(two());
            group[field] = value;
            assert_eq!(reviewed(&group, &json!({ "total": 1 })).unwrap_err(), what);
        }
        assert_eq!(
            reviewed(&json!([]), &json!({ "total": 1 })).unwrap_err(),
            "group is not a JSON object"
        );
    }
}
