//! What a runtime must send and what it hands back; reading Payple's lenient JSON.
//!
//! Payple documents every scalar as a JSON string, and sibling calls mix numbers in: both are read everywhere.
//! Fields are added over time: unknown ones are passed over. The Content-Type is not trusted.

use std::borrow::Cow;
use std::fmt;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request};
use serde::Serialize;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

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

/// Builds the JSON POST of strings that every one of the four calls is.
pub(crate) fn post<const N: usize>(
    service: &'static str,
    phase: Phase,
    url: &str,
    fields: &[(&'static str, &str)],
    headers: [(HeaderName, HeaderValue); N],
) -> Result<Exchange, Error> {
    let unformed = || Error::new(Kind::Internal, "the request to Payple could not be formed").with_phase(phase);
    let body = serde_json::to_vec(&Object(fields)).map_err(|_| unformed())?;
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.parse().map_err(|_| unformed())?;
    let common = [(CONTENT_TYPE, HeaderValue::from_static("application/json")), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    for (name, value) in common.into_iter().chain(headers) {
        request.headers_mut().insert(name, value);
    }
    Ok(Exchange { service, phase, request })
}

struct Object<'a>(&'a [(&'static str, &'a str)]);

impl Serialize for Object<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// Reads the named fields of a JSON object, or says by the HTTP status what the reply is instead.
///
/// Other fields are passed over; one of the named that is there twice leaves open which is meant, and is refused.
pub(crate) fn read_fields<'a, const N: usize>(reply: &'a Reply, phase: Phase, names: [&'static str; N]) -> Result<[Text<'a>; N], Error> {
    let mut texts = [const { Text::Absent }; N];
    read_json(reply, phase, FieldsSeed { names: &names, texts: &mut texts })?;
    Ok(texts)
}

/// Reads a JSON value with `seed`, or says by the HTTP status what the reply is instead.
pub(crate) fn read_json<'a, T: DeserializeSeed<'a>>(reply: &'a Reply, phase: Phase, seed: T) -> Result<T::Value, Error> {
    let mut json = serde_json::Deserializer::from_slice(json_bytes(&reply.body));
    let read = seed.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    read.map_err(|fault| without_answer(reply, phase, &describe(&fault)))
}

/// Fills one text per name.
struct FieldsSeed<'n, 'de> {
    names: &'n [&'static str],
    texts: &'n mut [Text<'de>],
}

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        fill(&mut object, self.names, self.texts, |object, _| object.next_value::<IgnoredAny>().map(drop))
    }
}

/// Fills one text per name from an object; `other` takes the value of every other field.
pub(crate) fn fill<'de, A: MapAccess<'de>>(
    object: &mut A,
    names: &[&'static str],
    texts: &mut [Text<'de>],
    mut other: impl FnMut(&mut A, Option<&'static str>) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    let mut seen = 0_u32;
    while let Some(key) = object.next_key_seed(KeySeed { names })? {
        let bit = key.and_then(|at| 1_u32.checked_shl(u32::try_from(at).unwrap_or(u32::MAX))).unwrap_or(0);
        if seen & bit != 0 {
            return Err(de::Error::custom("a field is there twice"));
        }
        seen |= bit;
        match key.and_then(|at| texts.get_mut(at)) {
            Some(text) => *text = object.next_value()?,
            None => other(object, key.and_then(|at| names.get(at)).copied())?,
        }
    }
    Ok(())
}

/// Which of the names a key is.
struct KeySeed<'n> {
    names: &'n [&'static str],
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.names.iter().position(|name| *name == key))
    }
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

/// Payple's code if it looks like one: a few ASCII letters and digits, none of `secrets` among them. Anything else is
/// not passed on.
pub(crate) fn code<'a>(text: &'a str, secrets: &[&str]) -> Option<&'a str> {
    let plausible = (1..=MAX_CODE_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let secret = redacted(secrets).any(|secret| text.contains(secret));
    (plausible && !secret).then_some(text)
}

/// Those that are long enough to be told from words of the language.
fn redacted<'a>(secrets: &[&'a str]) -> impl Iterator<Item = &'a str> {
    secrets.iter().copied().filter(|secret| secret.len() >= MIN_REDACTED_BYTES)
}

/// Payple's message made fit to be shown: on one line, bounded, without `secrets` and without long runs of digits,
/// which may be an account.
pub(crate) fn words(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in redacted(secrets) {
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
    fn named_fields_are_read_and_others_passed_over() {
        let read = |body: &str| {
            read_fields(&reply(200, body.as_bytes()), Phase::Lookup, ["a", "b"]).map(|texts| texts.map(|t| t.as_str().to_owned()))
        };

        assert_eq!(read(r#"{"x":[{"a":9}],"b":2,"\u0061":"1","x":0}"#), Ok(["1".to_owned(), "2".to_owned()]));
        for refused in [r#"{"a":1,"a":1}"#, "[]", "\"a\"", "{} {}", r#"{"a":1"#, ""] {
            assert_eq!(read(refused).map_err(|e| e.kind()), Err(Kind::Protocol), "{refused}");
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
        let kind = |status| read_fields(&reply(status, b"<html>"), Phase::Lookup, ["a"]).err().map(|e| e.kind());

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
        let error = read_fields(&reply(200, br#"["canary"]"#), Phase::Lookup, ["a"]).err().unwrap();

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
        assert_eq!(code("AUTH0004", &["test"]), Some("AUTH0004"));
        assert_eq!(code("A000000000000000", &[]), Some("A000000000000000"));
        for not_one in ["", "A 1", "<b>", "A0000000000000000", "AUabcd1234567890"] {
            assert_eq!(code(not_one, &["abcd1234567890"]), None, "{not_one:?}");
        }
    }
}
