//! One authentication per token lifetime, worldwide: a Durable Object that hands out the token of
//! one service.
//!
//! It runs the core's own flow with its storage as the store, so no rule is written twice. Inside
//! an object one request may wait for another's future, unlike in an isolate: a request that comes
//! while an authentication is under way waits for that one. What leaves the object is sealed as it
//! is in KV: an isolate opens it only if both mean the same partner.
//!
//! How isolates ask it, and what they do without it: [`super::broker_client`].

#![allow(unreachable_pub, reason = "wasm_bindgen exports what Rust sees as private")]

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use worker::{Context, DurableObject, Env, Request, Response, State, durable_object};

use super::broker_client::{ADDRESS, HANDED_OUT, MAX_BYTES, OF_NO_HELP, REFUSED_BY_PAYPLE};
use super::object_storage::ObjectStorage;
use super::runtime::EdgeRuntime;
use crate::client::Client;
use crate::config::Config;
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::retry::CallOptions;
use crate::service::Service;
use crate::single_flight::SharedFlight;
use crate::token::IssuedToken;
use crate::worker::http::answer::Answer;
use crate::worker::http::{fetch, response};
use crate::worker::state::IsolateState;

/// The object. There is one for each service, environment and partner: its name is a keyed hash of
/// them.
#[durable_object(fetch)]
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

impl DurableObject for TokenBroker {
    fn new(state: State, env: Env) -> Self {
        let isolate = IsolateState::of(&env);
        let clients =
            isolate.partner.as_ref().and_then(|partner| Clients::new(&partner.config).ok());
        // All that is asked of a context is `waitUntil`, which the state has, too.
        let raw: &JsValue = state.as_raw().as_ref();
        let context = Context::new(raw.clone().unchecked_into());
        let storage = ObjectStorage::new(state.storage());
        Self { clients, runtime: EdgeRuntime::of_object(storage, isolate, &env, Rc::new(context)) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let answer = self.answer(request.inner()).await.unwrap_or(Answer::empty(OF_NO_HELP));
        Ok(response::of(&answer).into())
    }
}

impl TokenBroker {
    async fn answer(&self, request: &web_sys::Request) -> Option<Answer> {
        let rejected = String::from_utf8(fetch::read(request, MAX_BYTES).await.ok()?).ok()?;
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
                serde_json::to_vec(&error).ok().filter(|_| error.http_status.is_some())?,
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
