//! Why the Worker gave no answer: its own words (`application/problem+json`), or what stands in for them.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answer::field;
use crate::error::{Error, ErrorKind};

/// The details from which JavaScript makes a `PaypleError`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    kind: &'static str,
    message: String,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint_ko: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl Problem {
    /// Reads an error reply. One that is not the Worker's is judged by its status.
    pub(super) fn read(status: u16, body: &JsValue, retry_after_s: Option<&str>) -> Self {
        let said = |name: &str| field(body, &JsValue::from_str(name));
        let words = |name: &str| said(name).and_then(|value| value.as_string());
        let kind = words("kind").and_then(|name| kind_named(&name));
        let stand_in = Self::of_status(status);
        let stand_in = match kind {
            Some(kind) => Self::new(kind, stand_in.message),
            None => stand_in,
        };
        Self {
            message: words("detail").or_else(|| words("title")).unwrap_or(stand_in.message),
            retryable: said("retryable")
                .and_then(|value| value.as_bool())
                .unwrap_or(stand_in.retryable),
            code: words("code"),
            phase: words("phase"),
            http_status: Some(status),
            hint: words("hint"),
            hint_ko: words("hintKo"),
            retry_after_ms: said("retryAfterMs")
                .and_then(|value| value.as_f64())
                .or_else(|| retry_after_s.and_then(milliseconds)),
            request_id: words("requestId"),
            ..stand_in
        }
    }

    /// A reply that is neither an answer nor a problem.
    pub(super) fn not_understood(status: u16) -> Self {
        Self { http_status: Some(status), ..Self::new(ErrorKind::Protocol, NOT_THE_WORKER) }
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
            kind: kind.name(),
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
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::new(error.kind(), error.message())
    }
}

/// A kind of the core's errors. Most of the Worker's own ones are told by their status as well.
fn kind_named(name: &str) -> Option<ErrorKind> {
    match name {
        "sign_in_not_configured" => Some(ErrorKind::InvalidConfig),
        _ => ErrorKind::ALL.into_iter().find(|kind| kind.name() == name),
    }
}

/// `Retry-After` in its form of whole seconds; a date is not understood.
fn milliseconds(seconds: &str) -> Option<f64> {
    seconds.trim().parse::<u32>().ok().map(|seconds| f64::from(seconds) * 1000.0)
}

const NOT_SIGNED_IN: &str = "not signed in";
const NOT_THE_WORKER: &str = "the reply is not the Worker's";
