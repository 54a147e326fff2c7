//! One authentication per token lifetime, worldwide: a Durable Object that hands out the token of one service.
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
use crate::client::Client;
use crate::config::Config;
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::retry::CallOptions;
use crate::service::Service;
use crate::single_flight::SharedFlight;
use crate::token::IssuedToken;

/// Asks the object of this partner's service for a token that is not the `rejected` one.
///
/// `None`: it is of no help. An error is Payple's answer to the object: asking again from here would not better it.
pub(super) async fn ask(
    namespace: &Unknown,
    vault: &Vault,
    service: &'static str,
    rejected: Option<String>,
) -> Option<Result<String, Error>> {
    let hint = js::object(&[("locationHint", NEAR_KOREA.into())]).ok()?;
    let stub = namespace.get_by_name(vault.entry(), &hint).ok()?;
    let body = Some(rejected.unwrap_or_default().into_bytes());
    let request = Outgoing { url: format!("{ADDRESS}{service}"), headers: Vec::new(), body };
    let limits = Limits { timeout_ms: PATIENCE_MS, max_bytes: MAX_BYTES };
    let reply = fetch::exchange(request, Some(&stub), limits).await.ok()?;
    match reply.status().as_u16() {
        HANDED_OUT => Some(Ok(vault.open(reply.body()).await.ok()?)),
        REFUSED_BY_PAYPLE => Some(Err(serde_json::from_slice(reply.body()).ok()?)),
        _ => None,
    }
}

/// The object. There is one for each service, environment and partner: its name is a keyed hash of them.
///
/// Exported by hand: `worker`'s own `durable_object` reads more of each request than is needed here.
#[wasm_bindgen]
pub struct TokenBroker {
    /// Only where no setting is at fault.
    clients: Option<Clients>,
    runtime: EdgeRuntime,
}

/// An object serves one service, so one of the two stays empty.
struct Clients {
    hub: SharedClient<Hub>,
    cpay: SharedClient<Cpay>,
}

type SharedClient<S> = Client<S, SharedFlight<IssuedToken<<S as Service>::Token>>>;

#[wasm_bindgen]
impl TokenBroker {
    /// Called by the platform.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        let house = super::house_of(&env);
        let clients = house.office.as_ref().and_then(|office| Clients::new(&office.config).ok());
        // All that is asked of a context is `waitUntil`, which the state has, too.
        let context = Context::new(state.clone().unchecked_into());
        Self {
            clients,
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
        let rejected =
            String::from_utf8(fetch::read(request, &request.headers(), MAX_BYTES).await.ok()?)
                .ok()?;
        let rejected = Some(rejected.as_str()).filter(|id| !id.is_empty());
        let clients = self.clients.as_ref()?;
        let options = CallOptions::default();
        let (service, outcome) = match request.url().strip_prefix(ADDRESS)? {
            Hub::NAME => {
                (Hub::NAME, clients.hub.issue_token(rejected, &self.runtime, options).await)
            }
            Cpay::NAME => {
                (Cpay::NAME, clients.cpay.issue_token(rejected, &self.runtime, options).await)
            }
            _ => return None,
        };
        let (status, body) = match outcome {
            Ok(token) => (HANDED_OUT, self.runtime.seal(service, &token).await?),
            // Whatever else went wrong may go well elsewhere.
            Err(error) => (
                REFUSED_BY_PAYPLE,
                serde_json::to_vec(&error).ok().filter(|_| error.http_status().is_some())?,
            ),
        };
        Some(Answer { status, headers: Vec::new(), body })
    }
}

impl Clients {
    fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self { hub: Client::new(Hub::new(config)?), cpay: Client::new(Cpay::new(config)?) })
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

/// The body is the sealed token.
const HANDED_OUT: u16 = 200;
/// The body is the error.
const REFUSED_BY_PAYPLE: u16 = 422;
const OF_NO_HELP: u16 = 500;

/// A sealed token is as long as Payple's token and a little more.
const MAX_BYTES: usize = 64 * 1024;
