//! The hub's token: `POST /oauth/token`, valid for 60 seconds, reusable within them.

use serde::{Deserialize, Serialize};

use super::result_code;
use crate::error::{Error, ErrorKind, Phase};
use crate::json::Scalar;
use crate::runtime::no_randomness;
use crate::secret::{self, Secret};
use crate::service::{NewToken, RandomSource};
use crate::transport::{self, HttpResponse};

/// The hub's `access_token`: opaque, and known to be what a header can carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Token(Secret);

impl Token {
    /// Visible ASCII, at most [`MAX_TOKEN_BYTES`] long.
    fn new(text: &str) -> Option<Self> {
        let is_sendable = (1..=MAX_TOKEN_BYTES).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic());
        is_sendable.then(|| Self(Secret::new(text.to_owned())))
    }

    pub(super) fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// A token on its way to a store that seals it, or back from there.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Written(#[serde(with = "secret::revealed")] Secret);

impl From<Token> for Written {
    fn from(token: Token) -> Self {
        Self(token.0)
    }
}

impl TryFrom<Written> for Token {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        Self::new(written.0.reveal()).ok_or("a token that cannot be sent")
    }
}

/// The `code` of a token request: exactly ten letters and digits, at least one of each, echoed in
/// the reply.
pub(super) fn random_code(random: &mut RandomSource<'_>) -> Result<String, Error> {
    // A draw of ten lacks a letter or a digit once in 25 times; sixteen such draws mean a broken
    // source.
    for _ in 0..16 {
        let code = random_letters_and_digits(random)?;
        if code.bytes().any(|b| b.is_ascii_digit()) && code.bytes().any(|b| b.is_ascii_lowercase())
        {
            return Ok(code);
        }
    }
    Err(no_randomness())
}

/// The reply to a token request, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenReply<'a> {
    #[serde(borrow)]
    result: Scalar<'a>,
    #[serde(borrow)]
    message: Scalar<'a>,
    #[serde(borrow)]
    code: Scalar<'a>,
    #[serde(borrow)]
    access_token: Scalar<'a>,
    #[serde(borrow)]
    expires_in: Scalar<'a>,
}

/// Reads the reply to a token request.
pub(super) fn read(
    response: &HttpResponse,
    asked: &str,
    secrets: &[&str],
) -> Result<NewToken<Token>, Error> {
    let TokenReply { result, message, code, access_token, expires_in } =
        transport::read_json(response)?;
    let wrong =
        |what: &str| Error::new(ErrorKind::Protocol, format!("Payple's token reply {what}"));

    result_code::check(response, Phase::Token, &result, &message, secrets)?;
    if code.as_str() != asked {
        return Err(wrong("does not echo the code of the request"));
    }
    let token = Token::new(access_token.as_str())
        .ok_or_else(|| wrong("has an access_token that cannot be sent back"))?;
    Ok(NewToken { token, lifetime_ms: lifetime_ms(expires_in.as_str()) })
}

/// How long a token may be kept: what Payple says, at most 60 s, less a margin for the way there
/// and back. A lifetime that is missing, no number or not positive keeps nothing: the token serves
/// the question at hand.
fn lifetime_ms(expires_in: &str) -> u64 {
    let lifetime_ms =
        expires_in.trim().parse::<u64>().unwrap_or(0).min(MAX_LIFETIME_S).saturating_mul(1_000);
    let margin_ms = MARGIN_MS.min(lifetime_ms.div_euclid(10));
    lifetime_ms.saturating_sub(margin_ms)
}

fn random_letters_and_digits(random: &mut RandomSource<'_>) -> Result<String, Error> {
    let mut code = String::with_capacity(CODE_CHARS);
    let mut bytes = [0; 2 * CODE_CHARS];
    for _ in 0..16 {
        random(&mut bytes)?;
        // Bytes above the last multiple of 36 are passed over, so that every character is equally
        // likely.
        let fair = bytes.iter().filter(|&&b| usize::from(b) < FAIR_BYTES);
        let chars = fair.filter_map(|&b| ALPHABET.get(usize::from(b).rem_euclid(ALPHABET.len())));
        code.extend(chars.map(|&c| char::from(c)).take(CODE_CHARS.saturating_sub(code.len())));
        if code.len() == CODE_CHARS {
            return Ok(code);
        }
    }
    Err(no_randomness())
}

const CODE_CHARS: usize = 10;
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const FAIR_BYTES: usize = 252;
const MAX_TOKEN_BYTES: usize = 8 * 1024;
const MAX_LIFETIME_S: u64 = 60;
/// A tenth of the life, five seconds at most: a look-up takes about one.
const MARGIN_MS: u64 = 5_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::response;

    fn read_body(body: &str) -> Result<NewToken<Token>, Error> {
        read(&response(200, body), "as12345678", &["abcd1234567890"])
    }

    #[test]
    fn reads_the_sample_of_the_spec() {
        let new = read_body(
            r#"{ "result":"T0000", "message":"처리 성공", "code":"as12345678", "access_token":"eyJhlNDlj...", "token_type":"Bearer", "expires_in":"60" }"#,
        )
        .unwrap();

        assert_eq!(new.token.reveal(), "eyJhlNDlj...");
        assert_eq!(new.lifetime_ms, 55_000);
    }

    #[test]
    fn a_lifetime_is_capped_and_an_unreadable_one_keeps_nothing() {
        assert_eq!(lifetime_ms("60"), 55_000);
        assert_eq!(lifetime_ms("999999"), 55_000);
        assert_eq!(lifetime_ms("10"), 9_000);
        for nothing in ["", "0", "-1", "abc", "1.5", "99999999999999999999999"] {
            assert_eq!(lifetime_ms(nothing), 0, "{nothing:?}");
        }
    }

    #[test]
    fn a_wrong_echo_is_refused() {
        let error = read_body(
            r#"{"result":"T0000","code":"xx12345678","access_token":"t","expires_in":"60"}"#,
        )
        .err()
        .unwrap();

        assert_eq!(error.kind(), ErrorKind::Protocol);
    }

    #[test]
    fn a_token_that_cannot_be_a_header_is_refused() {
        for token in ["", "a\\nb", "a b", "토큰", "a\\u0000"] {
            let error = read_body(&format!(
                r#"{{"result":"T0000","code":"as12345678","access_token":"{token}"}}"#
            ))
            .err()
            .unwrap();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{token:?}");
        }
    }

    #[test]
    fn a_token_of_eight_kibibytes_is_the_longest() {
        assert!(Token::new(&"t".repeat(8_192)).is_some());
        assert!(Token::new(&"t".repeat(8_193)).is_none());
    }

    #[test]
    fn refusals_keep_payples_code() {
        let error = |result: &str| {
            read_body(&format!(r#"{{"result":"{result}","message":"custKey abcd1234567890"}}"#))
                .err()
                .unwrap()
        };

        assert_eq!(error("T0300").kind(), ErrorKind::Authentication);
        assert_eq!(error("T0300").code(), Some("T0300"));
        assert!(!error("T0300").message().contains("abcd1234567890"));
        assert_eq!(error("T0997").kind(), ErrorKind::Unavailable);
        assert_eq!(error("A0001").kind(), ErrorKind::Unavailable);
        assert_eq!(error("T0999").kind(), ErrorKind::Unavailable);
        assert_eq!(error("T0399").kind(), ErrorKind::Authentication);
        assert_eq!(error("N0101").kind(), ErrorKind::Authentication);
        assert_eq!(error("").kind(), ErrorKind::Protocol);
    }

    #[test]
    fn a_code_is_ten_characters_with_a_letter_and_a_digit() {
        let mut seed = 7_u32;
        let mut draw = |bytes: &mut [u8]| {
            for byte in bytes {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (seed >> 24) as u8;
            }
            Ok(())
        };
        for _ in 0..1_000 {
            let code = random_code(&mut draw).unwrap();
            assert_eq!(code.len(), 10);
            assert!(code.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(code.bytes().any(|b| b.is_ascii_digit()));
            assert!(code.bytes().any(|b| b.is_ascii_alphabetic()));
        }
    }

    #[test]
    fn a_broken_random_source_is_an_error_and_no_endless_loop() {
        for stuck in [0_u8, 30, 255] {
            let mut draw = |bytes: &mut [u8]| {
                bytes.fill(stuck);
                Ok(())
            };
            assert_eq!(random_code(&mut draw).unwrap_err().kind(), ErrorKind::Internal);
        }
    }

    #[test]
    fn a_byte_that_would_make_some_letters_likelier_is_passed_over() {
        // 252 stands for the letter a once too often, 26 for a digit: of digits alone there is no
        // code.
        let mut draw = |bytes: &mut [u8]| {
            bytes
                .iter_mut()
                .enumerate()
                .for_each(|(at, byte)| *byte = if at % 2 == 0 { 252 } else { 26 });
            Ok(())
        };
        assert_eq!(random_code(&mut draw).unwrap_err().kind(), ErrorKind::Internal);
    }
}
