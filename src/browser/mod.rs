//! Face 3: asks the Worker from a web page. No credential of Payple's ever comes here.
//!
//! JavaScript (`js/index.mjs`) keeps the clock and the caller's signal, and settles the caller's
//! promise whatever happens in here: a panic in a microtask would otherwise leave it open for ever.
//! gloo-net panics at a header value that is none and at a signal aborted with anything but an
//! `Error`: it gets neither, since [`Call`] carries the browser's own `Headers` and a signal that
//! only `index.mjs` aborts.

#![allow(unreachable_pub, reason = "wasm_bindgen exports what Rust sees as private")]

mod answer;
mod failure;
mod question;

use gloo_net::http::{Headers, RequestBuilder, Response};
use js_sys::{JSON, JsString, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{AbortSignal, RequestCache, RequestRedirect, ResponseType};

use crate::api::BillingKeysQuestion;
use crate::billing_key::PayerId;
use crate::error::Error;
use crate::payout::GroupKey;
use failure::Failure;
use question::Question;

#[wasm_bindgen]
extern "C" {
    /// How to reach the Worker, for one call: an object of `js/index.mjs`, which no crate knows.
    pub type Call;

    /// Absolute, with a slash at its end.
    #[wasm_bindgen(method, getter)]
    fn base(this: &Call) -> String;

    #[wasm_bindgen(method, getter)]
    fn headers(this: &Call) -> web_sys::Headers;

    #[wasm_bindgen(method, getter)]
    fn signal(this: &Call) -> AbortSignal;
}

/// Resolves to a `PayoutRequestGroup`; `expect` is JSON. Like all of these, throws or rejects with
/// the plain details of an error.
#[wasm_bindgen(js_name = lookupPayoutRequests)]
pub fn lookup_payout_requests(
    call: Call,
    group_key: &str,
    expect: Option<JsString>,
) -> Result<Promise, JsValue> {
    let group_key = GroupKey::new(group_key).map_err(refused)?;
    Ok(ask(call, Question::PayoutRequests(group_key, expect)))
}

/// Resolves to a `BillingKey`.
#[wasm_bindgen(js_name = lookupBillingKey)]
pub fn lookup_billing_key(call: Call, payer_id: &str) -> Result<Promise, JsValue> {
    let payer_id = PayerId::new(payer_id).map_err(refused)?;
    Ok(ask(call, Question::BillingKey(payer_id)))
}

/// Resolves to `{ results }`, one for each key.
#[wasm_bindgen(js_name = lookupBillingKeys)]
pub fn lookup_billing_keys(call: Call, payer_ids: Vec<String>) -> Promise {
    ask(call, Question::BillingKeys(BillingKeysQuestion { payer_ids }))
}

/// Resolves to a `Session`.
#[wasm_bindgen]
pub fn session(call: Call) -> Promise {
    ask(call, Question::Session)
}

/// Exchanges the admin token for a session cookie.
#[wasm_bindgen(js_name = signIn)]
pub fn sign_in(call: Call, token: String) -> Promise {
    ask(call, Question::SignIn(token))
}

/// Ends the session.
#[wasm_bindgen(js_name = signOut)]
pub fn sign_out(call: Call) -> Promise {
    ask(call, Question::SignOut)
}

/// `tell` is called when this instance panics; it can then do nothing more.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(tell: js_sys::Function) {
    std::panic::set_hook(Box::new(move |_| {
        let _ = tell.call0(&JsValue::NULL);
    }));
}

fn ask(call: Call, question: Question) -> Promise {
    future_to_promise(async move {
        #[cfg(feature = "fault-injection")]
        panic_if_asked(&question);
        let response = send(&call, &question).await?;
        read(response, &question).await
    })
}

async fn send(call: &Call, question: &Question) -> Result<Response, JsValue> {
    let request = RequestBuilder::new(&format!("{}{}", call.base(), question.path()))
        .method(question.method())
        .headers(Headers::from_raw(call.headers()))
        .abort_signal(Some(&call.signal()))
        .cache(RequestCache::NoStore)
        // A redirect is Cloudflare Access asking to sign in again; followed, it would look like a
        // broken network.
        .redirect(RequestRedirect::Manual);
    let request = match question.body() {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| plain(&Failure::unsendable()))?;
    request.send().await.map_err(|_| plain(&Failure::unreachable()))
}

async fn read(response: Response, question: &Question) -> Result<JsValue, JsValue> {
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(plain(&Failure::signed_out()));
    }
    let status = response.status();
    if status == 204 && question.wants_no_answer() {
        return Ok(JsValue::UNDEFINED);
    }
    let retry_after_s = response.headers().get("retry-after");
    let text = response.text().await.map_err(|_| plain(&Failure::unreachable()))?;
    if status != 200 {
        return Err(plain(&Failure::read(status, &text, retry_after_s.as_deref())));
    }
    question.check(&text).map_err(|fault| plain(&Failure::not_understood(status, &fault)))?;
    // The caller gets what the browser itself makes of the text, which is faster than handing the
    // models over.
    JSON::parse(&text).map_err(|_| plain(&Failure::not_understood(status, "is not JSON")))
}

/// Panics in a microtask, for the tests of what then happens. Not in the published build.
#[cfg(feature = "fault-injection")]
fn panic_if_asked(question: &Question) {
    #[allow(clippy::panic, reason = "this is what it is for")]
    if matches!(question, Question::BillingKey(key) if key.reveal() == "PANIC_FOR_TESTS") {
        panic!("a panic asked for by a test");
    }
}

fn refused(error: Error) -> JsValue {
    plain(&Failure::from(error))
}

/// The details as a plain object, from which `index.mjs` makes a `PaypleError`.
fn plain(failure: &Failure) -> JsValue {
    serde_wasm_bindgen::to_value(failure).unwrap_or(JsValue::UNDEFINED)
}
