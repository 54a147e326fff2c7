//! Hands the requests of a group to JavaScript in columns: one text, places in it, and numbers.
//!
//! Each field that crosses the border to WebAssembly by itself costs more than the whole rest of
//! reading it, so the objects are made on the other side (`js/rows.mjs`).

use crate::payout::PayoutRequest;

/// Requests without their objects.
pub(super) struct Columns {
    /// All texts, one after the other.
    pub(super) texts: String,
    /// Twelve a request: where each of its six texts begins and ends in `texts`, in UTF-16 units.
    /// Both are 0 where it has none. A text that the request before has as well stands there once.
    pub(super) places: Vec<u32>,
    /// Two a request: amount and remaining limit in won.
    pub(super) won: Vec<f64>,
}

impl Columns {
    pub(super) fn new(requests: &[PayoutRequest]) -> Self {
        let (mut texts, mut units) = (String::new(), 0_u32);
        let mut places = Vec::with_capacity(requests.len().saturating_mul(2 * TEXTS));
        let mut won = Vec::with_capacity(requests.len().saturating_mul(2));
        let mut before: [(&str, [u32; 2]); TEXTS] = Default::default();
        for request in requests {
            for (text, before) in texts_of(request).into_iter().zip(&mut before) {
                if before.0 != text {
                    let begin = units;
                    texts.push_str(text);
                    // A reply is far below 4 GiB, and so are the units of its texts.
                    units = units.saturating_add(units_of(text));
                    *before = (text, if text.is_empty() { [0, 0] } else { [begin, units] });
                }
                places.extend_from_slice(&before.1);
            }
            won.push(as_number(request.amount.amount().cast_signed()));
            won.push(as_number(request.remaining_limit.amount()));
        }
        Self { texts, places, won }
    }
}

fn texts_of(request: &PayoutRequest) -> [&str; TEXTS] {
    [
        &request.cst_id,
        request.sub_id.as_deref().unwrap_or_default(),
        &request.group_key,
        &request.billing_tran_id,
        request.print_content.as_deref().unwrap_or_default(),
        &request.requested_at_raw,
    ]
}

fn units_of(text: &str) -> u32 {
    let units = if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[allow(clippy::cast_precision_loss, reason = "at most 2^53")]
fn as_number(won: i64) -> f64 {
    won as f64
}

const TEXTS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sub_id: Option<&str>, recipient: &str, content: &str, amount: u64) -> PayoutRequest {
        serde_json::from_value(serde_json::json!({
            "cstId": "test", "subId": sub_id, "groupKey": "G", "billingTranId": recipient, "printContent": content,
            "amount": amount, "remainingLimit": -(amount as i64), "requestedAt": "2021-10-26T10:55:03+09:00",
            "requestedAtRaw": "2021-10-26 10:55:03",
        }))
        .unwrap()
    }

    #[test]
    fn columns_hold_what_the_requests_hold() {
        let requests = [
            request(Some("s"), "A", "정산😀", 1),
            request(None, "B", "정산😀", 2),
            request(Some("가"), "A", "급여 1", 3),
        ];
        let columns = Columns::new(&requests);

        let units: Vec<u16> = columns.texts.encode_utf16().collect();
        let texts: Vec<String> = columns
            .places
            .chunks(2)
            .map(|place| String::from_utf16(&units[place[0] as usize..place[1] as usize]).unwrap())
            .collect();
        let expected: Vec<&str> = requests.iter().flat_map(texts_of).collect();
        assert_eq!(texts, expected);
        assert_eq!(columns.won, [1.0, -1.0, 2.0, -2.0, 3.0, -3.0]);
        assert_eq!(columns.texts.matches("test").count(), 1, "what repeats stands once");
    }
}
