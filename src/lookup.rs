//! The flow, written once for both services: have a pass or get one, ask with it, replace it once if it is refused.
//!
//! It does no I/O of its own, reads no clock and draws no random number: the [`Runtime`] does, and a test can vary
//! all of it. It knows no service by name: the [`Service`] says what is sent and what a reply means.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Kind, Phase};
use crate::json;
use crate::retry;
use crate::secret::Secret;
use crate::wire::{Exchange, Reply, SendError};

/// One service's look-ups, with the pass held for them. Cheap to clone; clones share the pass.
///
/// `M` says how concurrent callers meet at one authentication: [`Apart`], or a [`Meeting`] that lets them share it:
/// [`Together`](crate::together::Together) or [`OneAhead`](crate::one_ahead::OneAhead).
pub struct Desk<S: Service, M: Meeting<Pass> = Apart>(Arc<Counter<M, S>>);

/// A desk as the flow sees it. `A` is the service or, in the flow itself, whatever service: so the flow is not only
/// written once, but compiled once as well.
struct Counter<M, A: ?Sized = dyn Authority> {
    meeting: M,
    till: Till<A>,
}

/// The pass in hand, and how to come by another one.
struct Till<A: ?Sized = dyn Authority> {
    kept: Mutex<Kept>,
    service: A,
}

#[derive(Default)]
struct Kept {
    pass: Option<Pass>,
    /// The youngest pass that Payple turned down: a shared store may still offer it, or an even older one.
    refused: Option<Mark>,
}

impl<S: Service, M: Meeting<Pass>> Desk<S, M> {
    /// A desk without a pass.
    pub fn new(service: S) -> Self {
        Self(Arc::new(Counter {
            meeting: M::default(),
            till: Till { kept: Mutex::default(), service },
        }))
    }

    /// Answers one question: with the pass in hand or a new one, which is replaced at most once.
    pub async fn look_up<R: Runtime>(
        &self,
        question: &S::Question,
        runtime: &R,
        call: Call,
    ) -> Result<S::Answer, Error> {
        let service = &self.0.till.service;
        service.ready(question)?;
        let mut asking = Asking { service, question, answer: None };
        self.counter().answer(&mut asking, runtime, call).await?;
        asking.answer.ok_or_else(|| Error::new(Kind::Internal, "the reply was not read"))
    }

    /// A broker's answer to [`Runtime::broker`]: the pass in hand or a new one, as text, and not the `refused` one.
    ///
    /// Only the pass in hand can be thrown away: of many reports of one pass the first replaces it, and a late one
    /// finds another in hand.
    pub async fn hand_out<R: Runtime>(
        &self,
        refused: Option<&str>,
        runtime: &R,
        call: Call,
    ) -> Result<String, Error> {
        let desk = self.counter();
        let mut pass = desk.pass(runtime, call).await?;
        if refused.is_some_and(|refused| pass.serial.to_text() == refused) {
            desk.till.throw_away(&pass, runtime).await;
            pass = desk.pass(runtime, call).await?;
        }
        pass.to_text().ok_or_else(|| Error::new(Kind::Internal, "the pass could not be written"))
    }

    fn counter(&self) -> Arc<Counter<M>> {
        self.0.clone()
    }
}

impl<M: Meeting<Pass>> Counter<M> {
    /// Has a question answered, with a new pass where the first is refused.
    async fn answer<R: Runtime>(
        self: Arc<Self>,
        question: &mut dyn Step,
        runtime: &R,
        call: Call,
    ) -> Result<(), Error> {
        let mut is_replaced = false;
        loop {
            let pass = self.pass(runtime, call).await?;
            match perform(question, &pass.held, runtime, call).await {
                Err(refusal) if refusal.refuses_pass() && !is_replaced => {
                    self.till.throw_away(&pass, runtime).await
                }
                outcome => return outcome,
            }
            is_replaced = true;
        }
    }

    /// The pass in hand, or one that all concurrent callers may share.
    async fn pass<R: Runtime>(self: &Arc<Self>, runtime: &R, call: Call) -> Result<Pass, Error> {
        if let Some(pass) = self.till.kept().usable(runtime.now_ms()) {
            return Ok(pass);
        }
        let (desk, world) = (Arc::clone(self), runtime.clone());
        self.meeting.join(runtime, async move { desk.till.obtain(&world, call).await }).await
    }
}

impl Till {
    /// A pass from the shared store, or else from the broker, or else from Payple; kept in memory and in the store.
    async fn obtain<R: Runtime>(&self, runtime: &R, call: Call) -> Result<Pass, Error> {
        if let Some(pass) = self.load(runtime).await {
            self.kept().keep(&pass);
            return Ok(pass);
        }
        if let Some(outcome) = self.ask_broker(runtime).await {
            return outcome;
        }
        let mut authentication =
            Authentication { authority: &self.service, runtime, asked: None, pass: None };
        perform(&mut authentication, &Held::default(), runtime, call).await?;
        let pass = authentication
            .pass
            .ok_or_else(|| Error::new(Kind::Internal, "the pass was not read"))?;
        let now_ms = runtime.now_ms();
        if pass.is_usable(now_ms) {
            self.kept().keep(&pass);
            if let Some(text) = pass.to_text() {
                runtime
                    .save(self.service.name(), text, pass.expires_at_ms.saturating_sub(now_ms))
                    .await;
            }
        }
        Ok(pass)
    }

    /// What the shared store holds, if it is whole, in time, and not the pass refused last.
    async fn load<R: Runtime>(&self, runtime: &R) -> Option<Pass> {
        let text = runtime.load(self.service.name()).await?;
        let pass = self.read_pass(&text)?;
        (pass.is_usable(runtime.now_ms()) && self.kept().believes(&pass)).then_some(pass)
    }

    /// The pass that the broker hands out, or what Payple told it. It is the broker that puts the pass into the store.
    async fn ask_broker<R: Runtime>(&self, runtime: &R) -> Option<Result<Pass, Error>> {
        let refused = self.kept().refused.map(|refused| refused.serial);
        let text = match runtime.broker(self.service.name(), refused.map(Serial::to_text)).await? {
            Ok(text) => text,
            Err(error) => return Some(Err(error)),
        };
        let pass = self.read_pass(&text).filter(|pass| refused != Some(pass.serial))?;
        if pass.is_usable(runtime.now_ms()) {
            self.kept().keep(&pass);
        }
        Some(Ok(pass))
    }

    fn read_pass(&self, text: &str) -> Option<Pass> {
        Pass::from_text(text).filter(|pass| self.service.accepts(&pass.held))
    }

    /// Forgets a refused pass, here and in the store; a newer one stays.
    async fn throw_away<R: Runtime>(&self, pass: &Pass, runtime: &R) {
        if self.kept().refuse(pass) {
            runtime.forget(self.service.name()).await;
        }
    }

    /// Never held over an `await`.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn usable(&self, now_ms: u64) -> Option<Pass> {
        self.pass.as_ref().filter(|pass| pass.is_usable(now_ms)).cloned()
    }

    fn keep(&mut self, pass: &Pass) {
        self.pass = Some(pass.clone());
    }

    /// Whether a pass from the shared store may be good: neither the refused one nor one from before it.
    fn believes(&self, pass: &Pass) -> bool {
        self.refused.is_none_or(|refused| {
            refused.serial != pass.serial && refused.issued_at_ms <= pass.issued_at_ms
        })
    }

    /// Whether this is news: the first of many callers to report the same pass, and not too late.
    fn refuse(&mut self, pass: &Pass) -> bool {
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

/// One exchange with Payple: what is sent, and what its reply means. `held` is what the pass in hand holds.
trait Step {
    fn request(&mut self, held: &Held) -> Result<Exchange, Error>;
    fn read(&mut self, reply: Reply, held: &Held) -> Result<(), Error>;
}

/// Gets a pass; so far none is in hand.
struct Authentication<'a, R> {
    authority: &'a dyn Authority,
    runtime: &'a R,
    asked: Option<Asked>,
    pass: Option<Pass>,
}

/// A pass as asked for. It lives from that moment: when it arrives, an unknown part of its life is over.
struct Asked {
    serial: Serial,
    challenge: String,
    at_ms: u64,
}

impl<R: Runtime> Step for Authentication<'_, R> {
    fn request(&mut self, _: &Held) -> Result<Exchange, Error> {
        let mut draw = |bytes: &mut [u8]| self.runtime.random(bytes);
        let serial = Serial::draw(&mut draw)?;
        let (exchange, challenge) = self.authority.authenticate(&mut draw)?;
        self.asked = Some(Asked { serial, challenge, at_ms: self.runtime.now_ms() });
        Ok(exchange)
    }

    fn read(&mut self, reply: Reply, _: &Held) -> Result<(), Error> {
        if let Some(asked) = &self.asked {
            let Issued { held, keep_for_ms } =
                self.authority.read_pass(&reply, &asked.challenge)?;
            let expires_at_ms = asked.at_ms.saturating_add(keep_for_ms);
            self.pass =
                Some(Pass { held, issued_at_ms: asked.at_ms, expires_at_ms, serial: asked.serial });
        }
        Ok(())
    }
}

/// Asks the question itself.
struct Asking<'a, S: Service> {
    service: &'a S,
    question: &'a S::Question,
    answer: Option<S::Answer>,
}

impl<S: Service> Step for Asking<'_, S> {
    fn request(&mut self, held: &Held) -> Result<Exchange, Error> {
        self.service.ask(held, self.question)
    }

    fn read(&mut self, reply: Reply, held: &Held) -> Result<(), Error> {
        self.answer = Some(self.service.read_answer(reply, held, self.question)?);
        Ok(())
    }
}

/// Does a step, and again as long as the error may pass and tries are left. Each exchange is reported.
async fn perform<R: Runtime>(
    step: &mut dyn Step,
    held: &Held,
    runtime: &R,
    call: Call,
) -> Result<(), Error> {
    let mut attempt = 0_u32;
    loop {
        let exchange = step.request(held)?;
        let (service, phase, started_at_ms) = (exchange.service, exchange.phase, runtime.now_ms());
        let sent = runtime.send(exchange, call.timeout_ms).await;
        let status = sent.as_ref().ok().map(|reply| reply.status);
        let outcome =
            sent.map_err(|fault| fault.into_error(phase)).and_then(|reply| step.read(reply, held));
        let duration_ms = runtime.now_ms().saturating_sub(started_at_ms);
        runtime.report(&Report {
            service,
            phase,
            attempt,
            status,
            duration_ms,
            error: outcome.as_ref().err(),
        });
        let Err(error) = outcome else { return Ok(()) };

        let mut random = [0; 4];
        runtime.random(&mut random)?;
        match retry::pause_ms(&error, attempt, call.max_retries, u32::from_le_bytes(random)) {
            Some(pause_ms) => runtime.sleep(pause_ms).await,
            None => return Err(error),
        }
        attempt = attempt.saturating_add(1);
    }
}

impl<S: Service, M: Meeting<Pass>> Clone for Desk<S, M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// What one service sends, and what its replies mean. It does no I/O.
pub trait Service: Authority {
    /// `"hub"` or `"cpay"`.
    const NAME: &'static str;
    /// What is asked.
    type Question;
    /// What is answered.
    type Answer;

    /// Whether this question can be asked at all, before anything is sent.
    fn ready(&self, question: &Self::Question) -> Result<(), Error>;
    /// The request that asks the question with a pass.
    fn ask(&self, held: &Held, question: &Self::Question) -> Result<Exchange, Error>;
    /// The answer in its reply, checked.
    fn read_answer(
        &self,
        reply: Reply,
        held: &Held,
        question: &Self::Question,
    ) -> Result<Self::Answer, Error>;
}

/// The half of a service that is about passes, whatever they are for.
pub trait Authority: 'static {
    /// [`Service::NAME`]: names the pass in stores and reports.
    fn name(&self) -> &'static str;
    /// The request for a pass, and what the reply must answer to. `draw` fills bytes at random.
    fn authenticate(&self, draw: &mut Draw<'_>) -> Result<(Exchange, String), Error>;
    /// The pass in its reply.
    fn read_pass(&self, reply: &Reply, challenge: &str) -> Result<Issued, Error>;
    /// Whether what came back from a shared store is whole, checked like what Payple sends.
    fn accepts(&self, held: &Held) -> bool;
}

/// What a pass holds: secret texts in an order that its service knows.
#[derive(Clone, Default)]
pub struct Held(Arc<Vec<Secret>>);

impl Held {
    /// Takes texts into custody.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        Self(Arc::new(texts.into_iter().map(Secret::new).collect()))
    }

    /// The texts, for the request that carries them; `None` if there are not as many as asked for.
    pub fn reveal<const N: usize>(&self) -> Option<[&str; N]> {
        let texts: Vec<&str> = self.0.iter().map(|text| text.reveal().as_str()).collect();
        texts.try_into().ok()
    }
}

/// Fills bytes at random.
pub type Draw<'a> = dyn FnMut(&mut [u8]) -> Result<(), Error> + 'a;

/// A pass as its service reads it.
pub struct Issued {
    /// What it holds.
    pub held: Held,
    /// How long it may be used, from when it was asked for, margin taken off. 0: for the question at hand alone.
    pub keep_for_ms: u64,
}

/// What the flow needs of the world. Clones share one world.
pub trait Runtime: Clone + 'static {
    /// Sends one request as it is, following no redirect, and reads the reply, body included, within `timeout_ms`.
    fn send(
        &self,
        exchange: Exchange,
        timeout_ms: u64,
    ) -> impl Future<Output = Result<Reply, SendError>>;
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;
    /// Waits.
    fn sleep(&self, duration_ms: u64) -> impl Future<Output = ()>;
    /// Fills `bytes` from a cryptographic source.
    fn random(&self, bytes: &mut [u8]) -> Result<(), Error>;
    /// The pass that a shared store holds for `service`. Any trouble is `None`: it means 'authenticate'.
    fn load(&self, service: &'static str) -> impl Future<Output = Option<String>>;
    /// Puts a pass into the shared store for `keep_for_ms`. Trouble is the store's own affair.
    fn save(
        &self,
        service: &'static str,
        pass: String,
        keep_for_ms: u64,
    ) -> impl Future<Output = ()>;
    /// Takes a refused pass out of the shared store, where that can be done.
    fn forget(&self, service: &'static str) -> impl Future<Output = ()>;
    /// A pass from whoever hands out the same one to all who share it, though never the `refused` one, which is named
    /// by its serial. `None`: there is nobody, or no answer in time; then the flow authenticates by itself. An error is
    /// what Payple answered, and stands.
    fn broker(
        &self,
        service: &'static str,
        refused: Option<String>,
    ) -> impl Future<Output = Option<Result<String, Error>>> {
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
pub struct Pass {
    held: Held,
    issued_at_ms: u64,
    expires_at_ms: u64,
    serial: Serial,
}

impl Pass {
    /// In time; and not issued in the future, which tells of a clock set back: its end cannot be trusted then.
    fn is_usable(&self, now_ms: u64) -> bool {
        now_ms < self.expires_at_ms && self.issued_at_ms <= now_ms.saturating_add(CLOCK_SKEW_MS)
    }

    /// For a shared store: a JSON list of texts.
    fn to_text(&self) -> Option<String> {
        let numbers =
            [self.issued_at_ms.to_string(), self.expires_at_ms.to_string(), self.serial.to_text()];
        let texts: Vec<&str> = numbers
            .iter()
            .map(String::as_str)
            .chain(self.held.0.iter().map(|text| text.reveal().as_str()))
            .collect();
        serde_json::to_string(&texts).ok()
    }

    fn from_text(text: &str) -> Option<Self> {
        let texts: Vec<String> = json::parse(text.as_bytes()).ok()?;
        let [issued_at_ms, expires_at_ms, serial, held @ ..] = &texts[..] else { return None };
        Some(Self {
            held: Held::new(held.iter().cloned()),
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
    fn join<R: Runtime>(
        &self,
        runtime: &R,
        work: impl Future<Output = Result<P, Error>> + 'static,
    ) -> impl Future<Output = Result<P, Error>>;
}

/// Every caller does its own work.
#[derive(Debug, Default, Clone, Copy)]
pub struct Apart;

impl<P> Meeting<P> for Apart {
    fn join<R: Runtime>(
        &self,
        _: &R,
        work: impl Future<Output = Result<P, Error>> + 'static,
    ) -> impl Future<Output = Result<P, Error>> {
        work
    }
}

/// The fault of a runtime without a random source.
pub fn no_randomness() -> Error {
    Error::new(Kind::Internal, "this runtime has no cryptographic random source")
}

/// How far the clocks of two machines that share a store may be apart.
const CLOCK_SKEW_MS: u64 = 5_000;
