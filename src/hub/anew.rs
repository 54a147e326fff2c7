//! The review of a group that JavaScript holds: once more, and compared with what is expected.
//!
//! The requests come as numbers: amounts, and texts by their places in one list in which each stands once. As JSON, the
//! writing and reading of them took longer than all that is done with them (docs/performance.md).

use super::expectation::{Expectation, NO_AMOUNT, NOT_AN_OBJECT, invalid};
use super::matching::{Entry, Line, Lists};
use super::requests::{GroupKey, declared};
use super::review::{self, PayoutReview, Reviewed};
use super::rows::{NOT_AN_AMOUNT, TOO_MUCH, What};
use crate::error::Error;
use crate::json::{self, Text};
use crate::won::{Limit, Won};

/// Reviews a group anew, and compares it with what is expected.
///
/// `group` is `{ groupKey, total, count, texts }` and `expect` an [`Expectation`], both as JSON, without the requests: those
/// are in `rows` and `lines`, [`NUMBERS`] each. Which partner asked is not in a group, so no row is found to be of
/// another partner.
pub(crate) fn review_anew(
    group: &str,
    expect: &str,
    rows: &[f64],
    lines: &[f64],
) -> Result<PayoutReview, Error> {
    let expectation = Expectation::from_json(expect.as_bytes())?;
    let mut lists = Lists::default();
    let mut fields = [const { Text::Absent }; GROUP_FIELDS.len() - 1];
    json::read(group.as_bytes(), |json| {
        json.fields(&GROUP_FIELDS, &mut fields, &mut |json, _| {
            json.list(&mut |json| json.text().map(|text| lists.texts.push(text)))
        })
    })
    .map_err(|fault| invalid(format!("group {fault}")))?;
    let texts = &lists.texts;

    let mut requests = Vec::with_capacity(rows.len() / NUMBERS);
    let sum = read_list(rows, &mut lists.rows, Some((texts, &mut requests)))
        .map_err(|fault| invalid(format!("group{fault}")))?;
    read_list(lines, &mut lists.lines, None).map_err(|fault| invalid(format!("expect{fault}")))?;

    let [group_key, total, count] = &fields;
    let group_key =
        GroupKey::new(group_key.as_str()).map_err(|error| invalid(format!("group.{error}")))?;
    let total = declared(requests.len(), "group.total", total).map_err(invalid)?;
    let count = declared(requests.len(), "group.count", count).map_err(invalid)?.amount();
    let mut review = review::review(&requests, sum, total, count, &group_key, None);
    review.compare(&expectation, expectation.requests().map(|_| &lists));
    Ok(review)
}

/// The texts that places stand for, and the requests of a group that are read.
type Group<'g, 't> = (&'t [Text<'t>], &'g mut Vec<Reviewed<'t>>);

/// Reads the requests of a `group`, or of an expectation. Returns their sum.
#[inline(never)]
fn read_list(
    list: &[f64],
    entries: &mut Vec<Entry>,
    mut group: Option<Group<'_, '_>>,
) -> Result<Won, String> {
    let mut sum = Won::ZERO;
    for numbers in list.as_chunks().0 {
        let at = entries.len();
        let read = read(*numbers, &mut sum, group.as_mut());
        entries.push(read.map_err(|(field, what)| format!(".requests[{at}]{field} {what}"))?);
    }
    Ok(sum)
}

fn read(
    numbers: [f64; NUMBERS],
    sum: &mut Won,
    group: Option<&mut Group<'_, '_>>,
) -> Result<Entry, What> {
    let [amount, limit, billing_tran_id, sub_id, print_content, group_key] = numbers;
    let amount = match Won::from_number(amount) {
        None if amount.is_infinite() => return Err(NOT_AN_OBJECT),
        None if amount.is_nan() => return Err((".amount", NO_AMOUNT)),
        amount => amount.ok_or((".amount", NOT_AN_AMOUNT))?,
    };
    *sum = sum.checked_add(amount).ok_or((".amount", TOO_MUCH))?;
    let [billing_tran_id, sub_id, print_content, group_key] =
        [billing_tran_id, sub_id, print_content, group_key].map(place);
    let may_be_empty = group.is_some();
    let fields = [
        (".billingTranId", billing_tran_id, may_be_empty),
        (".subId", sub_id, may_be_empty),
        (".printContent", print_content, true),
    ];
    for (field, place, may_be_empty) in fields {
        match place {
            NO_TEXT => return Err((field, "is not a text")),
            EMPTY if !may_be_empty => return Err((field, "is empty")),
            _ => {}
        }
    }
    let texts = [billing_tran_id, sub_id, print_content]
        .map(|place| if place == EMPTY { 0 } else { place });
    if let Some((table, requests)) = group {
        let remaining_limit =
            Limit::from_number(limit).ok_or((".remainingLimit", NOT_AN_AMOUNT))?;
        for (field, place) in [(".billingTranId", billing_tran_id), (".groupKey", group_key)] {
            if place <= NO_TEXT {
                return Err((field, "is missing"));
            }
        }
        let text = |place: u32| {
            usize::try_from(place).ok().and_then(|place| table.get(place)).and_then(Text::filled)
        };
        let line = Line { amount, texts: texts.map(text) };
        requests.push(Reviewed {
            cst_id: "",
            group_key: text(group_key).unwrap_or_default(),
            line,
            remaining_limit,
        });
    }
    Ok(Entry { amount, texts })
}

/// A place as JavaScript holds it.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is no place becomes one at which nothing stands, or none"
)]
fn place(number: f64) -> u32 {
    number as u32
}

/// The scalars first, `texts` last: it has no text of its own.
const GROUP_FIELDS: [&str; 4] = ["groupKey", "total", "count", "texts"];
/// Of each request: amount and remaining limit (not a number where there is none; an infinite amount where there is no
/// request), then the places of recipient, `subId`, print content and group key. What a place stands for is in the
/// group's `texts`, which begin with `null`, the empty text, and what is no text.
const NUMBERS: usize = 6;
// Places that stand for something else than a text, besides 0, which stands for nothing.
const EMPTY: u32 = 1;
const NO_TEXT: u32 = 2;

#[cfg(test)]
mod tests {
    use super::super::review::FindingKind;
    use super::*;
    use crate::error::Kind;

    /// Two requests of ₩1,000, to B and to C.
    const ROWS: [[f64; NUMBERS]; 2] =
        [[1000.0, 9000.0, 3.0, 0.0, 6.0, 5.0], [1000.0, 8000.0, 4.0, 7.0, 1.0, 5.0]];
    const TEXTS: &str = r#"[null,"",false,"B","C","G","10월 정산","S"]"#;

    fn reviewed(
        sums: &str,
        expect: &str,
        rows: &[[f64; NUMBERS]],
        lines: &[[f64; NUMBERS]],
    ) -> Result<PayoutReview, String> {
        let group = format!(r#"{{{sums},"texts":{TEXTS}}}"#);
        review_anew(&group, expect, rows.as_flattened(), lines.as_flattened()).map_err(|error| {
            assert_eq!(error.kind(), Kind::InvalidInput);
            error.message().to_owned()
        })
    }

    fn found(review: &PayoutReview) -> Vec<(FindingKind, &[usize], &[usize])> {
        review
            .findings()
            .iter()
            .map(|finding| (finding.kind, &*finding.rows, &*finding.expected_rows))
            .collect()
    }

    const SUMS: &str = r#""groupKey":"G","total":2000,"count":2"#;
    const LIST: &str = r#"{"requests":[]}"#;
    const NONE: f64 = f64::NAN;

    #[test]
    fn a_group_is_reviewed_and_compared() {
        let by_sub_id = [1000.0, NONE, 0.0, 7.0, 0.0, 0.0];
        let review =
            reviewed(SUMS, LIST, &ROWS, &[by_sub_id, [1000.0, NONE, 3.0, 0.0, 6.0, 0.0]]).unwrap();
        assert_eq!(
            (review.consistent(), review.expectation().map(|summary| summary.matched)),
            (true, Some(2))
        );

        let of_another_group = [1000.0, -1.0, 3.0, 0.0, 6.0, 4.0];
        let other_amount = [900.0, NONE, 4.0, 0.0, 1.0, 0.0];
        let review = reviewed(
            SUMS,
            LIST,
            &[ROWS[0], ROWS[1], of_another_group],
            &[other_amount, [1.0, NONE, 7.0, 0.0, 0.0, 0.0]],
        )
        .unwrap();
        assert_eq!(review.computed_total(), Won::new(3000).unwrap());
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
    fn without_a_list_only_the_sums_are_compared() {
        let review = reviewed(SUMS, r#"{"total":1999}"#, &ROWS, &[]).unwrap();
        assert_eq!(found(&review), [(FindingKind::ExpectedTotalMismatch, &[][..], &[][..])]);
        let review = reviewed(SUMS, LIST, &ROWS, &[]).unwrap();
        assert_eq!(found(&review), [(FindingKind::UnexpectedRequest, &[0, 1][..], &[][..])]);
        assert!(reviewed(r#""groupKey":"G""#, r#"{"count":0}"#, &[], &[]).unwrap().consistent());
    }

    #[test]
    fn what_is_wrong_with_a_group_is_named_by_row_and_field() {
        let fault = |at: usize, number: f64| {
            let mut rows = ROWS;
            rows[1][at] = number;
            reviewed(SUMS, LIST, &rows, &[]).map(drop)
        };
        let wrong = |what: &str| Err(format!("group.requests[1]{what}"));

        assert_eq!(fault(0, NONE), wrong(".amount is missing"));
        for amount in [0.5, -1.0, 9_007_199_254_740_992.0, 1e300] {
            assert_eq!(fault(0, amount), wrong(".amount is not a whole amount of won"), "{amount}");
        }
        assert_eq!(
            fault(0, 9_007_199_254_740_991.0),
            wrong(".amount brings the sum beyond what can be counted exactly")
        );
        assert_eq!(fault(0, f64::INFINITY), wrong(" is not an object"));
        for limit in [NONE, 0.5, -9_007_199_254_740_992.0, f64::INFINITY] {
            assert_eq!(
                fault(1, limit),
                wrong(".remainingLimit is not a whole amount of won"),
                "{limit}"
            );
        }
        assert_eq!(fault(2, 1.0), wrong(".billingTranId is missing"));
        assert_eq!(fault(3, 2.0), wrong(".subId is not a text"));
        assert_eq!(fault(4, 2.0), wrong(".printContent is not a text"));
        assert_eq!(fault(5, 0.0), wrong(".groupKey is missing"));
        assert_eq!((fault(3, 1.0), fault(4, 0.0)), (Ok(()), Ok(())));
        for (sums, fault) in [
            (r#""groupKey":"G","total":"x""#, "group.total is not a whole, non-negative number"),
            (r#""groupKey":0.5,"total":1"#, "group.groupKey is empty"),
            (
                r#""groupKey":"G","total":1,"count":null"#,
                "group.count is not a whole, non-negative number",
            ),
        ] {
            assert_eq!(reviewed(sums, LIST, &ROWS, &[]).unwrap_err(), fault);
        }
    }

    #[test]
    fn what_is_wrong_with_an_expectation_is_named_by_row_and_field() {
        let fault = |line: [f64; NUMBERS]| {
            let fine = [1.0, NONE, 3.0, 0.0, 1.0, 2.0];
            reviewed(SUMS, LIST, &ROWS, &[fine, line]).unwrap_err()
        };
        for (line, what) in [
            ([NONE, 0.5, 0.0, 0.0, 0.0, 0.0], ".amount is missing"),
            ([0.5, NONE, 0.0, 0.0, 0.0, 0.0], ".amount is not a whole amount of won"),
            (
                [9_007_199_254_740_991.0, NONE, 0.0, 0.0, 0.0, 0.0],
                ".amount brings the sum beyond what can be counted exactly",
            ),
            ([f64::INFINITY, NONE, 0.0, 0.0, 0.0, 0.0], " is not an object"),
            ([1.0, NONE, 1.0, 0.0, 0.0, 0.0], ".billingTranId is empty"),
            ([1.0, NONE, 2.0, 0.0, 0.0, 0.0], ".billingTranId is not a text"),
            ([1.0, NONE, 0.0, 1.0, 0.0, 0.0], ".subId is empty"),
            ([1.0, NONE, 0.0, 0.0, 2.0, 0.0], ".printContent is not a text"),
        ] {
            assert_eq!(fault(line), format!("expect.requests[1]{what}"));
        }
        assert_eq!(
            reviewed(SUMS, "{}", &ROWS, &[]).unwrap_err(),
            "expect names no total, count or requests"
        );
    }

    #[test]
    fn places_at_which_nothing_stands_do_no_harm() {
        for place in [8.0, -1.0, 1e300, NONE] {
            let review = reviewed(SUMS, LIST, &ROWS, &[[1000.0, NONE, place, place, place, place]]);
            assert_eq!(
                review.unwrap().expectation().map(|summary| summary.matched),
                if place >= 8.0 { Some(0) } else { Some(1) }
            );
        }
    }
}
