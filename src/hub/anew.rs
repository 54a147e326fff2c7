//! The review of a group that JavaScript holds: once more, and compared with what is expected.
//!
//! Lists come as columns: numbers, and texts as places in one list in which each stands once. As JSON, the writing and
//! reading of them took longer than all that is done with them (docs/performance.md).

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
pub(crate) fn review_anew(group: &str, expect: &str, rows: &[f64], lines: &[f64]) -> Result<PayoutReview, Error> {
    let expectation = Expectation::from_json(expect.as_bytes())?;
    let mut lists = Lists::default();
    let mut fields = [const { Text::Absent }; GROUP_FIELDS.len() - 1];
    json::read(group.as_bytes(), |json| {
        json.fields(&GROUP_FIELDS, &mut fields, &mut |json, _| json.list(&mut |json| Ok(lists.texts.push(json.text()?))))
    })
    .map_err(|fault| invalid(format!("group {fault}")))?;
    let texts = &lists.texts;

    let mut requests = Vec::with_capacity(rows.len() / NUMBERS);
    let sum = read_list(rows, &mut lists.rows, Some((texts, &mut requests))).map_err(|fault| invalid(format!("group{fault}")))?;
    read_list(lines, &mut lists.lines, None).map_err(|fault| invalid(format!("expect{fault}")))?;

    let [group_key, total, count] = &fields;
    let group_key = GroupKey::new(group_key.as_str()).map_err(|error| invalid(format!("group.{error}")))?;
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
fn read_list(list: &[f64], entries: &mut Vec<Entry>, mut group: Option<Group<'_, '_>>) -> Result<Won, String> {
    let mut sum = Won::ZERO;
    for numbers in list.as_chunks().0 {
        let at = entries.len();
        let read = read(*numbers, &mut sum, group.as_mut());
        entries.push(read.map_err(|(field, what)| format!(".requests[{at}]{field} {what}"))?);
    }
    Ok(sum)
}

fn read(numbers: [f64; NUMBERS], sum: &mut Won, group: Option<&mut Group<'_, '_>>) -> Result<Entry, What> {
    let [amount, limit, billing_tran_id, sub_id, print_content, group_key] = numbers;
    let amount = match Won::from_number(amount) {
        None if amount.is_infinite() => return Err(NOT_AN_OBJECT),
        None if amount.is_nan() => return Err((".amount", NO_AMOUNT)),
        amount => amount.ok_or((".amount", NOT_AN_AMOUNT))?,
    };
    *sum = sum.checked_add(amount).ok_or((".amount", TOO_MUCH))?;
    let [billing_tran_id, sub_id, print_content, group_key] = [billing_tran_id, sub_id, print_content, group_key].map(place);
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
    let texts = [billing_tran_id, sub_id, print_content].map(|place| if place == EMPTY { 0 } else { place });
    if let Some((table, requests)) = group {
        let remaining_limit = Limit::from_number(limit).ok_or((".remainingLimit", NOT_AN_AMOUNT))?;
        for (field, place) in [(".billingTranId", billing_tran_id), (".groupKey", group_key)] {
            if place <= NO_TEXT {
                return Err((field, "is missing"));
            }
        }
        let text = |place: u32| usize::try_from(place).ok().and_then(|place| table.get(place)).and_then(Text::filled);
        let line = Line { amount, texts: texts.map(text) };
        requests.push(Reviewed { cst_id: "", group_key: text(group_key).unwrap_or_default(), line, remaining_limit });
    }
    Ok(Entry { amount, texts })
}

/// A place as JavaScript holds it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is no place becomes one at which nothing stands, or none")]
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
