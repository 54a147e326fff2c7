//! What a runtime must send and what it hands back, and what a reply is by its status and its words.
//!
//! The Content-Type of a reply is not trusted.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::error::{Error, Kind, Phase};
use crate::json;

/// One HTTP request to Payple: a `POST`, as all four are. It must be sent as it is, following no redirect.
///
/// Its `Debug` shows neither address nor content: headers and body hold credentials.
pub struct Exchange {
    /// `"hub"` or `"cpay"`.
    pub service: &'static str,
    /// Which of the two exchanges of a look-up this is.
    pub phase: Phase,
    /// Where it goes.
    pub url: String,
    /// Names in small letters, and values of visible ASCII.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
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
            Self::Unreachable => Error::new(
                Kind::Unavailable,
                "Payple could not be reached, or the connection broke",
            )
            .retryable_soon(None),
            Self::Timeout => {
                Error::new(Kind::Timeout, "Payple did not answer in time").retryable_later()
            }
            Self::Aborted => Error::new(Kind::Aborted, "the look-up was aborted by the caller"),
            Self::TooLarge => Error::new(Kind::Protocol, "Payple's reply is larger than 16 MiB"),
            Self::Unsendable => {
                Error::new(Kind::Internal, "the request could not be formed in this runtime")
            }
        };
        error.with_phase(phase)
    }
}

/// Builds the JSON of strings that is posted in every one of the four calls. `header` is the one that goes beside the
/// common ones.
pub(crate) fn post(
    service: &'static str,
    phase: Phase,
    url: String,
    fields: &[(&'static str, &str)],
    header: Option<(&'static str, String)>,
) -> Result<Exchange, Error> {
    let unformed = |_| {
        Error::new(Kind::Internal, "the request to Payple could not be formed").with_phase(phase)
    };
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    let body = serde_json::to_string(&fields).map_err(unformed)?;
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("cache-control", "no-cache".to_owned()),
    ];
    headers.extend(header);
    Ok(Exchange { service, phase, url, headers, body })
}

/// Reads a reply as a JSON object, or says by the HTTP status what the reply is instead.
///
/// Fields that `T` does not name are passed over: Payple adds some over time.
pub(crate) fn read<'a, T: Deserialize<'a>>(reply: &'a Reply, phase: Phase) -> Result<T, Error> {
    json::parse_object(&reply.body).map_err(|fault| without_answer(reply, phase, &fault))
}

/// The error of a reply that holds no answer of Payple's, judged by its HTTP status.
pub(crate) fn without_answer(reply: &Reply, phase: Phase, what: &str) -> Error {
    let soon = reply.retry_after_ms;
    let error = match reply.status {
        200..=299 => Error::new(Kind::Protocol, format!("Payple's reply {what}")),
        300..=399 => {
            Error::new(Kind::Protocol, "Payple's reply is a redirect, which is not followed")
        }
        401 => Error::new(Kind::Authentication, "Payple answered HTTP 401").refusing_the_pass(),
        403 => Error::new(Kind::Authentication, "Payple answered HTTP 403"),
        408 | 429 | 500..=599 => {
            Error::new(Kind::Unavailable, format!("Payple answered HTTP {}", reply.status))
                .retryable_soon(soon)
        }
        status => Error::new(
            Kind::Protocol,
            format!("Payple answered HTTP {status}, and the reply {what}"),
        ),
    };
    error.with_phase(phase).with_status(reply.status)
}

/// Payple's code if it looks like one: a few ASCII letters and digits, none of `secrets` among them. Anything else is
/// not passed on.
pub(crate) fn code<'a>(text: &'a str, secrets: &[&str]) -> Option<&'a str> {
    let plausible = (1..=MAX_CODE_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let secret = redacted(secrets)
        .any(|secret| text.as_bytes().windows(secret.len()).any(|part| part == secret.as_bytes()));
    (plausible && !secret).then_some(text)
}

/// The code in a message of the form `[Test] [AUTH0004] 1234 - text`: the first bracket that holds a digit.
pub(crate) fn code_in_message<'a>(message: &'a str, secrets: &[&str]) -> Option<&'a str> {
    let brackets = message
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .map(|(inside, _)| inside.trim());
    brackets
        .filter_map(|inside| code(inside, secrets))
        .find(|code| code.bytes().any(|b| b.is_ascii_digit()))
}

/// Those that are long enough to be told from words of the language.
fn redacted<'a>(secrets: &[&'a str]) -> impl Iterator<Item = &'a str> + Clone {
    secrets.iter().copied().filter(|secret| secret.len() >= MIN_REDACTED_BYTES)
}

/// Payple's message made fit to be shown: on one line, bounded, without `secrets` and without long runs of digits,
/// which may be an account.
pub(crate) fn words(text: &str, secrets: &[&str]) -> String {
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
    use crate::json::Scalar;

    fn reply(status: u16, body: &[u8]) -> Reply {
        Reply { status, retry_after_ms: None, body: body.to_vec() }
    }

    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, default)]
        a: Scalar<'a>,
        #[serde(borrow, default)]
        b: Scalar<'a>,
    }

    fn read_body(status: u16, body: &str) -> Result<[String; 2], Error> {
        let reply = reply(status, body.as_bytes());
        let named: Named<'_> = read(&reply, Phase::Lookup)?;
        Ok([named.a, named.b].map(|text| text.as_str().to_owned()))
    }

    #[test]
    fn named_fields_are_read_and_others_passed_over() {
        assert_eq!(
            read_body(200, r#"{"x":[{"a":9}],"b":2,"\u0061":"1","x":0}"#),
            Ok(["1".to_owned(), "2".to_owned()])
        );
        for refused in [r#"{"a":1,"a":1}"#, "[]", "\"a\"", "{} {}", r#"{"a":1"#, ""] {
            let refusal = read_body(200, refused).map_err(|error| error.kind());
            assert_eq!(refusal, Err(Kind::Protocol), "{refused}");
        }
    }

    #[test]
    fn a_reply_without_json_is_judged_by_its_status() {
        let kind = |status| read_body(status, "<html>").err().map(|error| error.kind());

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
        let error = read_body(200, r#"["canary"]"#).unwrap_err();

        assert!(!error.message().contains("canary"), "{error}");
    }

    #[test]
    fn payples_words_are_shown_without_secrets_and_accounts() {
        assert_eq!(
            words("[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.", &[]),
            "[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다."
        );
        assert_eq!(words("key canary-1 refused\r\n", &["canary-1", "test"]), "key … refused");
        assert_eq!(
            words("keys secret-1-long, secret-1secret-1", &["secret-1", "secret-1-long"]),
            "keys …, ……"
        );
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
