//! One authentication per pass lifetime, worldwide: a Durable Object that hands out the pass of one service.
//!
//! It runs the core's own flow with its storage as the store, so no rule is written twice. Inside an object one request
//! may wait for another's future, unlike in an isolate: who asks while an authentication is under way waits for that
//! one. What leaves the object is sealed as it is in KV: an isolate opens it only if both mean the same partner.
//!
//! The object saves authentications and is no condition: where it is not bound, fails, or takes more than
//! [`PATIENCE_MS`], the isolate authenticates by itself.

#![allow(unreachable_pub, reason = "wasm_bindgen exports what Rust sees as private")]

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Request, Response};
use worker::worker_sys::DurableObjectState;
use worker::{Context, Env};

use super::answer::Answer;
use super::fetch::{self, Limits, Outgoing};
use super::js::{self, Unknown};
use super::object_store::ObjectStore;
use super::response;
use super::runtime::EdgeRuntime;
use super::vault::Vault;
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::lookup::{Call, Desk, Pass, Service};
use crate::partner::Partner;
use crate::together::Together;

/// Asks the object of this partner's service for a pass that is not the `refused` one.
///
/// `None`: it is of no help. An error is Payple's answer to the object: asking again from here would not better it.
pub(super) async fn ask(
    namespace: &Unknown,
    vault: &Vault,
    service: &'static str,
    refused: Option<String>,
) -> Option<Result<String, Error>> {
    let hint = js::object(&[("locationHint", NEAR_KOREA.into())]).ok()?;
    let stub = namespace.get_by_name(vault.entry(), &hint).ok()?;
    let body = Some(refused.unwrap_or_default().into_bytes());
    let request = Outgoing { url: format!("{ADDRESS}{service}"), headers: Vec::new(), body };
    let limits = Limits { timeout_ms: PATIENCE_MS, max_bytes: MAX_BYTES };
    let reply = fetch::exchange(request, Some(&stub), limits).await.ok()?;
    match reply.status {
        HANDED_OUT => Some(Ok(vault.open(&reply.body).await.ok()?)),
        REFUSED_BY_PAYPLE => Some(Err(Error::from_json(&reply.body)?)),
        _ => None,
    }
}

/// The object. There is one for each service, environment and partner: its name is a keyed hash of them.
///
/// Exported by hand: `worker`'s own `durable_object` reads more of each request than is needed here.
#[wasm_bindgen]
pub struct TokenBroker {
    /// Only where no setting is at fault.
    desks: Option<Desks>,
    runtime: EdgeRuntime,
}

/// An object serves one service, so one of the two stays empty.
struct Desks {
    hub: Shared<Hub>,
    cpay: Shared<Cpay>,
}

type Shared<S> = Desk<S, Together<Pass>>;

#[wasm_bindgen]
impl TokenBroker {
    /// Called by the platform.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        let house = super::house_of(&env);
        let desks = house.office.as_ref().map(|office| Desks::new(&office.partner));
        // All that is asked of a context is `waitUntil`, which the state has, too.
        let context = Context::new(state.clone().unchecked_into());
        Self {
            desks,
            runtime: EdgeRuntime::of_object(ObjectStore::new(state), house, &env, Rc::new(context)),
        }
    }

    /// Called by the platform.
    pub async fn fetch(&self, request: Request) -> Response {
        response::of(&self.answer(&request).await.unwrap_or(Answer::empty(OF_NO_HELP)))
    }
}

impl TokenBroker {
    async fn answer(&self, request: &Request) -> Option<Answer> {
        let refused =
            String::from_utf8(fetch::read(request, &request.headers(), MAX_BYTES).await.ok()?)
                .ok()?;
        let refused = Some(refused.as_str()).filter(|serial| !serial.is_empty());
        let desks = self.desks.as_ref()?;
        let (service, outcome) = match request.url().strip_prefix(ADDRESS)? {
            Hub::NAME => {
                (Hub::NAME, desks.hub.hand_out(refused, &self.runtime, Call::default()).await)
            }
            Cpay::NAME => {
                (Cpay::NAME, desks.cpay.hand_out(refused, &self.runtime, Call::default()).await)
            }
            _ => return None,
        };
        let (status, body) = match outcome {
            Ok(pass) => (HANDED_OUT, self.runtime.seal(service, &pass).await?),
            // Whatever else went wrong may go well elsewhere.
            Err(error) => (
                REFUSED_BY_PAYPLE,
                serde_json::to_vec(&error).ok().filter(|_| error.status().is_some())?,
            ),
        };
        Some(Answer { status, headers: Vec::new(), body })
    }
}

impl Desks {
    fn new(partner: &Partner) -> Self {
        Self { hub: Desk::new(Hub::new(partner)), cpay: Desk::new(Cpay::new(partner)) }
    }
}

/// Longer than Payple takes to authenticate; who has waited for so long is better off alone.
///
/// The test build waits longer, so that what is counted with it does not hang on how busy the machine is.
const PATIENCE_MS: u64 = if cfg!(feature = "fault-injection") { 10_000 } else { 2_000 };

/// Where the object comes to life, if it does so for the first time: Payple is in Korea.
const NEAR_KOREA: &str = "apac";

/// No address at all: a request to an object goes nowhere else. A service's name follows.
const ADDRESS: &str = "https://broker/";

/// The body is the sealed pass.
const HANDED_OUT: u16 = 200;
/// The body is the error.
const REFUSED_BY_PAYPLE: u16 = 422;
const OF_NO_HELP: u16 = 500;

/// A sealed pass is as long as Payple's token and a little more.
const MAX_BYTES: usize = 64 * 1024;
