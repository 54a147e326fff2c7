//! What JavaScript does for the core: network, clock, timers, randomness, the shared store, events.

use std::mem::take;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::columns::Columns;
use crate::payout::PayoutRequestGroup;
use crate::transport::{self, HttpResponse, SendError};

#[wasm_bindgen]
extern "C" {
    /// `src/npm/js/host.mjs`. Everything slow is begun under a number and reported by
    /// `complete(number, …)`, never before the call that began it has returned.
    #[derive(Clone)]
    pub type Host;

    #[wasm_bindgen(method)]
    pub fn now(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub fn random(this: &Host, bytes: &mut [u8]) -> bool;
    /// `headers` is a JSON object, and `body` is JSON.
    #[wasm_bindgen(method)]
    pub fn send(this: &Host, operation: u32, url: &str, headers: &str, body: &str, timeout_ms: f64);
    #[wasm_bindgen(method)]
    pub fn sleep(this: &Host, operation: u32, duration_ms: f64);
    #[wasm_bindgen(method, js_name = loadToken)]
    pub fn load_token(this: &Host, operation: u32, service: &str);
    #[wasm_bindgen(method, js_name = saveToken)]
    pub fn save_token(this: &Host, operation: u32, service: &str, token: &str, lifetime_ms: f64);
    #[wasm_bindgen(method, js_name = deleteToken)]
    pub fn delete_token(this: &Host, operation: u32, service: &str);
    /// Whether anybody hears reports.
    #[wasm_bindgen(method, getter)]
    pub fn listens(this: &Host) -> bool;
    #[wasm_bindgen(method)]
    pub fn report(this: &Host, json: &str);
    #[wasm_bindgen(method, js_name = reportStart)]
    pub fn report_start(this: &Host, json: &str);
    /// The operation's outcome is not wanted any more, or has been taken.
    #[wasm_bindgen(method)]
    pub fn cancel(this: &Host, operation: u32);
    /// A look-up is over: an answer, or an error where it is not `ok`, as JSON.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Host, task: u32, ok: bool, json: &str);
    /// The same for a payout group: JSON with an empty list of requests, and these as [`Columns`].
    #[wasm_bindgen(method, js_name = settleGroup)]
    pub fn settle_group(
        this: &Host,
        task: u32,
        json: &str,
        texts: &str,
        places: &[u32],
        won: &[f64],
    );

    /// What `send` completes with.
    #[wasm_bindgen]
    pub type JsReply;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &JsReply) -> u16;
    #[wasm_bindgen(method, getter, js_name = retryAfterS)]
    pub fn retry_after_s(this: &JsReply) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn length(this: &JsReply) -> usize;
    #[wasm_bindgen(method, js_name = writeTo)]
    pub fn write_to(this: &JsReply, memory: &mut [u8]);
}

/// What a look-up came to.
pub(super) enum Settled {
    /// JSON.
    Answer(String),
    /// A payout group: its rows become objects on JavaScript's side of the border, which costs a
    /// fraction.
    Group(Box<PayoutRequestGroup>),
    /// JSON.
    Error(String),
}

impl Settled {
    pub(super) fn tell(self, host: &Host, task: u32) {
        match self {
            Self::Answer(answer) => host.settle(task, true, &answer),
            Self::Error(error) => host.settle(task, false, &error),
            Self::Group(mut group) => {
                let Columns { texts, places, won } = Columns::new(&take(&mut group.requests));
                host.settle_group(task, &json(&*group), &texts, &places, &won);
            }
        }
    }
}

/// What came back, its body copied once into this module's memory.
pub(super) fn response_of(reply: &JsReply) -> Result<HttpResponse, SendError> {
    let mut body = vec![0; reply.length()];
    reply.write_to(&mut body);
    transport::response_of(reply.status(), reply.retry_after_s().map(whole), body)
}

/// What JavaScript parses: its own parser makes objects faster than this module could, field by
/// field.
pub(super) fn json(value: &impl Serialize) -> String {
    // Plain texts and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

/// A float becomes the nearest integer that fits; NaN becomes 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}
