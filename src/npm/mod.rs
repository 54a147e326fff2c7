//! Face 1: the npm package, for Node and its kin.
//!
//! JavaScript drives: every entry into the module is a plain call that JavaScript can catch. Were
//! the futures run by a microtask of the module's own, a panic there would be an uncaught exception
//! and the promise would never settle.

#![allow(unreachable_pub, reason = "wasm_bindgen exports what Rust sees as private")]

mod columns;
mod executor;
mod host;
mod options;
mod runtime;

use wasm_bindgen::prelude::*;

use crate::api;
use crate::billing_key::PayerId;
use crate::client::Client;
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::payout::{Expectation, GroupKey};
use crate::retry::CallOptions;
use crate::service::Service;
use crate::single_flight::SharedFlight;
use crate::token::IssuedToken;

use host::{Host, Settled, json};
use runtime::NpmRuntime;

/// One client for each service, and the JavaScript that acts for both.
#[wasm_bindgen]
pub struct Core {
    hub: SharedClient<Hub>,
    cpay: SharedClient<Cpay>,
    runtime: NpmRuntime,
    options: CallOptions,
}

type SharedClient<S> = Client<S, SharedFlight<IssuedToken<<S as Service>::Token>>>;

#[wasm_bindgen]
impl Core {
    /// Checks `options`; throws the details of an error, as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, host: Host) -> Result<Core, JsValue> {
        let options = options::read(&options).map_err(thrown)?;
        // What each still has to say is where its credentials may not go.
        let of = |prefix: &'static str| move |error| thrown(options::named(prefix, &error));
        Ok(Self {
            hub: Client::new(Hub::new(&options.config).map_err(of("origins.hub: "))?),
            cpay: Client::new(Cpay::new(&options.config).map_err(of("origins.cpay: "))?),
            runtime: NpmRuntime::new(host),
            options: options.call,
        })
    }

    /// Begins a payout look-up and returns its number; `host.settle` is called with it later.
    #[wasm_bindgen(js_name = lookupPayoutRequests)]
    pub fn lookup_payout_requests(
        &self,
        group_key: &str,
        timeout_ms: JsValue,
        expect: Option<String>,
    ) -> Result<u32, JsValue> {
        let group_key = GroupKey::new(group_key).map_err(thrown)?;
        let expectation = expect.map(|expect| expectation(&expect)).transpose()?;
        self.begin(&self.hub, group_key, timeout_ms, move |mut group| {
            if let Some(expectation) = &expectation {
                group.compare(expectation);
            }
            Settled::Group(Box::new(group))
        })
    }

    /// Begins a billing-key look-up and returns its number; `host.settle` is called with it later.
    #[wasm_bindgen(js_name = lookupBillingKey)]
    pub fn lookup_billing_key(&self, payer_id: &str, timeout_ms: JsValue) -> Result<u32, JsValue> {
        let payer_id = PayerId::new(payer_id).map_err(thrown)?;
        self.begin(&self.cpay, payer_id, timeout_ms, |key| Settled::Answer(json(&key)))
    }

    fn begin<S: Service>(
        &self,
        client: &SharedClient<S>,
        question: S::Question,
        timeout_ms: JsValue,
        settle: impl FnOnce(S::Answer) -> Settled + 'static,
    ) -> Result<u32, JsValue> {
        let timeout_ms = options::timeout_ms(timeout_ms, crate::error::ErrorKind::InvalidInput)
            .map_err(thrown)?;
        let timeout_ms = timeout_ms.unwrap_or(self.options.timeout_ms);
        let options = CallOptions { timeout_ms, ..self.options };
        let (client, runtime) = (client.clone(), self.runtime.clone());
        let host = runtime.host();
        Ok(executor::spawn(host, async move {
            match client.lookup(&question, &runtime, options).await {
                Ok(answer) => settle(answer),
                Err(error) => Settled::Error(json(&error)),
            }
        }))
    }
}

/// Reviews a group that was fetched before, and compares it with what is expected; all three are
/// JSON.
#[wasm_bindgen(js_name = reviewPayoutRequests)]
pub fn review_payout_requests(group: &str, expect: &str) -> Result<String, JsValue> {
    api::review_payout_requests(group.as_bytes(), expect.as_bytes())
        .map(|review| json(&review))
        .map_err(thrown)
}

fn expectation(json_text: &str) -> Result<Expectation, JsValue> {
    api::read_expectation(json_text.as_bytes()).map_err(thrown)
}

/// Runs what can run. Called after something was begun.
#[wasm_bindgen]
pub fn turn() {
    executor::turn();
}

/// An operation that the host was asked for is over; runs what waited for it.
#[wasm_bindgen]
pub fn complete(operation: u32, ok: bool, value: JsValue) {
    executor::complete(operation, if ok { Ok(value) } else { Err(value) });
    executor::turn();
}

/// Drops a look-up; what it waits for is cancelled unless another look-up waits for it as well.
#[wasm_bindgen]
pub fn cancel(task: u32) {
    executor::cancel(task);
    executor::turn();
}

/// Panics, for the tests of what then happens. Not in the published build.
#[cfg(feature = "fault-injection")]
#[wasm_bindgen(js_name = panicForTests)]
pub fn panic_for_tests() {
    #[allow(clippy::panic, reason = "this is what it is for")]
    {
        panic!("a panic asked for by a test");
    }
}

/// Reads a reply and hands it over as a look-up does, without one: what the benchmark measures. Not
/// in the published build.
#[cfg(feature = "bench")]
#[wasm_bindgen(js_name = decodeForBench)]
pub fn decode_for_bench(
    host: &Host,
    reply: &host::JsReply,
    group_key: &str,
    cst_id: &str,
) -> Result<(), JsValue> {
    let group_key = GroupKey::new(group_key).map_err(thrown)?;
    let response = host::response_of(reply).map_err(|_| JsValue::UNDEFINED)?;
    let credentials = crate::Credentials::new(cst_id, "abcd1234567890").map_err(thrown)?;
    let config = crate::Config::new(crate::Environment::Test, credentials);
    let hub = Hub::new(&config).map_err(thrown)?;
    let token = "token".to_owned().try_into().map_err(|fault: &str| JsValue::from(fault))?;
    let group = hub.read_answer(response, &token, &group_key).map_err(thrown)?;
    Settled::Group(Box::new(group)).tell(host, 0);
    Ok(())
}

fn thrown(error: Error) -> JsValue {
    json(&error).into()
}
