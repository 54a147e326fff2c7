//! The hub's token: `POST /oauth/token`, valid for 60 seconds, reusable within them.

use serde::Deserialize;

use crate::error::{Error, Kind, Phase};
use crate::json::Scalar;
use crate::lookup::{Draw, Held, Issued, no_randomness};
use crate::wire::{self, Reply};

/// Whether a header can carry a token: opaque, visible ASCII, at most [`MAX_TOKEN_BYTES`] long.
pub(super) fn is_sendable(token: &str) -> bool {
    (1..=MAX_TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
}

/// The `code` of a token request: exactly ten letters and digits, at least one of each, echoed in the reply.
pub(super) fn draw_code(draw: &mut Draw<'_>) -> Result<String, Error> {
    // A draw of ten lacks a letter or a digit once in 25 times; sixteen such draws mean a broken source.
    for _ in 0..16 {
        let code = random_letters_and_digits(draw)?;
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
pub(super) fn read(reply: &Reply, asked: &str, secrets: &[&str]) -> Result<Issued, Error> {
    let phase = Phase::Token;
    let TokenReply { result, message, code, access_token, expires_in } = wire::read(reply, phase)?;
    let wrong = |what: &str| {
        Error::new(Kind::Protocol, format!("Payple's token reply {what}"))
            .with_phase(phase)
            .with_status(reply.status)
    };

    match result.filled() {
        Some(TOKEN_ISSUED) => {}
        Some(code) => return Err(super::refusal(reply, phase, code, message.as_str(), secrets)),
        None => return Err(wire::without_answer(reply, phase, "has no result code")),
    }
    if code.as_str() != asked {
        return Err(wrong("does not echo the code of the request"));
    }
    if !is_sendable(access_token.as_str()) {
        return Err(wrong("has an access_token that cannot be sent back"));
    }
    let held = Held::new([access_token.as_str().to_owned()]);
    Ok(Issued { held, keep_for_ms: keep_for_ms(expires_in.as_str()) })
}

/// How long a token may be kept: what Payple says, at most 60 s, less a margin for the way there and back.
/// A lifetime that is missing, no number or not positive keeps nothing: the token serves the question at hand.
fn keep_for_ms(expires_in: &str) -> u64 {
    let lifetime_ms =
        expires_in.trim().parse::<u64>().unwrap_or(0).min(MAX_LIFETIME_S).saturating_mul(1_000);
    let margin_ms = MARGIN_MS.min(lifetime_ms.div_euclid(10));
    lifetime_ms.saturating_sub(margin_ms)
}

fn random_letters_and_digits(draw: &mut Draw<'_>) -> Result<String, Error> {
    let mut code = String::with_capacity(CODE_CHARS);
    let mut bytes = [0; 2 * CODE_CHARS];
    for _ in 0..16 {
        draw(&mut bytes)?;
        // Bytes above the last multiple of 36 are passed over, so that every character is equally likely.
        let fair = bytes.iter().filter(|&&b| usize::from(b) < FAIR_BYTES);
        let chars = fair.filter_map(|&b| ALPHABET.get(usize::from(b).rem_euclid(ALPHABET.len())));
        code.extend(chars.map(|&c| char::from(c)).take(CODE_CHARS.saturating_sub(code.len())));
        if code.len() == CODE_CHARS {
            return Ok(code);
        }
    }
    Err(no_randomness())
}

const TOKEN_ISSUED: &str = "T0000";
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

    fn read_body(body: &str) -> Result<Issued, Error> {
        let reply = Reply { status: 200, retry_after_ms: None, body: body.as_bytes().to_vec() };
        read(&reply, "as12345678", &["abcd1234567890"])
    }

    #[test]
    fn reads_the_sample_of_the_spec() {
        let issued = read_body(
            r#"{ "result":"T0000", "message":"처리 성공", "code":"as12345678", "access_token":"eyJhlNDlj...", "token_type":"Bearer", "expires_in":"60" }"#,
        )
        .unwrap();

        assert_eq!(issued.held.reveal(), Some(["eyJhlNDlj..."]));
        assert_eq!(issued.keep_for_ms, 55_000);
    }

    #[test]
    fn a_lifetime_is_capped_and_an_unreadable_one_keeps_nothing() {
        assert_eq!(keep_for_ms("60"), 55_000);
        assert_eq!(keep_for_ms("999999"), 55_000);
        assert_eq!(keep_for_ms("10"), 9_000);
        for nothing in ["", "0", "-1", "abc", "1.5", "99999999999999999999999"] {
            assert_eq!(keep_for_ms(nothing), 0, "{nothing:?}");
        }
    }

    #[test]
    fn a_wrong_echo_is_refused() {
        let error = read_body(
            r#"{"result":"T0000","code":"xx12345678","access_token":"t","expires_in":"60"}"#,
        )
        .err()
        .unwrap();

        assert_eq!((error.kind(), error.phase()), (Kind::Protocol, Some(Phase::Token)));
    }

    #[test]
    fn a_token_that_cannot_be_a_header_is_refused() {
        for token in ["", "a\\nb", "a b", "토큰", "a\\u0000"] {
            let error = read_body(&format!(
                r#"{{"result":"T0000","code":"as12345678","access_token":"{token}"}}"#
            ))
            .err()
            .unwrap();
            assert_eq!(error.kind(), Kind::Protocol, "{token:?}");
        }
    }

    #[test]
    fn a_token_of_eight_kibibytes_is_the_longest() {
        assert!(is_sendable(&"t".repeat(8_192)));
        assert!(!is_sendable(&"t".repeat(8_193)));
    }

    #[test]
    fn refusals_keep_payples_code() {
        let error = |result: &str| {
            read_body(&format!(r#"{{"result":"{result}","message":"custKey abcd1234567890"}}"#))
                .err()
                .unwrap()
        };

        assert_eq!(error("T0300").kind(), Kind::Authentication);
        assert_eq!(error("T0300").code(), Some("T0300"));
        assert!(!error("T0300").message().contains("abcd1234567890"));
        assert_eq!(error("T0997").kind(), Kind::Unavailable);
        assert_eq!(error("A0001").kind(), Kind::Unavailable);
        assert_eq!(error("T0999").kind(), Kind::Unavailable);
        assert_eq!(error("T0399").kind(), Kind::Authentication);
        assert_eq!(error("N0101").kind(), Kind::Authentication);
        assert_eq!(error("").kind(), Kind::Protocol);
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
            let code = draw_code(&mut draw).unwrap();
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
            assert_eq!(draw_code(&mut draw).unwrap_err().kind(), Kind::Internal);
        }
    }

    #[test]
    fn a_byte_that_would_make_some_letters_likelier_is_passed_over() {
        // 252 stands for the letter a once too often, 26 for a digit: of digits alone there is no code.
        let mut draw = |bytes: &mut [u8]| {
            bytes
                .iter_mut()
                .enumerate()
                .for_each(|(at, byte)| *byte = if at % 2 == 0 { 252 } else { 26 });
            Ok(())
        };
        assert_eq!(draw_code(&mut draw).unwrap_err().kind(), Kind::Internal);
    }
}
