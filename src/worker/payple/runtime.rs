//! The core's runtime for one request: Workers' fetch, clock and timers, and the KV namespace as
//! shared store.
//!
//! KV by its rules: any trouble with it means 'authenticate', never 'fail'. What an entry says of
//! its own end is sealed inside it, and that alone is trusted. Writing back does not hold up the
//! answer.
//!
//! In the broker the object's storage is the store. A new token goes to KV as well, so that
//! isolates find it there; an isolate itself puts none there that it has from the object, for KV
//! takes one write a second.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use worker::worker_sys::Fetcher;
use worker::{Context, Delay, Env, ObjectNamespace};

use super::broker_client;
use super::object_storage::ObjectStorage;
use super::token_cipher::TokenCipher;
use crate::error::{Error, Phase};
use crate::runtime::{Exchange, Report, Runtime, no_randomness};
use crate::transport::{HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, SendError};
use crate::worker::bindings::{EGRESS, TOKEN_BROKER, service};
use crate::worker::crypto;
use crate::worker::http::fetch::{self, Limits};
use crate::worker::kv::Kv;
use crate::worker::log::{self, AuthenticationLine};
use crate::worker::settings::TOKENS;
use crate::worker::state::IsolateState;

/// What one request asks Payple with. Clones share it.
#[derive(Clone)]
pub(crate) struct EdgeRuntime(Rc<Inner>);

struct Inner {
    isolate: Rc<IsolateState>,
    /// The KV namespace, where it is bound.
    tokens: Option<Kv>,
    /// Through which everything is sent to Payple, where it is bound.
    egress: Option<Fetcher>,
    /// Who hands out one token to all isolates, where it is bound.
    broker: Option<ObjectNamespace>,
    /// Of the broker itself, where this is its runtime.
    object: Option<ObjectStorage>,
    context: Rc<Context>,
    counters: Counters,
}

/// What a request cost, for its log line.
#[derive(Default)]
struct Counters {
    authentications: Cell<u32>,
    lookups: Cell<u32>,
    found_in_kv: Cell<bool>,
    from_broker: Cell<bool>,
}

impl EdgeRuntime {
    pub(crate) fn new(isolate: Rc<IsolateState>, env: &Env, context: Rc<Context>) -> Self {
        let broker = env.durable_object(TOKEN_BROKER).ok();
        Self::with(broker, None, isolate, env, context)
    }

    /// The broker's own: it asks no broker.
    pub(crate) fn of_object(
        object: ObjectStorage,
        isolate: Rc<IsolateState>,
        env: &Env,
        context: Rc<Context>,
    ) -> Self {
        Self::with(None, Some(object), isolate, env, context)
    }

    fn with(
        broker: Option<ObjectNamespace>,
        object: Option<ObjectStorage>,
        isolate: Rc<IsolateState>,
        env: &Env,
        context: Rc<Context>,
    ) -> Self {
        Self(Rc::new(Inner {
            isolate,
            tokens: Kv::new(env, TOKENS),
            egress: service(env, EGRESS),
            broker,
            object,
            context,
            counters: Counters::default(),
        }))
    }

    /// Exchanges with Payple: authentications, lookups.
    pub(crate) fn exchanges(&self) -> (u32, u32) {
        (self.0.counters.authentications.get(), self.0.counters.lookups.get())
    }

    /// Where the token came from.
    pub(crate) fn token_source(&self) -> &'static str {
        let counters = &self.0.counters;
        if counters.authentications.get() > 0 {
            "new"
        } else if counters.from_broker.get() {
            "broker"
        } else if counters.found_in_kv.get() {
            "kv"
        } else {
            "memory"
        }
    }

    async fn find(&self, service: &'static str) -> Option<String> {
        let cipher = self.cipher(service).await?;
        let sealed = match &self.0.object {
            Some(object) => object.get(service).await?,
            None => self.0.tokens.as_ref()?.get(cipher.entry()).await?,
        };
        cipher.open(&sealed).await.ok()
    }

    /// Makes a token fit for a store.
    pub(crate) async fn seal(&self, service: &'static str, token: &str) -> Option<Vec<u8>> {
        self.cipher(service).await?.seal(token).await.ok()
    }

    async fn cipher(&self, service: &'static str) -> Option<Rc<TokenCipher>> {
        self.0.isolate.partner.as_ref()?.token_cipher(service).await.ok()
    }
}

impl Inner {
    async fn put(&self, service: &'static str, token: &str, lifetime_ms: u64) -> Option<()> {
        let tokens = self.tokens.as_ref()?;
        let cipher = self.isolate.partner.as_ref()?.token_cipher(service).await.ok()?;
        let sealed = cipher.seal(token).await.ok()?;
        tokens.put(cipher.entry(), &sealed, lifetime_ms.div_ceil(1000)).await;
        Some(())
    }
}

impl Runtime for EdgeRuntime {
    async fn send(&self, request: HttpRequest, timeout_ms: u64) -> Result<HttpResponse, SendError> {
        fetch::exchange(
            request.try_into()?,
            self.0.egress.as_ref(),
            Limits { timeout_ms, max_bytes: MAX_RESPONSE_BYTES },
        )
        .await
    }

    fn now_ms(&self) -> u64 {
        fetch::whole_ms(js_sys::Date::now())
    }

    async fn sleep(&self, duration_ms: u64) {
        Delay::from(Duration::from_millis(duration_ms)).await;
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        crypto::random(bytes).map_err(|_| no_randomness())
    }

    async fn load_token(&self, service: &'static str) -> Option<String> {
        let token = self.find(service).await;
        self.0.counters.found_in_kv.set(token.is_some());
        token
    }

    async fn ask_broker(
        &self,
        service: &'static str,
        rejected: Option<String>,
    ) -> Option<Result<String, Error>> {
        let namespace = self.0.broker.as_ref()?;
        let outcome =
            broker_client::ask(namespace, &*self.cipher(service).await?, service, rejected).await;
        self.0.counters.from_broker.set(outcome.is_some());
        outcome
    }

    async fn save_token(&self, service: &'static str, token: String, lifetime_ms: u64) {
        if let Some(object) = &self.0.object
            && let Some(sealed) = self.seal(service, &token).await
        {
            object.put(service, &sealed).await;
        }
        let inner = Rc::clone(&self.0);
        self.0.context.wait_until(async move {
            inner.put(service, &token, lifetime_ms).await;
        });
    }

    /// From KV nothing: the new token takes the place of the rejected one, and this isolate does
    /// not take that one again. A deletion would only use up the one write a second that KV allows
    /// for a name.
    async fn delete_token(&self, service: &'static str) {
        if let Some(object) = &self.0.object {
            object.delete(service).await;
        }
    }

    fn report_start(&self, exchange: Exchange) {
        let counter = match exchange.phase {
            Phase::Token => &self.0.counters.authentications,
            Phase::Lookup => &self.0.counters.lookups,
        };
        counter.set(counter.get().saturating_add(1));
    }

    /// Of an isolate nothing: it is counted when it begins, and what failed is told by the error
    /// itself.
    fn report(&self, report: &Report<'_>) {
        if self.0.object.is_some() {
            log::write(&AuthenticationLine::of(report));
        }
    }
}
