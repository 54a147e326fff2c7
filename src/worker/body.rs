//! Reads the body of a request: JSON, of bounded size, of exactly the documented form.

use serde::de::DeserializeOwned;
use web_sys::Request;

use super::answer::Problem;
use super::fetch;
use crate::wire::SendError;

/// The body as `T`. `form` says in the error what it should have been.
pub(super) async fn read<T: DeserializeOwned>(request: &Request, max_bytes: usize, form: &'static str) -> Result<T, Problem> {
    let content_type = request.headers().get("Content-Type").ok().flatten();
    if !content_type.is_some_and(|text| is_json(&text)) {
        return Err(Problem::not_json());
    }
    let declared_bytes = request.headers().get("Content-Length").ok().flatten().and_then(|text| text.parse::<usize>().ok());
    if declared_bytes.is_some_and(|bytes| bytes > max_bytes) {
        return Err(Problem::body_too_large(max_bytes));
    }
    let bytes = fetch::read(request, max_bytes).await.map_err(|fault| match fault {
        SendError::TooLarge => Problem::body_too_large(max_bytes),
        _ => Problem::invalid_input("the body broke off"),
    })?;
    parse(&bytes, form)
}

fn parse<T: DeserializeOwned>(bytes: &[u8], form: &'static str) -> Result<T, Problem> {
    // serde would read a list as an object's fields in order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(Problem::invalid_input(format!("the body must be {form}: it is not a JSON object")));
    }
    // serde's own words may repeat what was sent: a key in the wrong place must not turn up in an error.
    serde_json::from_slice(bytes).map_err(|fault| Problem::invalid_input(format!("the body must be {form}: it {}", describe(&fault))))
}

/// Where and how JSON is not what it should be, without repeating any of it.
fn describe(fault: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match fault.classify() {
        Category::Io | Category::Eof => "ends too early",
        Category::Syntax => "is not JSON",
        Category::Data => "is not of the form described",
    };
    format!("{what} (line {}, column {})", fault.line(), fault.column())
}

/// `application/json`, with any parameters: text is UTF-8 in JSON, whatever they say.
fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_json() {
        for good in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"] {
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
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Form {
            #[allow(dead_code, reason = "only its presence matters here")]
            key: String,
        }
        for body in [&b"{\"canary\":1}"[..], b"{\"key\":\"canary\"", b"canary", b"[\"canary\"]", b"\xff", b"", b"{\"key\":\"a\"}canary"] {
            let answer = parse::<Form>(body, "{…}").unwrap_err().to_answer("id");
            assert_eq!(answer.status, 400);
            assert!(!String::from_utf8(answer.body).unwrap().contains("canary"));
        }
        assert!(parse::<Form>(b" {\"key\":\"a\"} ", "{…}").is_ok());
    }
}
