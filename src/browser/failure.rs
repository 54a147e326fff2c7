//! Why the Worker gave no answer: its own words (`application/problem+json`), or what stands in for
//! them.

use serde::Serialize;
use serde_with::skip_serializing_none;

use super::answer;
use crate::api::{ApiErrorKind, Problem, ProblemKind};
use crate::error::{Error, ErrorKind, Phase};

/// The details from which JavaScript makes a `PaypleError`.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    kind: ErrorKind,
    message: String,
    retryable: bool,
    code: Option<String>,
    phase: Option<Phase>,
    http_status: Option<u16>,
    hint: Option<String>,
    hint_ko: Option<String>,
    retry_after_ms: Option<f64>,
    request_id: Option<String>,
}

impl Failure {
    /// Reads an error reply. One that is not the Worker's is judged by its status.
    pub(super) fn read(status: u16, body: &str, retry_after_s: Option<&str>) -> Self {
        let stand_in = Self {
            retry_after_ms: retry_after_s.and_then(milliseconds),
            ..Self::of_status(status)
        };
        let Ok(problem) = answer::read::<Problem>(body) else { return stand_in };
        let Problem { detail, kind, code, phase, retryable, hint, hint_ko, request_id, .. } =
            problem;
        Self {
            kind: match kind {
                ProblemKind::Lookup(kind) => kind,
                ProblemKind::Api(ApiErrorKind::SignInNotConfigured) => ErrorKind::InvalidConfig,
                // The Worker's other own kinds are told by their status as well.
                ProblemKind::Api(_) | ProblemKind::Unknown(_) => stand_in.kind,
            },
            message: detail.into_owned(),
            retryable,
            code,
            phase,
            hint,
            hint_ko,
            request_id: Some(request_id),
            ..stand_in
        }
    }

    /// A reply that is neither an answer nor a problem; `fault` completes a sentence.
    pub(super) fn not_understood(status: u16, fault: &str) -> Self {
        let message = format!("{NOT_THE_WORKER}: it {fault}");
        Self { http_status: Some(status), ..Self::new(ErrorKind::Protocol, message) }
    }

    /// No reply at all, or half a one.
    pub(super) fn unreachable() -> Self {
        Self::new(
            ErrorKind::Unavailable,
            "the Worker could not be reached, or the connection broke",
        )
    }

    /// Sent elsewhere to sign in.
    pub(super) fn signed_out() -> Self {
        Self::new(ErrorKind::Authentication, NOT_SIGNED_IN)
    }

    /// The browser refused to form the request.
    pub(super) fn unsendable() -> Self {
        Self::new(ErrorKind::InvalidConfig, "the request cannot be formed: check baseUrl")
    }

    fn of_status(status: u16) -> Self {
        let (kind, message) = match status {
            401 => (ErrorKind::Authentication, NOT_SIGNED_IN),
            429 => (ErrorKind::Unavailable, "too many requests"),
            413 => (ErrorKind::InvalidInput, "the request is too large"),
            504 => (ErrorKind::Timeout, "the Worker did not answer in time"),
            500..=599 => (ErrorKind::Unavailable, "the Worker is not available"),
            _ => (ErrorKind::Protocol, NOT_THE_WORKER),
        };
        Self { http_status: Some(status), ..Self::new(kind, message) }
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retryable: matches!(kind, ErrorKind::Unavailable | ErrorKind::Timeout),
            code: None,
            phase: None,
            http_status: None,
            hint: None,
            hint_ko: None,
            retry_after_ms: None,
            request_id: None,
        }
    }
}

/// For input that the core refuses before anything is sent.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.kind, error.0.message)
    }
}

/// `Retry-After` in its form of whole seconds; a date is not understood.
fn milliseconds(seconds: &str) -> Option<f64> {
    seconds.trim().parse::<u32>().ok().map(|seconds| f64::from(seconds) * 1000.0)
}

const NOT_SIGNED_IN: &str = "not signed in";
const NOT_THE_WORKER: &str = "the reply is not the Worker's";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(kind: &str) -> String {
        json!({
            "type": format!("urn:payple-edge:problem:{kind}"), "title": "", "status": 503, "detail": "why", "kind": kind,
            "retryable": false, "requestId": "r-1",
        })
        .to_string()
    }

    #[test]
    fn a_problem_is_judged_by_its_kind_else_by_its_status() {
        for (kind, status, judged) in [
            ("rejected", 422, ErrorKind::Rejected),
            ("sign_in_not_configured", 503, ErrorKind::InvalidConfig),
            ("not_signed_in", 401, ErrorKind::Authentication),
            ("of_tomorrow", 504, ErrorKind::Timeout),
        ] {
            let failure = Failure::read(status, &problem(kind), Some("7"));
            assert_eq!((failure.kind, failure.message.as_str()), (judged, "why"), "{kind}");
            assert_eq!((failure.retry_after_ms, failure.http_status), (Some(7000.0), Some(status)));
        }
        let failure = Failure::read(502, r#"{"kind":"rejected"}"#, None);
        assert_eq!((failure.kind, failure.request_id), (ErrorKind::Unavailable, None));
    }
}
