//! What JavaScript does for the core: network, clock, timers, randomness, the shared store, events.

use std::collections::BTreeMap;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::columns::{Columns, WithoutRequests};
use super::executor::Operation;
use super::json;
use crate::error::Error;
use crate::payout::PayoutRequestGroup;
use crate::runtime::{Exchange, Report, Runtime, no_randomness};
use crate::transport::{self, HttpRequest, HttpResponse, SendError};

#[wasm_bindgen]
extern "C" {
    /// `src/npm/js/host.mjs`. Everything slow is begun under a number and reported by `complete(number, …)`,
    /// never before the call that began it has returned.
    #[derive(Clone)]
    pub type Host;

    #[wasm_bindgen(method)]
    fn now(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    fn random(this: &Host, bytes: &mut [u8]) -> bool;
    /// `headers` is a JSON object, and `body` is JSON.
    #[wasm_bindgen(method)]
    fn send(this: &Host, operation: u32, url: &str, headers: &str, body: &str, timeout_ms: f64);
    #[wasm_bindgen(method)]
    fn sleep(this: &Host, operation: u32, duration_ms: f64);
    #[wasm_bindgen(method, js_name = loadToken)]
    fn load_token(this: &Host, operation: u32, service: &str);
    #[wasm_bindgen(method, js_name = saveToken)]
    fn save_token(this: &Host, operation: u32, service: &str, token: &str, lifetime_ms: f64);
    #[wasm_bindgen(method, js_name = deleteToken)]
    fn delete_token(this: &Host, operation: u32, service: &str);
    /// Whether anybody hears reports.
    #[wasm_bindgen(method, getter)]
    fn listens(this: &Host) -> bool;
    #[wasm_bindgen(method)]
    fn report(this: &Host, json: &str);
    #[wasm_bindgen(method, js_name = reportStart)]
    fn report_start(this: &Host, json: &str);
    /// The operation's outcome is not wanted any more, or has been taken.
    #[wasm_bindgen(method)]
    pub fn cancel(this: &Host, operation: u32);
    /// A look-up is over: an answer, or an error where it is not `ok`, as JSON.
    #[wasm_bindgen(method)]
    fn settle(this: &Host, task: u32, ok: bool, json: &str);
    /// The same for a payout group: JSON without its requests, and these as [`Columns`].
    #[wasm_bindgen(method, js_name = settleGroup)]
    fn settle_group(this: &Host, task: u32, json: &str, texts: &str, places: &[u32], won: &[f64]);

    /// What `send` completes with.
    #[wasm_bindgen]
    pub type JsReply;
    #[wasm_bindgen(method, getter)]
    fn status(this: &JsReply) -> u16;
    #[wasm_bindgen(method, getter, js_name = retryAfterS)]
    fn retry_after_s(this: &JsReply) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn length(this: &JsReply) -> usize;
    #[wasm_bindgen(method, js_name = writeTo)]
    fn write_to(this: &JsReply, memory: &mut [u8]);
}

/// What a look-up came to.
pub(super) enum Settled {
    /// JSON.
    Answer(String),
    /// A payout group: its rows become objects on JavaScript's side of the border, which costs a fraction.
    Group(Box<PayoutRequestGroup>),
    /// JSON.
    Error(String),
}

impl Settled {
    pub(super) fn tell(self, host: &Host, task: u32) {
        match self {
            Self::Answer(answer) => host.settle(task, true, &answer),
            Self::Error(error) => host.settle(task, false, &error),
            Self::Group(group) => {
                let Columns { texts, places, won } = Columns::new(group.requests());
                host.settle_group(
                    task,
                    &json(&WithoutRequests::new(&group)),
                    &texts,
                    &places,
                    &won,
                );
            }
        }
    }
}

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
            service: report.service,
            phase: report.phase.name(),
            attempt: report.attempt,
            status: report.http_status,
            duration_ms: report.duration_ms,
            kind: report.error.map(|error| error.kind().name()),
            code: report.error.and_then(Error::code),
        };
        self.0.report(&json(&event));
    }
}

/// What came back, its body copied once into this module's memory.
pub(super) fn response_of(reply: &JsReply) -> Result<HttpResponse, SendError> {
    let mut body = vec![0; reply.length()];
    reply.write_to(&mut body);
    transport::response_of(reply.status(), reply.retry_after_s().map(whole), body)
}

/// Milliseconds as JavaScript counts them: exact for 285,000 years.
#[allow(clippy::cast_precision_loss, reason = "below 2^53")]
fn as_number(ms: u64) -> f64 {
    ms as f64
}

/// A float becomes the nearest integer that fits; NaN becomes 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
fn whole(number: f64) -> u64 {
    number as u64
}
