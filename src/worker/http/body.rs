//! Reads the body of a request: JSON, of bounded size, in bounded time, of exactly the documented
//! form.

use serde_json::Value;
use web_sys::Request;

use super::fetch;
use super::problem::Problem;

use crate::json;
use crate::transport::SendError;
use crate::worker::fields::Fields;
use crate::worker::timeout::timeout;

/// The text in a body of the form `{"<name>": "…"}`.
pub(crate) async fn read_text(request: &Request, name: &'static str) -> Result<String, Problem> {
    parse(&read_bytes(request, MAX_BODY_BYTES).await?, name)
}

/// The fields of a body that is an object; the caller checks each.
pub(crate) async fn read_fields(request: &Request) -> Result<Vec<(String, Value)>, Problem> {
    let bytes = read_bytes(request, MAX_BODY_BYTES).await?;
    match json::parse_object(&bytes) {
        Ok(Fields(fields)) => Ok(fields),
        Err(fault) => Err(Problem::invalid_input(format!("the body {fault}"))),
    }
}

/// The body, if it is said to be JSON; whether it is, is for who parses it.
pub(crate) async fn read_bytes(request: &Request, max_bytes: usize) -> Result<Vec<u8>, Problem> {
    let content_type = request.headers().get("Content-Type").ok().flatten();
    if !content_type.is_some_and(|text| is_json(&text)) {
        return Err(Problem::not_json());
    }
    match timeout(deadline_ms(max_bytes), fetch::read(request, max_bytes)).await {
        Some(Ok(body)) => Ok(body),
        Some(Err(SendError::TooLarge)) => Err(Problem::body_too_large(max_bytes)),
        Some(Err(_)) => Err(Problem::invalid_input("the body broke off")),
        None => Err(Problem::body_timeout()),
    }
}

/// Long enough for the largest body over 1 Mbit/s; who sends half of one does not keep a request
/// open for ever.
fn deadline_ms(max_bytes: usize) -> u64 {
    let sending_ms = max_bytes.div_euclid(BYTES_PER_MS);
    u64::try_from(sending_ms).unwrap_or(u64::MAX).saturating_add(BODY_STARTS_WITHIN_MS)
}

/// A field of another name would be one that the caller thinks of and we do not: it is refused.
fn parse(bytes: &[u8], name: &'static str) -> Result<String, Problem> {
    let fields: Result<Fields<Value>, String> = json::parse_object(bytes);
    let text = fields.and_then(|Fields(fields)| match fields.as_slice() {
        [(field, Value::String(text))] if field == name => Ok(text.clone()),
        _ => Err("has another form".to_owned()),
    });
    text.map_err(|fault| {
        Problem::invalid_input(format!("the body must be {{\"{name}\": \"…\"}}: it {fault}"))
    })
}

/// `application/json`, with any parameters: text is UTF-8 in JSON, whatever they say.
fn is_json(content_type: &str) -> bool {
    content_type
        .split(';')
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

const BYTES_PER_MS: usize = 128;
const BODY_STARTS_WITHIN_MS: u64 = 5_000;
/// A key and its name need a thousandth of it.
const MAX_BODY_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_the_form_or_a_problem_that_does_not_repeat_them(
            bytes in prop_oneof![vec(any::<u8>(), 0..60), pieces(), form()],
        ) {
            match parse(&bytes, "key") {
                Ok(key) => prop_assert_eq!(
                    serde_json::from_slice::<serde_json::Value>(&bytes).ok(),
                    Some(serde_json::json!({ "key": key }))
                ),
                Err(problem) => {
                    let answer = problem.to_answer("id");
                    prop_assert_eq!(answer.status, 400);
                    prop_assert!(
                        !String::from_utf8(answer.body).is_ok_and(|body| body.contains("canary"))
                    );
                }
            }
        }
    }

    fn form() -> impl Strategy<Value = Vec<u8>> {
        r#"[ \n]{0,2}\{"key":"[a-z가]{0,9}"[} ]{1,2}"#.prop_map(String::into_bytes)
    }

    /// Pieces of the form in any order.
    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        let pieces = [
            "{",
            "}",
            "\"key\"",
            ":",
            "\"canary\"",
            ",",
            "[",
            "]",
            "1",
            "null",
            " ",
            "\\",
            "{\"key\":\"canary\"",
        ];
        vec(prop::sample::select(pieces.to_vec()), 0..8)
            .prop_map(|pieces| pieces.concat().into_bytes())
    }

    #[test]
    fn only_json_is_json() {
        for good in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"]
        {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "text/plain;application/json",
            "application/json, text/plain",
        ] {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_the_body() {
        for body in [
            &b"{\"canary\":1}"[..],
            b"{\"key\":\"canary\"",
            b"canary",
            b"[\"canary\"]",
            b"\xff",
            b"",
            b"{\"key\":\"a\"}canary",
        ] {
            let answer = parse(body, "key").unwrap_err().to_answer("id");
            assert_eq!(answer.status, 400);
            assert!(!String::from_utf8(answer.body).unwrap().contains("canary"));
        }
        assert_eq!(parse(b" {\"key\":\"a\"} ", "key").ok().as_deref(), Some("a"));
    }
}
