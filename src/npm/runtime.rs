//! The core's runtime in JavaScript: each operation is begun by the host and awaited in the
//! executor.

use std::collections::BTreeMap;

use serde::Serialize;
use wasm_bindgen::JsCast;

use super::executor::Operation;
use super::host::{Host, json, response_of, whole};
use crate::error::Error;
use crate::runtime::{Exchange, Report, Runtime, no_randomness};
use crate::transport::{self, HttpRequest, HttpResponse, SendError};

/// The core's runtime: one client's JavaScript.
#[derive(Clone)]
pub(super) struct NpmRuntime(Host);

impl NpmRuntime {
    pub(super) fn new(host: Host) -> Self {
        Self(host)
    }

    pub(super) fn host(&self) -> Host {
        self.0.clone()
    }

    fn ask(&self, begin: impl FnOnce(&Host, u32)) -> Operation {
        Operation::begin(self.host(), begin)
    }
}

impl Runtime for NpmRuntime {
    async fn send(&self, request: HttpRequest, timeout_ms: u64) -> Result<HttpResponse, SendError> {
        let headers: BTreeMap<String, String> =
            transport::header_texts(&request)?.into_iter().collect();
        let (url, headers) = (request.uri().to_string(), json(&headers));
        let body = request.body().reveal();
        match self.ask(|host, id| host.send(id, &url, &headers, body, as_number(timeout_ms))).await
        {
            Ok(reply) => response_of(&reply.unchecked_into()),
            Err(reason) => Err(match reason.as_string().as_deref() {
                Some("timeout") => SendError::Timeout,
                Some("too_large") => SendError::TooLarge,
                Some("unsendable") => SendError::Unsendable,
                _ => SendError::Unreachable,
            }),
        }
    }

    fn now_ms(&self) -> u64 {
        whole(self.0.now())
    }

    async fn sleep(&self, duration_ms: u64) {
        // A timer does not fail; where it did, going on is right.
        let _ = self.ask(|host, id| host.sleep(id, as_number(duration_ms))).await;
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        if self.0.random(bytes) { Ok(()) } else { Err(no_randomness()) }
    }

    async fn load_token(&self, service: &'static str) -> Option<String> {
        self.ask(|host, id| host.load_token(id, service)).await.ok()?.as_string()
    }

    async fn save_token(&self, service: &'static str, token: String, lifetime_ms: u64) {
        let _ =
            self.ask(|host, id| host.save_token(id, service, &token, as_number(lifetime_ms))).await;
    }

    async fn delete_token(&self, service: &'static str) {
        let _ = self.ask(|host, id| host.delete_token(id, service)).await;
    }

    fn report_start(&self, exchange: Exchange) {
        if !self.0.listens() {
            return;
        }
        #[derive(Serialize)]
        struct Event<'a> {
            service: &'a str,
            phase: &'a str,
            attempt: u32,
        }
        let Exchange { service, phase, attempt, .. } = exchange;
        self.0.report_start(&json(&Event { service, phase: phase.name(), attempt }));
    }

    fn report(&self, report: &Report<'_>) {
        if !self.0.listens() {
            return;
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Event<'a> {
            service: &'a str,
            phase: &'a str,
            attempt: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            status: Option<u16>,
            duration_ms: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            kind: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            code: Option<&'a str>,
        }
        let event = Event {
            service: report.exchange.service,
            phase: report.exchange.phase.name(),
            attempt: report.exchange.attempt,
            status: report.http_status,
            duration_ms: report.duration_ms,
            kind: report.error.map(|error| error.kind.name()),
            code: report.error.and_then(|error| error.code.as_deref()),
        };
        self.0.report(&json(&event));
    }
}

/// Milliseconds as JavaScript counts them: exact for 285,000 years.
#[allow(clippy::cast_precision_loss, reason = "below 2^53")]
fn as_number(ms: u64) -> f64 {
    ms as f64
}
