//! The fingerprint of a payout group: SHA-256 over what would be paid, whatever the order of the
//! requests.
//!
//! The canonical form is documented, with test vectors, in `docs/fingerprint.md`, so that anybody
//! can compute it.

use std::ops::Range;
use std::str::FromStr;

use hex::FromHex;
use serde_with::{DeserializeFromStr, SerializeDisplay};
use sha2::{Digest, Sha256};

use super::model::{GroupKey, PayoutRequest};
use super::payment::Payment;
use super::places::sorted_places;
use crate::money::Won;
use crate::time::KoreanTime;

/// `v1:` and the SHA-256 of a group's canonical form in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, derive_more::Display)]
#[display("{}{}", PREFIX, hex::encode(self.0))]
#[derive(SerializeDisplay, DeserializeFromStr)]
pub struct Fingerprint([u8; 32]);

/// What a fingerprint covers of a request.
pub(crate) struct Covered<'a> {
    pub(crate) cst_id: &'a str,
    pub(crate) payment: Payment<'a>,
    pub(crate) requested_at: KoreanTime,
}

impl Fingerprint {
    /// The fingerprint of the requests under the group key that was asked for.
    pub fn of(group_key: &GroupKey, requests: &[PayoutRequest]) -> Self {
        let mut covered = requests.iter().map(|request| Covered {
            cst_id: &request.cst_id,
            payment: request.payment(),
            requested_at: request.requested_at,
        });
        Self::of_covered(group_key, &mut covered)
    }

    /// The same of what a fingerprint covers of each request.
    pub(crate) fn of_covered<'a>(
        group_key: &GroupKey,
        requests: &mut dyn ExactSizeIterator<Item = Covered<'a>>,
    ) -> Self {
        // All lines in one text, each with its amount, which is compared fastest.
        let mut text = String::with_capacity(requests.len().saturating_mul(BYTES_OF_A_LINE));
        let lines: Vec<(Won, Range<usize>)> = requests
            .map(|request| {
                let begin = text.len();
                push_line(&mut text, &request);
                (request.payment.amount, begin..text.len())
            })
            .collect();
        let amount = |place: usize| lines.get(place).map(|(amount, _)| *amount);
        let line = |place: usize| lines.get(place).and_then(|(_, range)| text.get(range.clone()));
        let order = sorted_places(lines.len(), &|one, other| {
            amount(one).cmp(&amount(other)).then_with(|| line(one).cmp(&line(other)))
        });

        let mut hash = Sha256::new();
        let mut field = String::new();
        push_text(&mut field, Some(group_key.as_str()));
        hash.update(field);
        for line in order.into_iter().filter_map(line) {
            hash.update("\n");
            hash.update(line);
        }
        Self(hash.finalize().into())
    }
}

/// Reads `v1:` and 64 lower-case hexadecimal digits.
impl FromStr for Fingerprint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hash = text.strip_prefix(PREFIX).and_then(|digits| FromHex::from_hex(digits).ok());
        // Capitals are hexadecimal digits too.
        let read = hash.map(Self).filter(|read| read.to_string() == text);
        read.ok_or("is not \"v1:\" and 64 hexadecimal digits")
    }
}

/// A request's fields in their canonical order.
fn push_line(line: &mut String, Covered { cst_id, payment, requested_at }: &Covered<'_>) {
    push_text(line, Some(cst_id));
    push_text(line, payment.billing_tran_id);
    push_text(line, payment.sub_id);
    push_text(line, payment.print_content);
    push_text(line, Some(itoa::Buffer::new().format(payment.amount.amount())));
    push_text(line, Some(requested_at.as_str()));
}

/// A text as a netstring, so that no content can be taken for the end of a field: its length in
/// bytes, a colon, the text, a comma. `-` where there is none.
fn push_text(row: &mut String, text: Option<&str>) {
    let Some(text) = text else { return row.push('-') };
    row.push_str(itoa::Buffer::new().format(text.len()));
    row.push(':');
    row.push_str(text);
    row.push(',');
}

const PREFIX: &str = "v1:";
/// Of most requests, with some room.
const BYTES_OF_A_LINE: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        what: String,
        group_key: String,
        requests: Vec<PayoutRequest>,
        canonical: String,
        fingerprint: String,
    }

    fn vectors() -> Vec<Vector> {
        serde_json::from_str(include_str!("../../docs/fingerprint-vectors.json")).unwrap()
    }

    fn of(group_key: &str, requests: &[PayoutRequest]) -> Fingerprint {
        Fingerprint::of(&GroupKey::new(group_key).unwrap(), requests)
    }

    #[test]
    fn the_documented_vectors_hold() {
        assert!(vectors().len() >= 4);
        for Vector { what, group_key, requests, canonical, fingerprint } in vectors() {
            let hash: [u8; 32] = Sha256::digest(canonical).into();
            assert_eq!(Fingerprint(hash).to_string(), fingerprint, "{what}");
            assert_eq!(of(&group_key, &requests).to_string(), fingerprint, "{what}");
        }
    }

    #[test]
    fn the_order_of_the_requests_makes_no_difference_and_everything_else_does() {
        let vector = vectors().into_iter().max_by_key(|vector| vector.requests.len()).unwrap();
        let requests = vector.requests;
        assert!(requests.len() > 1);
        let before = of("G", &requests);
        let reversed: Vec<_> = requests.iter().rev().cloned().collect();
        assert_eq!(of("G", &reversed), before);

        let changes: [fn(&mut PayoutRequest); 6] = [
            |request| request.cst_id.push('x'),
            |request| request.billing_tran_id.push('x'),
            |request| request.sub_id = Some("other".to_owned()),
            |request| request.print_content = Some("other".to_owned()),
            |request| request.amount = crate::money::Won::new(7).unwrap(),
            |request| {
                request.requested_at =
                    crate::time::KoreanTime::parse("1999-01-01 00:00:00").unwrap();
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = requests.clone();
            change(&mut changed[0]);
            assert_ne!(of("G", &changed), before, "change {at}");
        }
        assert_ne!(of("H", &requests), before);
        assert_ne!(of("G", &requests[1..]), before);
        let twice = [&requests[..], &requests[..1]].concat();
        assert_ne!(of("G", &twice), before);
    }

    #[test]
    fn it_is_read_as_it_is_written_and_in_no_other_form() {
        let fingerprint = of("G", &[]);
        let text = fingerprint.to_string();
        assert_eq!(text.parse(), Ok(fingerprint));
        for wrong in [
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
            &text.to_uppercase(),
            &text.replace("v1:", "v2:"),
            &format!("{}g", &text[..text.len() - 1]),
            "",
        ] {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong}");
        }
    }
}
