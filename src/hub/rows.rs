//! The rows of a payout group as they are read: numbers checked, texts in two strings.

use std::fmt;

use serde::{Serialize, Serializer};

use super::requests::PayoutRequest;
use super::review::Reviewed;
use super::texts::{Span, Texts};
use crate::json::{Fault, Json, Text, is_same};
use crate::kst::Kst;
use crate::won::{Limit, Won};

/// The rows read so far. The first that is wrong is the last.
#[derive(Default)]
pub(crate) struct Rows {
    texts: Texts,
    rows: Vec<Row>,
    sum: Won,
    fault: Option<RowFault>,
}

#[derive(Clone, Copy)]
struct Row {
    /// The texts, in the order of [`TEXTS`]. Where the request lacks one, it is empty.
    texts: [Span; TEXTS],
    amount: Won,
    remaining_limit: Limit,
    requested_at: Kst,
}

/// Partner, its customer, group key, recipient, print content, and the time as Payple wrote it, which stands behind the
/// same time in ISO 8601.
const TEXTS: usize = 6;

/// What is wrong with a row; counted from 1, as people count.
struct RowFault {
    row: usize,
    field: &'static str,
    what: &'static str,
}

/// A field, and what is wrong with it.
pub(super) type What = (&'static str, &'static str);

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, field, what } = self;
        write!(f, "payout request {row}: {field} {what}")
    }
}

/// One row's texts, in the order of [`FIELDS`].
type RawRow<'a> = [Text<'a>; FIELDS.len()];

impl Rows {
    /// None yet, with room for what a reply of so many bytes mostly holds.
    pub(super) fn with_room(reply_bytes: usize) -> Self {
        let texts = Texts::with_room(reply_bytes.wrapping_shr(1), reply_bytes.wrapping_shr(3));
        Self {
            texts,
            rows: Vec::with_capacity(reply_bytes.div_euclid(BYTES_OF_A_ROW)),
            ..Self::default()
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = PayoutRequest<'_>> {
        self.rows.iter().map(|row| {
            let [cst_id, sub_id, group_key, billing_tran_id, print_content, requested_at_raw] =
                row.texts.map(|span| self.texts.at(span));
            let filled = |text| Some(text).filter(|text: &&str| !text.is_empty());
            PayoutRequest {
                cst_id,
                sub_id: filled(sub_id),
                group_key,
                billing_tran_id,
                print_content: filled(print_content),
                amount: row.amount,
                remaining_limit: row.remaining_limit,
                requested_at: row.requested_at,
                requested_at_raw,
            }
        })
    }

    /// What a review looks at.
    #[inline(never)]
    pub(super) fn reviewed(&self) -> Vec<Reviewed<'_>> {
        self.iter().map(PayoutRequest::reviewed).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What the amounts add up to.
    pub(super) fn sum(&self) -> Won {
        self.sum
    }

    /// What is wrong with the first row that is wrong.
    pub(super) fn fault(&self) -> Option<String> {
        self.fault.as_ref().map(RowFault::to_string)
    }

    /// Reads `list` as Payple may send it: a list, one object, `null`, `""`. What no source has seen is an error.
    pub(super) fn read(&mut self, json: &mut Json<'_>) -> Result<(), Fault> {
        match json.peek()? {
            b'[' => json.list(&mut |json| {
                if self.fault.is_none() { self.read_row(json) } else { json.skip() }
            }),
            b'{' => self.read_row(json),
            _ => match json.text()? {
                Text::Absent => Ok(()),
                Text::Filled(text) if text.is_empty() => Ok(()),
                Text::Filled(_) | Text::Unreadable => Err(Fault::Form),
            },
        }
    }

    fn read_row(&mut self, json: &mut Json<'_>) -> Result<(), Fault> {
        let mut raw = [const { Text::Absent }; FIELDS.len()];
        json.fields(&FIELDS, &mut raw, &mut |json, _| json.skip())?;
        self.push(&raw);
        Ok(())
    }

    /// Takes a row in, or remembers what is wrong with it.
    fn push(&mut self, raw: &RawRow<'_>) {
        if let Err((field, what)) = self.try_push(raw) {
            let row = self.rows.len().saturating_add(1);
            self.fault = Some(RowFault { row, field, what });
        }
    }

    fn try_push(&mut self, raw: &RawRow<'_>) -> Result<(), What> {
        let [
            cst_id,
            sub_id,
            group_key,
            billing_tran_id,
            print_content,
            tran_amt,
            remain_amt,
            request_date,
        ] = raw;
        let amount = Won::parse(tran_amt.as_str()).ok_or(("tran_amt", NOT_AN_AMOUNT))?;
        let remaining_limit =
            Limit::parse(remain_amt.as_str()).ok_or(("remain_amt", NOT_AN_AMOUNT))?;
        let date = request_date.as_str();
        let requested_at =
            Kst::parse(date).ok_or(("request_date", "is not a time of the documented form"))?;
        let sum = self.sum.checked_add(amount).ok_or(("tran_amt", TOO_MUCH))?;
        let mut texts = self.rows.last().map(|last| last.texts).unwrap_or_default();
        let [
            last_cst_id,
            last_sub_id,
            last_group_key,
            last_billing_tran_id,
            last_print_content,
            last_requested_at_raw,
        ] = &mut texts;
        self.put("cst_id", cst_id, last_cst_id, true)?;
        self.put_shared("sub_id", sub_id, last_sub_id, false)?;
        self.put("group_key", group_key, last_group_key, true)?;
        self.put_shared("billing_tran_id", billing_tran_id, last_billing_tran_id, true)?;
        self.put("print_content", print_content, last_print_content, false)?;
        // Of the documented form, so it is neither unreadable nor empty.
        if !is_same(self.texts.at(*last_requested_at_raw), date) {
            self.texts.put(requested_at.to_iso().as_str(), None).ok_or(TOO_LONG)?;
            self.put("request_date", request_date, last_requested_at_raw, true)?;
        }
        self.rows.push(Row { texts, amount, remaining_limit, requested_at });
        self.sum = sum;
        Ok(())
    }

    /// Keeps a text; where it repeats the row before, as partner and group key do in every row, once.
    fn put(
        &mut self,
        field: &'static str,
        text: &Text<'_>,
        last: &mut Span,
        is_required: bool,
    ) -> Result<(), What> {
        *last = self.texts.put(checked(field, text, is_required)?, Some(*last)).ok_or(TOO_LONG)?;
        Ok(())
    }

    /// The same for a text that comes again from time to time, as recipients do.
    fn put_shared(
        &mut self,
        field: &'static str,
        text: &Text<'_>,
        span: &mut Span,
        is_required: bool,
    ) -> Result<(), What> {
        *span = self.texts.put_shared(checked(field, text, is_required)?).ok_or(TOO_LONG)?;
        Ok(())
    }

    /// The rows as a face hands them to JavaScript, which makes its objects faster by itself.
    #[cfg(feature = "npm")]
    pub(crate) fn columns(&self) -> Columns<'_> {
        let mut places =
            Vec::with_capacity(self.rows.len().saturating_mul(TEXTS).saturating_mul(2));
        let mut won = Vec::with_capacity(self.rows.len().saturating_mul(2));
        let mut last = [(Span::default(), [0; 2]); TEXTS];
        let mut wide = self.texts.room_for_wide();
        for row in &self.rows {
            for (span, last) in row.texts.into_iter().zip(&mut last) {
                if span != last.0 {
                    *last = (span, self.texts.place(span, &mut wide));
                }
                places.extend_from_slice(&last.1);
            }
            won.push(row.amount.as_number());
            won.push(row.remaining_limit.as_number());
        }
        Columns { ascii: self.texts.ascii(), wide, places, won }
    }
}

/// A text that is one, and not empty where it `is_required`.
fn checked<'t>(
    field: &'static str,
    text: &'t Text<'_>,
    is_required: bool,
) -> Result<&'t str, What> {
    match text {
        Text::Unreadable => Err((field, "is not a text")),
        text if is_required && text.as_str().is_empty() => Err((field, "is missing")),
        text => Ok(text.as_str()),
    }
}

/// Rows without their objects.
#[cfg(feature = "npm")]
pub(crate) struct Columns<'a> {
    /// The texts of ASCII alone.
    pub(crate) ascii: &'a str,
    /// All other texts, in UTF-16.
    pub(crate) wide: Vec<u16>,
    /// Twelve a row: where each of its six texts begins and ends, in UTF-16 units. In `wide`, where the highest bit of
    /// the beginning is set; nowhere, where both are zero. Before the last one, its time, stands the same in ISO 8601.
    pub(crate) places: Vec<u32>,
    /// Two a row: amount and remaining limit.
    pub(crate) won: Vec<f64>,
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

const FIELDS: [&str; 8] = [
    "cst_id",
    "sub_id",
    "group_key",
    "billing_tran_id",
    "print_content",
    "tran_amt",
    "remain_amt",
    "request_date",
];
/// The least that Payple spends on one.
const BYTES_OF_A_ROW: usize = 200;
const TOO_LONG: What = ("list", "is too long");
pub(super) const NOT_AN_AMOUNT: &str = "is not a whole amount of won";
pub(super) const TOO_MUCH: &str = "brings the sum beyond what can be counted exactly";

#[cfg(all(test, feature = "npm"))]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn columns_hold_what_the_rows_hold() {
        let row = |sub_id: &str, recipient: &str, content: &str, amount: u32, second: u32| {
            format!(
                r#"{{"cst_id":"test","sub_id":"{sub_id}","group_key":"G","billing_tran_id":"{recipient}","print_content":"{content}",
                "tran_amt":"{amount}","remain_amt":"-{amount}","request_date":"2021-10-26 10:55:{second:02}"}}"#
            )
        };
        let list = [
            row("s", "A", "정산", 1, 3),
            row("s", "B", "정산", 2, 3),
            row("", "A", "급여 1", 3, 4),
            row("가", "B", "", 4, 4),
        ];
        let mut rows = Rows::default();
        json::read(format!("[{}]", list.join(",")).as_bytes(), |json| rows.read(json)).unwrap();

        let columns = rows.columns();
        let wide = 1_u32 << 31;
        let text = |place: &[u32]| match (place[0] & !wide, place[1]) {
            (start, end) if place[0] & wide != 0 => {
                String::from_utf16(&columns.wide[start as usize..end as usize]).unwrap()
            }
            (start, end) => columns.ascii[start as usize..end as usize].to_owned(),
        };
        let texts: Vec<_> = columns.places.chunks(2).map(text).collect();
        let expected = rows.iter().flat_map(|row| {
            [
                row.cst_id,
                row.sub_id.unwrap_or(""),
                row.group_key,
                row.billing_tran_id,
                row.print_content.unwrap_or(""),
                row.requested_at_raw,
            ]
        });
        assert_eq!(texts, expected.collect::<Vec<_>>());
        assert_eq!(columns.won, [1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0]);

        // What comes again stands once; before its time stands the same in ISO 8601.
        assert_eq!(
            (columns.places[12..16].to_vec(), columns.places[22..24].to_vec()),
            (columns.places[..4].to_vec(), columns.places[10..12].to_vec())
        );
        let time = columns.places[10] as usize;
        assert_eq!(&columns.ascii[time - 25..time], "2021-10-26T10:55:03+09:00");
    }

    #[test]
    fn a_reply_of_many_rows_is_read_into_the_room_made_for_it() {
        let row = |number: u32| {
            format!(
                r#"{{"cst_id":"test","sub_id":"","group_key":"QWJjREVmZ2hpSktMbW5vUFFyU1Q=","billing_tran_id":"{number:036}",
                "print_content":"정산 {number:03}","tran_amt":"1000","remain_amt":"9000","request_date":"2021-10-26 10:55:03"}}"#
            )
        };
        let list = format!("[{}]", (0..100).map(row).collect::<Vec<_>>().join(","));
        let mut rows = Rows::with_room(list.len());
        let places = |rows: &Rows| (rows.rows.as_ptr(), rows.texts.ascii().as_ptr());
        let before = places(&rows);
        json::read(list.as_bytes(), |json| rows.read(json)).unwrap();

        assert_eq!((rows.len(), places(&rows)), (100, before));
    }
}
