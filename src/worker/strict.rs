//! Values of JSON that must be what they are said to be, unlike Payple's: a text is a text here, and a number a number.

use crate::json::{Fault, Json};

pub(super) fn text(json: &mut Json<'_>) -> Result<String, Fault> {
    match json.peek()? {
        b'"' => Ok(json.text()?.as_str().to_owned()),
        _ => Err(Fault::Form),
    }
}

/// What `read` reads, or `null` for nothing.
pub(super) fn or_null<T>(
    json: &mut Json<'_>,
    read: fn(&mut Json<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    match json.peek()? {
        b'n' => json.skip().map(|()| None),
        _ => read(json).map(Some),
    }
}

/// A whole number, not below zero.
pub(super) fn number(json: &mut Json<'_>) -> Result<u64, Fault> {
    match json.peek()? {
        b'0'..=b'9' => json.text()?.as_str().parse().map_err(|_| Fault::Form),
        _ => Err(Fault::Form),
    }
}
