//! The review of a group that JavaScript holds: once more, and compared with what is expected.
//!
//! Lists come as columns: numbers, and texts as places in one list in which each stands once. As JSON, the writing and
//! reading of them took longer than all that is done with them (docs/performance.md).

use super::expectation::{self, Expectation, NO_AMOUNT, NOT_AN_OBJECT};
use super::matching::{Entry, Lists};
use super::requests::{GroupKey, declared};
use super::review::{self, PayoutReview, Reviewed};
use super::rows::{NOT_AN_AMOUNT, TOO_MUCH, What, checked};
use crate::error::Error;
use crate::json::{self, Text};
use crate::won::{Limit, Won};

/// A list of requests without its objects.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    /// Of each request the places of its texts: recipient, `subId`, print content and, in a group, group key. What a
    /// place stands for is in [`review_anew`]'s `texts`, behind nothing, the empty text, and what is no text.
    pub(crate) texts: &'a [u32],
    /// Of each request its amount and, in a group, its remaining limit. Not a number: there is none. Infinite: there is
    /// no request.
    pub(crate) numbers: &'a [f64],
}

/// Reviews a group anew, and compares it with what is expected.
///
/// `group` is `{ groupKey, total, count }` and `expect` an [`Expectation`], both as JSON, without the requests that stand
/// in `rows` and `lines`. Which partner asked is not in a group, so no row is found to be of another partner.
pub(crate) fn review_anew(group: &str, expect: &str, texts: &str, rows: Table<'_>, lines: Table<'_>) -> Result<PayoutReview, Error> {
    let expectation = Expectation::from_json(expect.as_bytes())?;
    let texts = read_texts(texts).map_err(invalid)?;
    let (entries, requests, sum) = read_rows(rows, &texts).map_err(invalid)?;
    let mut fields = [const { Text::Absent }; GROUP_FIELDS.len()];
    json::read(group.as_bytes(), |json| json.fields(&GROUP_FIELDS, &mut fields, &mut |json, _| json.skip()))
        .map_err(|fault| invalid(format!("group {fault}")))?;
    let [group_key, total, count] = &fields;
    let group_key = GroupKey::new(group_key.as_str()).map_err(|error| invalid(format!("group.{error}")))?;
    let total = declared(requests.len(), "group.total", total).map_err(invalid)?;
    let count = declared(requests.len(), "group.count", count).map_err(invalid)?.amount();

    let lines = read_lines(lines, &texts).map_err(invalid)?;
    let mut review = review::review(&requests, sum, total, count, &group_key, None);
    let lists = Lists { lines, rows: entries, texts: texts.iter().map(Text::as_str).collect() };
    review.compare(&expectation, expectation.requests().map(|_| &lists));
    Ok(review)
}

fn read_texts(json: &str) -> Result<Vec<Text<'_>>, String> {
    let mut texts = vec![Text::Absent, Text::Filled("".into()), Text::Unreadable];
    let read = json::read(json.as_bytes(), |json| json.list(&mut |json| Ok(texts.push(json.text()?))));
    read.map_err(|fault| format!("a text in group or expect {fault}"))?;
    Ok(texts)
}

type Rows<'a> = (Vec<Entry>, Vec<Reviewed<'a>>, Won);

fn read_rows<'a>(table: Table<'_>, texts: &'a [Text<'a>]) -> Result<Rows<'a>, String> {
    let (places, numbers) = (table.texts.as_chunks().0, table.numbers.as_chunks().0);
    let mut rows = (Vec::with_capacity(places.len()), Vec::with_capacity(places.len()), Won::ZERO);
    for (at, (places, numbers)) in places.iter().zip(numbers).enumerate() {
        read_row(*places, *numbers, texts, &mut rows).map_err(|(field, what)| format!("group.requests[{at}]{field} {what}"))?;
    }
    Ok(rows)
}

fn read_row<'a>(places: [u32; 4], [amount, limit]: [f64; 2], texts: &'a [Text<'a>], (entries, rows, sum): &mut Rows<'a>) -> Result<(), What> {
    if amount.is_infinite() {
        return Err(NOT_AN_OBJECT);
    }
    let amount = Won::from_number(amount).ok_or((".amount", NOT_AN_AMOUNT))?;
    let remaining_limit = Limit::from_number(limit).ok_or((".remainingLimit", NOT_AN_AMOUNT))?;
    *sum = sum.checked_add(amount).ok_or((".amount", TOO_MUCH))?;
    let [billing_tran_id, sub_id, print_content, group_key] = places.map(|place| text(texts, place));
    checked(".subId", sub_id, false)?;
    let group_key = checked(".groupKey", group_key, true)?;
    let billing_tran_id = checked(".billingTranId", billing_tran_id, true)?;
    let print_content = Some(checked(".printContent", print_content, false)?).filter(|text| !text.is_empty());
    entries.push(entry(amount, places));
    rows.push(Reviewed { cst_id: "", group_key, billing_tran_id, print_content, amount, remaining_limit });
    Ok(())
}

fn read_lines(table: Table<'_>, texts: &[Text<'_>]) -> Result<Vec<Entry>, String> {
    let mut total = Won::ZERO;
    let lines = table.texts.as_chunks().0.iter().zip(table.numbers).enumerate();
    let line = |(at, (places, amount)): (usize, (&[u32; 3], &f64))| {
        let checked = read_line(*places, *amount, texts, &mut total);
        checked.map_err(|what| expectation::row_fault(at, what))
    };
    lines.map(line).collect()
}

fn read_line(places: [u32; 3], amount: f64, texts: &[Text<'_>], total: &mut Won) -> Result<Entry, What> {
    if amount.is_infinite() {
        return Err(NOT_AN_OBJECT);
    }
    let amount = if amount.is_nan() { Err(NO_AMOUNT) } else { Won::from_number(amount).ok_or(NOT_AN_AMOUNT) };
    let line = expectation::checked(places.map(|place| text(texts, place)), amount, total)?;
    let [billing_tran_id, sub_id, print_content] = places;
    Ok(entry(line.amount, [billing_tran_id, sub_id, print_content, 0]))
}

/// The first three texts; what is empty is none.
fn entry(amount: Won, [billing_tran_id, sub_id, print_content, _]: [u32; 4]) -> Entry {
    Entry { amount, texts: [billing_tran_id, sub_id, print_content].map(|place| if place == EMPTY { 0 } else { place }) }
}

fn text<'a>(texts: &'a [Text<'a>], place: u32) -> &'a Text<'a> {
    usize::try_from(place).ok().and_then(|place| texts.get(place)).unwrap_or(&Text::Unreadable)
}

fn invalid(message: String) -> Error {
    expectation::invalid(message)
}

const GROUP_FIELDS: [&str; 3] = ["groupKey", "total", "count"];
/// The place of the empty text.
const EMPTY: u32 = 1;
