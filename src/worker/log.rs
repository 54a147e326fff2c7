//! The log: one line of JSON per request, and one audit line per look-up. Never a key, a name, an
//! account or a token.

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::runtime::Report;

/// What happened to one request.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestLine<'a> {
    pub(super) event: &'static str,
    pub(super) request_id: &'a str,
    pub(super) route: &'static str,
    pub(super) status: u16,
    pub(super) kind: Option<&'a str>,
    pub(super) phase: Option<&'static str>,
    /// Payple's.
    pub(super) code: Option<&'a str>,
    pub(super) duration_ms: u64,
    /// Of a look-up.
    pub(super) upstream: Option<Upstream>,
}

/// What a look-up cost at Payple.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Upstream {
    pub(super) authentications: u32,
    pub(super) questions: u32,
    /// `memory`, `kv`, `broker` or `new`.
    pub(super) token: &'static str,
}

/// Who looked up what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditLine<'a> {
    pub(super) event: &'static str,
    pub(super) request_id: &'a str,
    pub(super) who: &'a str,
    pub(super) route: &'static str,
    /// A keyed hash: the same key gives the same hash, and it cannot be turned back.
    pub(super) what: &'a str,
    /// `ok`, or the kind of the error.
    pub(super) outcome: &'static str,
}

/// The admin token was used in live.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmergencyLine<'a> {
    pub(super) event: &'static str,
    pub(super) request_id: &'a str,
    pub(super) who: &'a str,
    pub(super) route: &'static str,
}

/// A day of the access record could not be put into the archive (`archive_failed`), or the daily
/// upkeep of the record broke off (`upkeep_failed`).
#[derive(Serialize)]
pub(super) struct RecordFailedLine<'a> {
    pub(super) event: &'static str,
    pub(super) chain: &'a str,
}

/// No entry of the access record is deleted, because settings are at fault.
#[derive(Serialize)]
pub(super) struct RetentionHeldLine<'a> {
    pub(super) event: &'static str,
    pub(super) chain: &'a str,
    /// Names and what is wrong, no values.
    pub(super) faults: &'a [String],
}

/// What is wrong with the settings: for somebody who can read the log, but cannot sign in
/// because of it.
#[derive(Serialize)]
pub(super) struct FaultsLine<'a> {
    pub(super) event: &'static str,
    /// Names and what is wrong, no values.
    pub(super) faults: &'a [String],
}

/// What the broker asked Payple.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticationLine<'a> {
    pub(super) event: &'static str,
    pub(super) service: &'static str,
    /// Counted from 0.
    pub(super) attempt: u32,
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    /// Payple's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<&'a str>,
    pub(super) duration_ms: u64,
}

impl<'a> AuthenticationLine<'a> {
    pub(super) fn of(report: &Report<'a>) -> Self {
        Self {
            event: "broker",
            service: report.exchange.service,
            attempt: report.exchange.attempt,
            status: report.http_status,
            kind: report.error.map(|error| error.kind.name()),
            code: report.error.and_then(|error| error.code.as_deref()),
            duration_ms: report.duration_ms,
        }
    }
}

/// Writes one line.
pub(super) fn write(line: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(line) {
        worker::console_log!("{text}");
    }
}
