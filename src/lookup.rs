//! The flow, written once for both services: have a pass or get one, ask with it, replace it once if it is refused.
//!
//! It does no I/O of its own, reads no clock and draws no random number: the [`Runtime`] does, and a test can vary
//! all of it. It knows no service by name: the [`Service`] says what is sent and what a reply means.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Kind, Phase};
use crate::json::{self, Text};
use crate::retry;
use crate::wire::{Exchange, Reply, SendError};

/// One service's look-ups, with the pass held for them. Cheap to clone; clones share the pass.
///
/// `M` says how concurrent callers meet at one authentication: [`Apart`], or a [`Meeting`] that lets them share it.
pub struct Desk<S: Service, M: Meeting<Pass<S::Held>> = Apart>(Arc<Inner<S, M>>);

struct Inner<S: Service, M> {
    service: S,
    kept: Mutex<Kept<S::Held>>,
    meeting: M,
}

struct Kept<H> {
    pass: Option<Pass<H>>,
    /// The youngest pass that Payple turned down: a shared store may still offer it, or an even older one.
    refused: Option<Mark>,
}

impl<S: Service, M: Meeting<Pass<S::Held>>> Desk<S, M> {
    /// A desk without a pass.
    pub fn new(service: S) -> Self {
        let kept = Mutex::new(Kept { pass: None, refused: None });
        Self(Arc::new(Inner { service, kept, meeting: M::default() }))
    }

    /// Answers one question: with the pass in hand or a new one, which is replaced at most once.
    pub async fn look_up<R: Runtime>(&self, question: &S::Question, runtime: &R, call: Call) -> Result<S::Answer, Error> {
        let desk = &self.0;
        desk.service.ready(question)?;
        let pass = desk.pass(runtime, call).await?;
        match desk.ask(&pass, question, runtime, call).await {
            Err(refusal) if refusal.refuses_pass() => {
                desk.throw_away(&pass, runtime).await;
                let fresh = desk.pass(runtime, call).await?;
                desk.ask(&fresh, question, runtime, call).await
            }
            outcome => outcome,
        }
    }

    /// A broker's answer to [`Runtime::broker`]: the pass in hand or a new one, as text, and not the `refused` one.
    ///
    /// Only the pass in hand can be thrown away: of many reports of one pass the first replaces it, and a late one
    /// finds another in hand.
    pub async fn hand_out<R: Runtime>(&self, refused: Option<&str>, runtime: &R, call: Call) -> Result<String, Error> {
        let desk = &self.0;
        let mut pass = desk.pass(runtime, call).await?;
        if refused.is_some_and(|refused| pass.serial.to_text() == refused) {
            desk.throw_away(&pass, runtime).await;
            pass = desk.pass(runtime, call).await?;
        }
        pass.to_text().ok_or_else(|| Error::new(Kind::Internal, "the pass could not be written"))
    }
}

impl<S: Service, M: Meeting<Pass<S::Held>>> Inner<S, M> {
    /// The pass in hand, or one that all concurrent callers may share.
    async fn pass<R: Runtime>(self: &Arc<Self>, runtime: &R, call: Call) -> Result<Pass<S::Held>, Error> {
        if let Some(pass) = self.kept().usable(runtime.now_ms()) {
            return Ok(pass);
        }
        let (desk, runtime) = (Arc::clone(self), runtime.clone());
        self.meeting.join(async move { desk.obtain(&runtime, call).await }).await
    }

    /// A pass from the shared store, or else from the broker, or else from Payple; kept in memory and in the store.
    async fn obtain<R: Runtime>(&self, runtime: &R, call: Call) -> Result<Pass<S::Held>, Error> {
        if let Some(pass) = self.load(runtime).await {
            self.kept().keep(&pass);
            return Ok(pass);
        }
        if let Some(outcome) = self.ask_broker(runtime).await {
            return outcome;
        }
        let pass = self.authenticate(runtime, call).await?;
        let now_ms = runtime.now_ms();
        if pass.is_usable(now_ms) {
            self.kept().keep(&pass);
            if let Some(text) = pass.to_text() {
                runtime.save(S::NAME, text, pass.expires_at_ms.saturating_sub(now_ms)).await;
            }
        }
        Ok(pass)
    }

    /// What the shared store holds, if it is whole, in time, and not the pass refused last.
    async fn load<R: Runtime>(&self, runtime: &R) -> Option<Pass<S::Held>> {
        let text = runtime.load(S::NAME).await?;
        let pass: Pass<S::Held> = Pass::from_text(&text)?;
        (pass.is_usable(runtime.now_ms()) && self.kept().believes(&pass)).then_some(pass)
    }

    /// The pass that the broker hands out, or what Payple told it. It is the broker that puts the pass into the store.
    async fn ask_broker<R: Runtime>(&self, runtime: &R) -> Option<Result<Pass<S::Held>, Error>> {
        let refused = self.kept().refused.map(|refused| refused.serial);
        let text = match runtime.broker(S::NAME, refused.map(Serial::to_text)).await? {
            Ok(text) => text,
            Err(error) => return Some(Err(error)),
        };
        let pass: Pass<S::Held> = Pass::from_text(&text).filter(|pass| refused != Some(pass.serial))?;
        if pass.is_usable(runtime.now_ms()) {
            self.kept().keep(&pass);
        }
        Some(Ok(pass))
    }

    async fn authenticate<R: Runtime>(&self, runtime: &R, call: Call) -> Result<Pass<S::Held>, Error> {
        retrying(runtime, call, async |attempt| {
            let mut draw = |bytes: &mut [u8]| runtime.random(bytes);
            let serial = Serial::draw(&mut draw)?;
            let (exchange, challenge) = self.service.authenticate(&mut draw)?;
            // The pass lives from when it was asked for: when it arrives, an unknown part of its life is over.
            let issued_at_ms = runtime.now_ms();
            let issued = converse(runtime, call, attempt, exchange, |reply| self.service.read_pass(&reply, &challenge)).await?;
            let expires_at_ms = issued_at_ms.saturating_add(issued.keep_for_ms);
            Ok(Pass { held: issued.held, issued_at_ms, expires_at_ms, serial })
        })
        .await
    }

    async fn ask<R: Runtime>(&self, pass: &Pass<S::Held>, question: &S::Question, runtime: &R, call: Call) -> Result<S::Answer, Error> {
        retrying(runtime, call, async |attempt| {
            let exchange = self.service.ask(&pass.held, question)?;
            converse(runtime, call, attempt, exchange, |reply| self.service.read_answer(reply, &pass.held, question)).await
        })
        .await
    }

    /// Forgets a refused pass, here and in the store; a newer one stays.
    async fn throw_away<R: Runtime>(&self, pass: &Pass<S::Held>, runtime: &R) {
        if self.kept().refuse(pass) {
            runtime.forget(S::NAME).await;
        }
    }

    /// Never held over an `await`.
    fn kept(&self) -> MutexGuard<'_, Kept<S::Held>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<H: Clone> Kept<H> {
    fn usable(&self, now_ms: u64) -> Option<Pass<H>> {
        self.pass.as_ref().filter(|pass| pass.is_usable(now_ms)).cloned()
    }

    fn keep(&mut self, pass: &Pass<H>) {
        self.pass = Some(pass.clone());
    }

    /// Whether a pass from the shared store may be good: neither the refused one nor one from before it.
    fn believes(&self, pass: &Pass<H>) -> bool {
        self.refused.is_none_or(|refused| refused.serial != pass.serial && refused.issued_at_ms <= pass.issued_at_ms)
    }

    /// Whether this is news: the first of many callers to report the same pass, and not too late.
    fn refuse(&mut self, pass: &Pass<H>) -> bool {
        let is_news = match &self.pass {
            // Another pass has taken its place already, in the store as well.
            Some(kept) => kept.serial == pass.serial,
            None => self.believes(pass),
        };
        if is_news {
            self.pass = None;
            self.refused = Some(Mark { serial: pass.serial, issued_at_ms: pass.issued_at_ms });
        }
        is_news
    }
}

/// Does `step` again as long as the error may pass and tries are left.
async fn retrying<T, R: Runtime>(runtime: &R, call: Call, step: impl AsyncFn(u32) -> Result<T, Error>) -> Result<T, Error> {
    let mut attempt = 0_u32;
    loop {
        let error = match step(attempt).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let mut random = [0; 4];
        runtime.random(&mut random)?;
        match retry::pause_ms(&error, attempt, call.max_retries, u32::from_le_bytes(random)) {
            Some(pause_ms) => runtime.sleep(pause_ms).await,
            None => return Err(error),
        }
        attempt = attempt.saturating_add(1);
    }
}

/// One HTTP exchange, read and reported.
async fn converse<T, R: Runtime>(
    runtime: &R,
    call: Call,
    attempt: u32,
    exchange: Exchange,
    read: impl FnOnce(Reply) -> Result<T, Error>,
) -> Result<T, Error> {
    let (service, phase, started_at_ms) = (exchange.service, exchange.phase, runtime.now_ms());
    let sent = runtime.send(exchange, call.timeout_ms).await;
    let status = sent.as_ref().ok().map(|reply| reply.status);
    let outcome = sent.map_err(|fault| fault.into_error(phase)).and_then(read);
    runtime.report(&Report {
        service,
        phase,
        attempt,
        status,
        duration_ms: runtime.now_ms().saturating_sub(started_at_ms),
        error: outcome.as_ref().err(),
    });
    outcome
}

impl<S: Service, M: Meeting<Pass<S::Held>>> Clone for Desk<S, M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// What one service sends, and what its replies mean. It does no I/O.
pub trait Service: 'static {
    /// `"hub"` or `"cpay"`: names the pass in stores and reports.
    const NAME: &'static str;
    /// What a pass holds.
    type Held: Held;
    /// What an authentication's reply is checked against.
    type Challenge;
    /// What is asked.
    type Question;
    /// What is answered.
    type Answer;

    /// Whether this question can be asked at all, before anything is sent.
    fn ready(&self, question: &Self::Question) -> Result<(), Error>;
    /// The request for a pass. `draw` fills bytes at random.
    fn authenticate(&self, draw: &mut Draw<'_>) -> Result<(Exchange, Self::Challenge), Error>;
    /// The pass in its reply.
    fn read_pass(&self, reply: &Reply, challenge: &Self::Challenge) -> Result<Issued<Self::Held>, Error>;
    /// The request that asks the question with a pass.
    fn ask(&self, held: &Self::Held, question: &Self::Question) -> Result<Exchange, Error>;
    /// The answer in its reply, checked.
    fn read_answer(&self, reply: Reply, held: &Self::Held, question: &Self::Question) -> Result<Self::Answer, Error>;
}

/// What a pass holds, as texts for the shared store, which seals them.
pub trait Held: Clone + 'static {
    /// The secrets themselves.
    fn reveal_texts(&self) -> Vec<&str>;
    /// The same again, checked like what Payple sends; `None` if they are not whole.
    fn from_texts(texts: &[&str]) -> Option<Self>;
}

/// Fills bytes at random.
pub type Draw<'a> = dyn FnMut(&mut [u8]) -> Result<(), Error> + 'a;

/// A pass as its service reads it.
pub struct Issued<H> {
    /// What it holds.
    pub held: H,
    /// How long it may be used, from when it was asked for, margin taken off. 0: for the question at hand alone.
    pub keep_for_ms: u64,
}

/// What the flow needs of the world. Clones share one world.
pub trait Runtime: Clone + 'static {
    /// Sends one request as it is, following no redirect, and reads the reply, body included, within `timeout_ms`.
    fn send(&self, exchange: Exchange, timeout_ms: u64) -> impl Future<Output = Result<Reply, SendError>>;
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;
    /// Waits.
    fn sleep(&self, duration_ms: u64) -> impl Future<Output = ()>;
    /// Fills `bytes` from a cryptographic source.
    fn random(&self, bytes: &mut [u8]) -> Result<(), Error>;
    /// The pass that a shared store holds for `service`. Any trouble is `None`: it means 'authenticate'.
    fn load(&self, service: &'static str) -> impl Future<Output = Option<String>>;
    /// Puts a pass into the shared store for `keep_for_ms`. Trouble is the store's own affair.
    fn save(&self, service: &'static str, pass: String, keep_for_ms: u64) -> impl Future<Output = ()>;
    /// Takes a refused pass out of the shared store, where that can be done.
    fn forget(&self, service: &'static str) -> impl Future<Output = ()>;
    /// A pass from whoever hands out the same one to all who share it, though never the `refused` one, which is named
    /// by its serial. `None`: there is nobody, or no answer in time; then the flow authenticates by itself. An error is
    /// what Payple answered, and stands.
    fn broker(&self, service: &'static str, refused: Option<String>) -> impl Future<Output = Option<Result<String, Error>>> {
        let _ = (service, refused);
        ready(None)
    }

    /// Hears of every HTTP exchange.
    fn report(&self, report: &Report<'_>);
}

/// What a caller allows for one look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// For one HTTP exchange, body included.
    pub timeout_ms: u64,
    /// Of a transport failure, a 5xx or a retryable code, per exchange.
    pub max_retries: u32,
}

impl Default for Call {
    fn default() -> Self {
        Self { timeout_ms: 10_000, max_retries: 2 }
    }
}

/// One HTTP exchange as it went. Holds no secret.
#[derive(Debug)]
pub struct Report<'a> {
    /// `"hub"` or `"cpay"`.
    pub service: &'static str,
    /// Authentication or question.
    pub phase: Phase,
    /// Counted from 0.
    pub attempt: u32,
    /// The HTTP status, where there was a reply.
    pub status: Option<u16>,
    /// From sending to the last byte read and checked.
    pub duration_ms: u64,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// Proof of who asks, for a while.
#[derive(Clone)]
pub struct Pass<H> {
    held: H,
    issued_at_ms: u64,
    expires_at_ms: u64,
    serial: Serial,
}

impl<H> Pass<H> {
    /// In time; and not issued in the future, which tells of a clock set back: its end cannot be trusted then.
    fn is_usable(&self, now_ms: u64) -> bool {
        now_ms < self.expires_at_ms && self.issued_at_ms <= now_ms.saturating_add(CLOCK_SKEW_MS)
    }
}

impl<H: Held> Pass<H> {
    /// For a shared store: a JSON list of texts.
    fn to_text(&self) -> Option<String> {
        let numbers = [self.issued_at_ms.to_string(), self.expires_at_ms.to_string(), self.serial.to_text()];
        let texts: Vec<&str> = numbers.iter().map(String::as_str).chain(self.held.reveal_texts()).collect();
        serde_json::to_string(&texts).ok()
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut texts = Vec::new();
        json::read(text.as_bytes(), |json| json.list(&mut |json| json.text().map(|text| texts.push(text)))).ok()?;
        let texts: Vec<&str> = texts.iter().map(Text::as_str).collect();
        let [issued_at_ms, expires_at_ms, serial, held @ ..] = &texts[..] else { return None };
        Some(Self {
            held: H::from_texts(held)?,
            issued_at_ms: issued_at_ms.parse().ok()?,
            expires_at_ms: expires_at_ms.parse().ok()?,
            serial: Serial(serial.parse().ok()?),
        })
    }
}

/// What is remembered of a refused pass.
#[derive(Debug, Clone, Copy)]
struct Mark {
    serial: Serial,
    issued_at_ms: u64,
}

/// Tells one pass from another without showing it. Random, because passes are issued in many places at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Serial(u64);

impl Serial {
    fn draw(draw: &mut Draw<'_>) -> Result<Self, Error> {
        let mut bytes = [0; 8];
        draw(&mut bytes)?;
        Ok(Self(u64::from_le_bytes(bytes)))
    }

    fn to_text(self) -> String {
        self.0.to_string()
    }
}

/// How concurrent callers meet at one authentication.
pub trait Meeting<P>: Default + 'static {
    /// Runs `work`, or waits for the work that another caller brought and takes its result.
    fn join(&self, work: impl Future<Output = Result<P, Error>> + 'static) -> impl Future<Output = Result<P, Error>>;
}

/// Every caller does its own work: right where one request must not wait for another's, as in a Worker isolate.
#[derive(Debug, Default, Clone, Copy)]
pub struct Apart;

impl<P> Meeting<P> for Apart {
    fn join(&self, work: impl Future<Output = Result<P, Error>> + 'static) -> impl Future<Output = Result<P, Error>> {
        work
    }
}

/// The fault of a runtime without a random source.
pub fn no_randomness() -> Error {
    Error::new(Kind::Internal, "this runtime has no cryptographic random source")
}

/// How far the clocks of two machines that share a store may be apart.
const CLOCK_SKEW_MS: u64 = 5_000;
