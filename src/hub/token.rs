//! The hub's token: `POST /oauth/token`, valid for 60 seconds, reusable within them.

use serde::{Deserialize, Serialize};

use super::result_code;
use crate::error::{Error, ErrorKind, Phase};
use crate::json::Scalar;
use crate::secret::{self, Secret};
use crate::service::{NONCE_BYTES, NewToken, Nonce};
use crate::transport::{self, HttpResponse};

/// The hub's `access_token`: opaque, and known to be what a header can carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Token(#[serde(serialize_with = "secret::reveal")] Secret);

impl Token {
    pub(super) fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// Visible ASCII, at most `MAX_TOKEN_BYTES` long.
impl TryFrom<String> for Token {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let token = Secret::new(text);
        let is_sendable = (1..=MAX_TOKEN_BYTES).contains(&token.reveal().len())
            && token.reveal().bytes().all(|b| b.is_ascii_graphic());
        is_sendable.then_some(Self(token)).ok_or("has an access_token that cannot be sent back")
    }
}

/// The `code` of a token request, which the reply echoes: ten letters and digits, a letter first
/// and a digit last, so that it has one of each.
///
/// It tells one reply from another and is no secret: that a byte makes some characters a little
/// likelier does no harm.
pub(super) fn code_of(nonce: &Nonce) -> String {
    let character = |(place, byte): (usize, &u8)| {
        let byte = u32::from(*byte);
        let value = match place {
            0 => (byte % 26).saturating_add(10),
            LAST_PLACE => byte % 10,
            _ => byte % 36,
        };
        char::from_digit(value, 36)
    };
    nonce.iter().enumerate().filter_map(character).collect()
}

/// The reply to a token request, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct TokenReply<'a> {
    result: Scalar<'a>,
    message: Scalar<'a>,
    code: Scalar<'a>,
    access_token: Scalar<'a>,
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
    let token = Token::try_from(access_token.as_str().to_owned()).map_err(wrong)?;
    Ok(NewToken { token, lifetime_ms: lifetime_ms(expires_in.as_str()) })
}

/// How long a token may be kept: what Payple says, at most 60 s, less a margin for the way there
/// and back. A lifetime that is missing, no number or not positive keeps nothing: the token serves
/// the question at hand.
fn lifetime_ms(expires_in: &str) -> u64 {
    let lifetime_ms =
        expires_in.trim().parse::<u64>().unwrap_or(0).min(MAX_LIFETIME_S).saturating_mul(1_000);
    let margin_ms = MARGIN_MS.min(lifetime_ms / 10);
    lifetime_ms.saturating_sub(margin_ms)
}

const LAST_PLACE: usize = NONCE_BYTES - 1;
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

        assert_eq!(error.kind, ErrorKind::Protocol);
    }

    #[test]
    fn a_token_that_cannot_be_a_header_is_refused() {
        for token in ["", "a\\nb", "a b", "토큰", "a\\u0000"] {
            let error = read_body(&format!(
                r#"{{"result":"T0000","code":"as12345678","access_token":"{token}"}}"#
            ))
            .err()
            .unwrap();
            assert_eq!(error.kind, ErrorKind::Protocol, "{token:?}");
        }
    }

    #[test]
    fn a_token_of_eight_kibibytes_is_the_longest() {
        assert!(Token::try_from("t".repeat(8_192)).is_ok());
        assert!(Token::try_from("t".repeat(8_193)).is_err());
    }

    #[test]
    fn refusals_keep_payples_code() {
        let error = |result: &str| {
            read_body(&format!(r#"{{"result":"{result}","message":"custKey abcd1234567890"}}"#))
                .err()
                .unwrap()
        };

        assert_eq!(error("T0300").kind, ErrorKind::Authentication);
        assert_eq!(error("T0300").code.as_deref(), Some("T0300"));
        assert!(!error("T0300").message.contains("abcd1234567890"));
        assert_eq!(error("T0997").kind, ErrorKind::Unavailable);
        assert_eq!(error("A0001").kind, ErrorKind::Unavailable);
        assert_eq!(error("T0999").kind, ErrorKind::Unavailable);
        assert_eq!(error("T0399").kind, ErrorKind::Authentication);
        assert_eq!(error("N0101").kind, ErrorKind::Authentication);
        assert_eq!(error("").kind, ErrorKind::Protocol);
    }

    #[test]
    fn a_code_is_ten_characters_with_a_letter_and_a_digit() {
        let mut seed = 7_u32;
        for _ in 0..1_000 {
            let nonce = Nonce::default().map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            });
            let code = code_of(&nonce);
            assert_eq!(code.len(), 10);
            assert!(code.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(code.bytes().any(|b| b.is_ascii_digit()));
            assert!(code.bytes().any(|b| b.is_ascii_alphabetic()));
        }
    }

    #[test]
    fn a_code_is_well_formed_whatever_the_nonce() {
        for (drawn, code) in [(0, "a000000000"), (35, "jzzzzzzzz5"), (255, "v333333335")] {
            assert_eq!(code_of(&[drawn; NONCE_BYTES]), code);
        }
    }
}
