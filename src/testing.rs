//! A runtime for tests: clock, network, store, broker and chance in one hand. Not part of the
//! public API.
//!
//! Time passes where somebody sleeps, a millisecond at each poll, and who sleeps lets others run.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests alone use it")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use crate::error::Error;
use crate::runtime::{Exchange, Report, Runtime, no_randomness};
use crate::transport::{HttpRequest, HttpResponse, SendError};

/// The world as a test wants it. Clones share one world.
#[derive(Clone)]
pub struct FakeRuntime(Rc<State>);

/// A request that was sent.
#[derive(Clone)]
pub struct Sent {
    /// Where it went.
    pub url: String,
    /// Names in small letters.
    pub headers: BTreeMap<String, String>,
    /// JSON.
    pub body: serde_json::Value,
}

type Answer = dyn Fn(&FakeRuntime, &Sent) -> Result<HttpResponse, SendError>;
type Broker = dyn Fn(Option<String>) -> Option<Result<String, Error>>;

struct State {
    now_ms: Cell<u64>,
    random: Cell<Random>,
    answer: RefCell<Rc<Answer>>,
    sent: RefCell<Vec<Sent>>,
    slept_ms: RefCell<Vec<u64>>,
    store: RefCell<BTreeMap<&'static str, String>>,
    store_deletes: Cell<bool>,
    broker: RefCell<Option<Rc<Broker>>>,
    reports: RefCell<Vec<String>>,
}

/// Where random bytes come from.
#[derive(Debug, Clone, Copy)]
pub enum Random {
    /// From a sequence that looks random, after this number.
    Seed(u32),
    /// 0, 7, 14 and so on, again at every call: what is made of them is known before.
    Counting,
    /// There is none.
    Missing,
}

impl FakeRuntime {
    /// The time at which every world begins.
    pub const START_MS: u64 = 1_700_000_000_000;

    /// A world in which nobody answers.
    pub fn new() -> Self {
        Self(Rc::new(State {
            now_ms: Cell::new(Self::START_MS),
            random: Cell::new(Random::Seed(1)),
            answer: RefCell::new(Rc::new(|_, _| Err(SendError::Unreachable))),
            sent: RefCell::default(),
            slept_ms: RefCell::default(),
            store: RefCell::default(),
            store_deletes: Cell::new(true),
            broker: RefCell::default(),
            reports: RefCell::default(),
        }))
    }

    /// Requests are answered by `answer` from now on.
    pub fn answer_by(
        &self,
        answer: impl Fn(&Self, &Sent) -> Result<HttpResponse, SendError> + 'static,
    ) {
        *self.0.answer.borrow_mut() = Rc::new(answer);
    }

    /// Everything that was sent.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.sent.borrow().clone()
    }

    /// How many requests went to an address that ends like this.
    pub fn sent_to(&self, end: &str) -> usize {
        self.0.sent.borrow().iter().filter(|sent| sent.url.ends_with(end)).count()
    }

    /// All pauses.
    pub fn slept_ms(&self) -> Vec<u64> {
        self.0.slept_ms.borrow().clone()
    }

    /// All reports, a line each: service, phase, attempt, HTTP status, kind of error.
    pub fn reports(&self) -> Vec<String> {
        self.0.reports.borrow().clone()
    }

    /// Lets time pass.
    pub fn pass_ms(&self, ms: u64) {
        self.0.now_ms.set(self.0.now_ms.get() + ms);
    }

    /// Sets the clock forward or back.
    pub fn jump_ms(&self, ms: i64) {
        self.0.now_ms.set(self.0.now_ms.get().saturating_add_signed(ms));
    }

    /// Where random bytes come from.
    pub fn set_random(&self, random: Random) {
        self.0.random.set(random);
    }

    /// The shared store, by service.
    pub fn store(&self) -> &RefCell<BTreeMap<&'static str, String>> {
        &self.0.store
    }

    /// Whether the store takes out what it is told to.
    pub fn set_store_deletes(&self, deletes: bool) {
        self.0.store_deletes.set(deletes);
    }

    /// Tokens come from `broker` from now on, or from none.
    pub fn set_broker(
        &self,
        broker: Option<impl Fn(Option<String>) -> Option<Result<String, Error>> + 'static>,
    ) {
        *self.0.broker.borrow_mut() = broker.map(|broker| Rc::new(broker) as Rc<Broker>);
    }

    /// The same world without its broker, for as long as `act` takes.
    pub fn without_broker<T>(&self, act: impl FnOnce() -> T) -> T {
        let broker = self.0.broker.take();
        let result = act();
        *self.0.broker.borrow_mut() = broker;
        result
    }
}

impl Default for FakeRuntime {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FakeRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeRuntime")
    }
}

impl Runtime for FakeRuntime {
    async fn send(&self, request: HttpRequest, _: u64) -> Result<HttpResponse, SendError> {
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let sent = Sent {
            url: request.uri().to_string(),
            headers: request.headers().iter().map(header).collect(),
            body: serde_json::from_str(request.body().reveal()).unwrap(),
        };
        self.0.sent.borrow_mut().push(sent.clone());
        let answer = Rc::clone(&self.0.answer.borrow());
        answer(self, &sent)
    }

    fn now_ms(&self) -> u64 {
        self.0.now_ms.get()
    }

    async fn sleep(&self, duration_ms: u64) {
        self.0.slept_ms.borrow_mut().push(duration_ms);
        let until_ms = self.now_ms() + duration_ms;
        poll_fn(|context| {
            if self.now_ms() >= until_ms {
                return Poll::Ready(());
            }
            self.pass_ms(1);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        match self.0.random.get() {
            Random::Missing => return Err(no_randomness()),
            Random::Counting => {
                let mut next = 0_u8;
                for byte in bytes {
                    *byte = next;
                    next = next.wrapping_add(7);
                }
            }
            Random::Seed(mut seed) => {
                for byte in bytes {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [*byte, ..] = seed.to_be_bytes();
                }
                self.0.random.set(Random::Seed(seed));
            }
        }
        Ok(())
    }

    async fn load_token(&self, service: &'static str) -> Option<String> {
        self.0.store.borrow().get(service).cloned()
    }

    async fn save_token(&self, service: &'static str, token: String, _: u64) {
        self.0.store.borrow_mut().insert(service, token);
    }

    async fn delete_token(&self, service: &'static str) {
        if self.0.store_deletes.get() {
            self.0.store.borrow_mut().remove(service);
        }
    }

    async fn ask_broker(
        &self,
        _: &'static str,
        rejected: Option<String>,
    ) -> Option<Result<String, Error>> {
        let broker = self.0.broker.borrow().clone();
        broker?(rejected)
    }

    fn report(&self, report: &Report<'_>) {
        let status = report.http_status.map(|status| format!(" {status}")).unwrap_or_default();
        let kind = report.error.map(|error| format!(" {}", error.kind)).unwrap_or_default();
        let Exchange { service, phase, attempt } = report.exchange;
        let line = format!("{service} {} {attempt}{status}{kind}", phase.name());
        self.0.reports.borrow_mut().push(line);
    }
}

/// A reply of this status and body.
pub fn response(status: u16, body: &str) -> HttpResponse {
    http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
}
