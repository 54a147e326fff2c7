//! HTTP as the core sees it: a request out, a reply in, and what a reply is by its status and its
//! words.
//!
//! The Content-Type of a reply is not trusted.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method};
use serde::{Deserialize, Serializer};

use crate::error::{Error, ErrorKind};
use crate::json;
use crate::secret::Secret;

/// One request to Payple: a `POST` of JSON, as all four are. It must be sent as it is, following no
/// redirect.
pub type HttpRequest = http::Request<Secret>;

/// What came back, whatever its status; the body is decoded from its content encoding.
pub type HttpResponse = http::Response<Vec<u8>>;

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// No connection, or it broke before the reply was whole.
    Unreachable,
    /// The time allowed for one exchange is over.
    Timeout,
    /// The caller gave up.
    Aborted,
    /// The reply is larger than [`MAX_RESPONSE_BYTES`].
    TooLarge,
    /// The runtime could not form the request at all.
    Unsendable,
}

impl SendError {
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Unreachable => Error::new(
                ErrorKind::Unavailable,
                "Payple could not be reached, or the connection broke",
            )
            .retryable_soon(None),
            Self::Timeout => {
                Error::new(ErrorKind::Timeout, "Payple did not answer in time").retryable_later()
            }
            Self::Aborted => {
                Error::new(ErrorKind::Aborted, "the look-up was aborted by the caller")
            }
            Self::TooLarge => {
                Error::new(ErrorKind::Protocol, "Payple's reply is larger than 16 MiB")
            }
            Self::Unsendable => {
                Error::new(ErrorKind::Internal, "the request could not be formed in this runtime")
            }
        }
    }
}

/// A `POST` of these fields as a JSON object, in this order.
pub(crate) fn post_json(url: &str, fields: &[(&str, &str)]) -> Result<HttpRequest, Error> {
    let mut body = Vec::new();
    let written = serde_json::Serializer::new(&mut body).collect_map(fields.iter().copied());
    let body = written.ok().and_then(|()| String::from_utf8(body).ok()).ok_or_else(unformed)?;
    http::Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "no-cache")
        .body(Secret::new(body))
        .map_err(|_| unformed())
}

/// A request's headers as texts, for a runtime that hands them to a platform of its own.
///
/// # Errors
/// [`SendError::Unsendable`] where a value is no text.
pub fn header_texts(request: &HttpRequest) -> Result<Vec<(String, String)>, SendError> {
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.to_str().map_err(|_| SendError::Unsendable)?;
        Ok((name.to_string(), value.to_owned()))
    };
    request.headers().iter().map(header).collect()
}

/// A reply of what a platform gives: its status, `Retry-After` in seconds, its body.
///
/// # Errors
/// [`SendError::Unreachable`] where `status` is not a valid HTTP status.
pub fn response_of(
    status: u16,
    retry_after_s: Option<u64>,
    body: Vec<u8>,
) -> Result<HttpResponse, SendError> {
    let mut response = http::Response::builder().status(status);
    if let Some(seconds) = retry_after_s {
        response = response.header(RETRY_AFTER, seconds);
    }
    response.body(body).map_err(|_| SendError::Unreachable)
}

/// The error of a request that cannot be put together: a fault of ours.
pub(crate) fn unformed() -> Error {
    Error::new(ErrorKind::Internal, "the request to Payple could not be formed")
}

/// `Retry-After` in milliseconds, where a reply has it in whole seconds. A runtime that reads a
/// date turns it into seconds.
pub(crate) fn retry_after_ms(response: &HttpResponse) -> Option<u64> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.saturating_mul(1_000))
}

/// Reads a reply as a JSON object, or says by the HTTP status what the reply is instead.
///
/// Fields that `T` does not name are passed over: Payple adds some over time.
pub(crate) fn read_json<'a, T: Deserialize<'a>>(response: &'a HttpResponse) -> Result<T, Error> {
    json::parse_object(response.body()).map_err(|fault| no_answer(response, &fault))
}

/// The error of a reply that holds no answer of Payple's, judged by its HTTP status.
pub(crate) fn no_answer(response: &HttpResponse, what: &str) -> Error {
    let http_status = response.status().as_u16();
    match http_status {
        200..=299 => Error::new(ErrorKind::Protocol, format!("Payple's reply {what}")),
        300..=399 => {
            Error::new(ErrorKind::Protocol, "Payple's reply is a redirect, which is not followed")
        }
        401 => {
            Error::new(ErrorKind::Authentication, "Payple answered HTTP 401").rejecting_the_token()
        }
        403 => Error::new(ErrorKind::Authentication, "Payple answered HTTP 403"),
        408 | 429 | 500..=599 => {
            Error::new(ErrorKind::Unavailable, format!("Payple answered HTTP {http_status}"))
                .retryable_soon(retry_after_ms(response))
        }
        status => Error::new(
            ErrorKind::Protocol,
            format!("Payple answered HTTP {status}, and the reply {what}"),
        ),
    }
}

/// Payple's code if it looks like one: a few ASCII letters and digits, none of `secrets` among
/// them. Anything else is not passed on.
pub(crate) fn result_code<'a>(text: &'a str, secrets: &[&str]) -> Option<&'a str> {
    let plausible = (1..=MAX_CODE_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let secret = redacted(secrets).any(|secret| text.contains(secret));
    (plausible && !secret).then_some(text)
}

/// The code in a message of the form `[Test] [AUTH0004] 1234 - text`: the first bracket that holds
/// a digit.
pub(crate) fn code_in_message<'a>(message: &'a str, secrets: &[&str]) -> Option<&'a str> {
    message
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .filter_map(|(inside, _)| result_code(inside.trim(), secrets))
        .find(|code| code.bytes().any(|b| b.is_ascii_digit()))
}

/// Those that are long enough to be told from words of the language.
fn redacted<'a>(secrets: &[&'a str]) -> impl Iterator<Item = &'a str> + Clone {
    secrets.iter().copied().filter(|secret| secret.len() >= MIN_REDACTED_BYTES)
}

/// Payple's message made fit to be shown: on one line, bounded, without `secrets` and without long
/// runs of digits, which may be an account.
pub(crate) fn displayable(text: &str, secrets: &[&str]) -> String {
    let secrets = redacted(secrets);
    let (mut rest, mut shown, mut digits) = (text, String::new(), 0_usize);
    for _ in 0..MAX_MESSAGE_CHARS {
        let Some(c) = rest.chars().next() else { break };
        // The longest: one secret may begin with another.
        let secret = secrets.clone().filter(|secret| rest.starts_with(*secret)).map(str::len).max();
        let part_of_a_number =
            secret.is_none() && (c.is_ascii_digit() || (digits > 0 && matches!(c, '-' | ' ')));
        digits = if part_of_a_number {
            digits.saturating_add(usize::from(c.is_ascii_digit()))
        } else {
            0
        };
        shown.push(match c {
            _ if secret.is_some() => '…',
            c if c.is_control() => ' ',
            c if c.is_ascii_digit() && digits > MAX_SHOWN_DIGITS => '*',
            c => c,
        });
        rest = rest.get(secret.unwrap_or(c.len_utf8())..).unwrap_or_default();
    }
    if !rest.is_empty() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// The most that is read of one reply: 60,000 payout requests take a quarter of it.
pub const MAX_RESPONSE_BYTES: usize = 16 * 1024 * 1024;

const MAX_CODE_BYTES: usize = 16;
const MAX_MESSAGE_CHARS: usize = 200;
/// Payple's institution codes have up to four digits and dates up to eight; accounts and phones
/// have more.
const MAX_SHOWN_DIGITS: usize = 4;
/// Shorter values than this are words of the language, not secrets (`test` is a partner id).
const MIN_REDACTED_BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Scalar;
    use crate::testing::response;

    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, default)]
        a: Scalar<'a>,
        #[serde(borrow, default)]
        b: Scalar<'a>,
    }

    fn read_body(status: u16, body: &str) -> Result<[String; 2], Error> {
        let response = response(status, body);
        let named: Named<'_> = read_json(&response)?;
        Ok([named.a, named.b].map(|text| text.as_str().to_owned()))
    }

    #[test]
    fn named_fields_are_read_and_others_passed_over() {
        assert_eq!(
            read_body(200, r#"{"x":[{"a":9}],"b":2,"\u0061":"1","x":0}"#),
            Ok(["1".to_owned(), "2".to_owned()])
        );
        for refused in [r#"{"a":1,"a":1}"#, "[]", "\"a\"", "{} {}", r#"{"a":1"#, ""] {
            let refusal = read_body(200, refused).map_err(|error| error.kind);
            assert_eq!(refusal, Err(ErrorKind::Protocol), "{refused}");
        }
    }

    #[test]
    fn a_reply_without_json_is_judged_by_its_status() {
        let kind = |status| read_body(status, "<html>").err().map(|error| error.kind);

        assert_eq!(kind(200), Some(ErrorKind::Protocol));
        assert_eq!(kind(302), Some(ErrorKind::Protocol));
        assert_eq!(kind(401), Some(ErrorKind::Authentication));
        assert_eq!(kind(403), Some(ErrorKind::Authentication));
        assert_eq!(kind(404), Some(ErrorKind::Protocol));
        assert_eq!(kind(429), Some(ErrorKind::Unavailable));
        assert_eq!(kind(503), Some(ErrorKind::Unavailable));
    }

    #[test]
    fn an_error_repeats_nothing_of_the_body() {
        let error = read_body(200, r#"["canary"]"#).unwrap_err();

        assert!(!error.message.contains("canary"), "{error}");
    }

    #[test]
    fn a_request_does_not_show_its_body() {
        let request = post_json("https://hub.payple.kr/x", &[("key", "canary")]).unwrap();

        assert_eq!(request.body().reveal(), r#"{"key":"canary"}"#);
        assert!(!format!("{request:?}").contains("canary"));
    }

    #[test]
    fn what_a_platform_gives_is_a_reply_and_what_it_takes_are_texts() {
        let response = response_of(503, Some(7), b"x".to_vec()).unwrap();
        assert_eq!((response.status().as_u16(), retry_after_ms(&response)), (503, Some(7_000)));
        assert_eq!(response_of(0, None, Vec::new()).err(), Some(SendError::Unreachable));

        let request = post_json("https://hub.payple.kr/x", &[("key", "value")]).unwrap();
        let headers = header_texts(&request).unwrap();
        assert!(headers.contains(&("cache-control".to_owned(), "no-cache".to_owned())));
        assert_eq!(headers.len(), 2);
    }

    #[test]
    fn a_pause_is_read_in_whole_seconds() {
        let pause = |text: &'static str| {
            let mut response = response(503, "");
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(text));
            retry_after_ms(&response)
        };
        assert_eq!(
            (pause("7"), pause(" 0 "), pause("-1"), pause("soon")),
            (Some(7_000), Some(0), None, None)
        );
    }

    #[test]
    fn payples_words_are_shown_without_secrets_and_accounts() {
        assert_eq!(
            displayable("[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.", &[]),
            "[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다."
        );
        assert_eq!(displayable("key canary-1 refused\r\n", &["canary-1", "test"]), "key … refused");
        assert_eq!(
            displayable("keys secret-1-long, secret-1secret-1", &["secret-1", "secret-1-long"]),
            "keys …, ……"
        );
        assert_eq!(displayable("계좌 110-222-333444 오류", &[]), "계좌 110-2**-****** 오류");
        assert_eq!(displayable(&"가".repeat(300), &[]).chars().count(), 201);
    }

    #[test]
    fn only_what_looks_like_a_code_is_one() {
        assert_eq!(result_code("AUTH0004", &["test"]), Some("AUTH0004"));
        assert_eq!(result_code("A000000000000000", &[]), Some("A000000000000000"));
        for not_one in ["", "A 1", "<b>", "A0000000000000000", "AUabcd1234567890"] {
            assert_eq!(result_code(not_one, &["abcd1234567890"]), None, "{not_one:?}");
        }
    }

    #[test]
    fn a_reply_of_sixteen_mebibytes_is_the_most_that_is_read() {
        assert_eq!(MAX_RESPONSE_BYTES, 16_777_216);
    }

    #[test]
    fn payples_words_are_cut_after_two_hundred_characters_and_stand_on_one_line() {
        let long = "가".repeat(200);
        assert_eq!(displayable(&long, &[]), long);
        assert_eq!(displayable(&format!("{long}나"), &[]), format!("{long}…"));
        assert_eq!(displayable("one\ntwo\u{7}three", &[]), "one two three");
    }
}
