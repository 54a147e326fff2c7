//! What a runtime must send and what it hands back; reading Payple's lenient JSON.
//!
//! Payple documents every scalar as a JSON string, and sibling calls mix numbers in: both are read everywhere.
//! Fields are added over time: unknown ones are passed over. The Content-Type is not trusted.

use std::borrow::Cow;
use std::fmt;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, Visitor};

use crate::error::{Error, Kind, Phase};

/// One HTTP request to Payple.
///
/// Its `Debug` shows the path alone: headers and body hold credentials.
pub struct Exchange {
    /// `"hub"` or `"cpay"`.
    pub service: &'static str,
    /// Which of the two exchanges of a look-up this is.
    pub phase: Phase,
    /// The request. It must be sent as it is, following no redirect.
    pub request: Request<Vec<u8>>,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({} {})", self.service, self.phase.name())
    }
}

/// What came back, whatever its status.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` as milliseconds from now, where it was sent.
    pub retry_after_ms: Option<u64>,
    /// The body, decoded from its content encoding.
    pub body: Vec<u8>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// No connection, or it broke before the reply was whole.
    Unreachable,
    /// The time allowed for one exchange is over.
    Timeout,
    /// The caller gave up.
    Aborted,
    /// The reply is larger than [`MAX_REPLY_BYTES`].
    TooLarge,
    /// The runtime could not form the request at all.
    Unsendable,
}

impl SendError {
    pub(crate) fn into_error(self, phase: Phase) -> Error {
        let error = match self {
            Self::Unreachable => Error::new(Kind::Unavailable, "Payple could not be reached, or the connection broke").retryable_soon(None),
            Self::Timeout => Error::new(Kind::Timeout, "Payple did not answer in time").retryable_later(),
            Self::Aborted => Error::new(Kind::Aborted, "the look-up was aborted by the caller"),
            Self::TooLarge => Error::new(Kind::Protocol, "Payple's reply is larger than 16 MiB"),
            Self::Unsendable => Error::new(Kind::Internal, "the request could not be formed in this runtime"),
        };
        error.with_phase(phase)
    }
}

/// Builds the JSON POST that every one of the four calls is.
pub(crate) fn post(
    service: &'static str,
    phase: Phase,
    url: &str,
    body: &impl Serialize,
    headers: impl IntoIterator<Item = (http::HeaderName, HeaderValue)>,
) -> Result<Exchange, Error> {
    let unformed = || Error::new(Kind::Internal, "the request to Payple could not be formed").with_phase(phase);
    let body = serde_json::to_vec(body).map_err(|_| unformed())?;
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        .body(body)
        .map_err(|_| unformed())?;
    request.headers_mut().extend(headers);
    Ok(Exchange { service, phase, request })
}

/// Reads a JSON object from a reply, or says by the HTTP status what the reply is instead.
pub(crate) fn read_json<'a, T: Deserialize<'a>>(reply: &'a Reply, phase: Phase) -> Result<T, Error> {
    serde_json::from_slice(json_bytes(&reply.body)).map_err(|fault| without_answer(reply, phase, &describe(&fault)))
}

/// The error of a reply that holds no answer of Payple's, judged by its HTTP status.
pub(crate) fn without_answer(reply: &Reply, phase: Phase, what: &str) -> Error {
    let soon = reply.retry_after_ms;
    let error = match reply.status {
        200..=299 => Error::new(Kind::Protocol, format!("Payple's reply {what}")),
        300..=399 => Error::new(Kind::Protocol, "Payple's reply is a redirect, which is not followed"),
        401 => Error::new(Kind::Authentication, "Payple answered HTTP 401").refusing_the_pass(),
        403 => Error::new(Kind::Authentication, "Payple answered HTTP 403"),
        408 | 429 | 500..=599 => Error::new(Kind::Unavailable, format!("Payple answered HTTP {}", reply.status)).retryable_soon(soon),
        status => Error::new(Kind::Protocol, format!("Payple answered HTTP {status}, and the reply {what}")),
    };
    error.with_phase(phase).with_status(reply.status)
}

/// The body without a UTF-8 byte order mark and leading white space.
pub(crate) fn json_bytes(body: &[u8]) -> &[u8] {
    body.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start()
}

/// Where and how JSON is not what it should be, without repeating any of it:
/// serde's own message may quote the value.
pub(crate) fn describe(fault: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match fault.classify() {
        Category::Io | Category::Eof => "ends too early",
        Category::Syntax => "is not JSON",
        Category::Data => "is not of the form the spec describes",
    };
    format!("{what} (line {}, column {})", fault.line(), fault.column())
}

/// A documented string that may arrive as an integer, empty, `null` or not at all.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// A string, or the digits of an integer.
    Filled(Cow<'a, str>),
    /// A fraction, a truth value, a list or an object: no text, and never taken for one.
    Unreadable,
}

impl Text<'_> {
    /// The text, or `""`.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Filled(text) => text,
            Self::Absent | Self::Unreadable => "",
        }
    }

    /// The text, where there is any.
    pub(crate) fn filled(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }

    /// The same, owned.
    pub(crate) fn to_filled(&self) -> Option<String> {
        self.filled().map(str::to_owned)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text::Filled(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text::Filled(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Text::Filled(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Text::Filled(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Text::Absent)
    }

    /// Also what an integer beyond 64 bits arrives as: it is not exact any more.
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Text::Unreadable)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Text::Unreadable)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::Unreadable)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::Unreadable)
    }
}

/// Payple's code if it looks like one: a few ASCII letters and digits. Anything else is not passed on.
pub(crate) fn code(text: &str) -> Option<&str> {
    let plausible = (1..=MAX_CODE_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plausible.then_some(text)
}

/// Payple's message made fit to be shown: on one line, bounded, without `secrets` and without long runs of digits,
/// which may be an account.
pub(crate) fn words(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|s| s.len() >= MIN_REDACTED_BYTES) {
        text = text.replace(secret, "…");
    }
    let mut shown = String::new();
    let mut digits = 0_usize;
    for (position, c) in text.chars().enumerate() {
        if position == MAX_MESSAGE_CHARS {
            shown.push('…');
            break;
        }
        let part_of_a_number = c.is_ascii_digit() || (digits > 0 && matches!(c, '-' | ' '));
        digits = if part_of_a_number { digits.saturating_add(usize::from(c.is_ascii_digit())) } else { 0 };
        shown.push(match c {
            c if c.is_control() => ' ',
            c if c.is_ascii_digit() && digits > MAX_SHOWN_DIGITS => '*',
            c => c,
        });
    }
    shown.trim().to_owned()
}

/// The most that is read of one reply: 60,000 payout requests take a quarter of it.
pub const MAX_REPLY_BYTES: usize = 16 * 1024 * 1024;

const MAX_CODE_BYTES: usize = 16;
const MAX_MESSAGE_CHARS: usize = 200;
/// Payple's institution codes have up to four digits and dates up to eight; accounts and phones have more.
const MAX_SHOWN_DIGITS: usize = 4;
/// Shorter values than this are words of the language, not secrets (`test` is a partner id).
const MIN_REDACTED_BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &[u8]) -> Reply {
        Reply { status, retry_after_ms: None, body: body.to_vec() }
    }

    #[test]
    fn a_scalar_may_be_a_string_a_number_or_nothing() {
        let read = |json: &'static str| serde_json::from_str::<Text<'_>>(json).ok().map(|t| t.as_str().to_owned());

        assert_eq!(read("\"60\"").as_deref(), Some("60"));
        assert_eq!(read("60").as_deref(), Some("60"));
        assert_eq!(read("-1").as_deref(), Some("-1"));
        assert_eq!(read("null").as_deref(), Some(""));
        assert_eq!(read("\"a\\/b\"").as_deref(), Some("a/b"));
        for unreadable in ["1.5", "1000.0", "1e3", "true", "[1,[2]]", "{\"a\":{}}", "99999999999999999999"] {
            assert!(serde_json::from_str::<Text<'_>>(unreadable).is_ok_and(|t| t == Text::Unreadable), "{unreadable}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_white_space_are_passed_over() {
        for body in [&b"{}"[..], b"\xef\xbb\xbf{}", b" \r\n{}", b"\n\xef\xbb\xbf \n{}"] {
            assert_eq!(json_bytes(body), b"{}");
        }
    }

    #[test]
    fn a_reply_without_json_is_judged_by_its_status() {
        let kind = |status| read_json::<Text<'_>>(&reply(status, b"<html>"), Phase::Lookup).err().map(|e| e.kind());

        assert_eq!(kind(200), Some(Kind::Protocol));
        assert_eq!(kind(302), Some(Kind::Protocol));
        assert_eq!(kind(401), Some(Kind::Authentication));
        assert_eq!(kind(403), Some(Kind::Authentication));
        assert_eq!(kind(404), Some(Kind::Protocol));
        assert_eq!(kind(429), Some(Kind::Unavailable));
        assert_eq!(kind(503), Some(Kind::Unavailable));
    }

    #[test]
    fn an_error_repeats_nothing_of_the_body() {
        let error = read_json::<Vec<u8>>(&reply(200, br#"["canary"]"#), Phase::Lookup).unwrap_err();

        assert!(!error.message().contains("canary"), "{error}");
    }

    #[test]
    fn payples_words_are_shown_without_secrets_and_accounts() {
        assert_eq!(words("[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.", &[]), "[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.");
        assert_eq!(words("key canary-1 refused\r\n", &["canary-1", "test"]), "key … refused");
        assert_eq!(words("계좌 110-222-333444 오류", &[]), "계좌 110-2**-****** 오류");
        assert_eq!(words(&"가".repeat(300), &[]).chars().count(), 201);
    }

    #[test]
    fn only_what_looks_like_a_code_is_one() {
        assert_eq!(code("AUTH0004"), Some("AUTH0004"));
        for not_one in ["", "A 1", "<b>", "A0000000000000000"] {
            assert_eq!(code(not_one), None, "{not_one:?}");
        }
    }
}
