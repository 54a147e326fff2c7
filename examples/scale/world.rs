//! The simulated world: Payple, isolates in many places, KV with its delays, and the broker. The
//! flow is the crate's own.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use payple_edge::runtime::{Report, Runtime};
use payple_edge::service::Service;
use payple_edge::single_flight::{PollingFlight, SharedFlight};
use payple_edge::transport::{HttpRequest, HttpResponse, SendError};
use payple_edge::{CallOptions, Client, Error, IssuedToken};

use crate::clock::{self, Clock, Us};

/// What is simulated.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) look_ups_per_s: f64,
    pub(crate) locations: usize,
    pub(crate) isolates_per_location: usize,
    pub(crate) kv: Option<KvRules>,
    pub(crate) broker: Option<BrokerRules>,
    /// What the hub says of its tokens.
    pub(crate) token_life_s: u64,
    /// Payple's own time for one authentication.
    pub(crate) payple_ms: f64,
    /// There and back between Korea and the nearest and the farthest location.
    pub(crate) round_trip_ms: [f64; 2],
    /// Counting begins after the first.
    pub(crate) seconds: [f64; 2],
    pub(crate) seed: u64,
}

/// KV as its documentation has it.
#[derive(Clone, Copy)]
pub(crate) struct KvRules {
    /// From the location's own cache.
    pub(crate) hot_read_ms: f64,
    /// From the central store.
    pub(crate) cold_read_ms: f64,
    /// How long a location keeps what it read, a miss as well.
    pub(crate) cache_s: f64,
    /// Until the central store has what was written.
    pub(crate) write_ms: f64,
    /// Another write to the same key within this time is refused.
    pub(crate) write_pause_s: f64,
}

/// The Durable Object.
#[derive(Clone, Copy)]
pub(crate) struct BrokerRules {
    /// Of its one thread, for one request.
    pub(crate) service_ms: f64,
    /// As in the Worker.
    pub(crate) patience_ms: f64,
}

/// What happened in the counted time.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) look_ups: u64,
    pub(crate) authentications: u64,
    pub(crate) kv_reads: u64,
    pub(crate) kv_writes: u64,
    pub(crate) broker_requests: u64,
    pub(crate) broker_writes: u64,
    /// The time in which at least one request was in the object.
    pub(crate) broker_busy_us: Us,
    pub(crate) failures: u64,
    pub(crate) minutes: f64,
}

/// Plays the plan with the look-ups of one service.
pub(crate) fn play<S: Service>(plan: Plan, service: impl Fn() -> S + 'static) -> Counts {
    let end_us = us(plan.seconds[1] * 1e3);
    let counts = Rc::new(Cell::new(Counts::default()));
    clock::run(end_us, |clock| {
        let world = Rc::new(World {
            plan,
            clock: clock.clone(),
            random: Random::new(plan.seed),
            kv: Kv { caches: RefCell::new(vec![None; plan.locations]), ..Kv::default() },
            broker: plan.broker.map(|rules| Broker::new(rules, service())),
            counts: Rc::clone(&counts),
        });
        for location in 0..plan.locations {
            for _ in 0..plan.isolates_per_location {
                let place = Place { world: Rc::clone(&world), location };
                clock.spawn(isolate(place, service()));
            }
        }
    });
    Counts { minutes: (plan.seconds[1] - plan.seconds[0]) / 60.0, ..counts.get() }
}

/// One isolate: look-ups come at random, each of which needs a token.
async fn isolate<S: Service>(place: Place<S>, service: S) {
    let world = &place.world;
    let per_s = world.plan.look_ups_per_s
        / (world.plan.locations * world.plan.isolates_per_location) as f64;
    let client: Client<S, PollingFlight<IssuedToken<S::Token>>> = Client::new(service);
    let in_hand_until_us: Rc<Cell<Us>> = Rc::default();
    loop {
        world.clock.sleep_us(us(world.random.pause_s(per_s) * 1e3)).await;
        let rest_us = in_hand_until_us.get().saturating_sub(world.clock.now_us());
        if rest_us > 0 {
            // With a token in memory a look-up costs nothing here: those until it ends are counted,
            // not played.
            world.count(|counts| counts.look_ups += 1);
            let look_ups = world.random.arrivals(per_s * rest_us as f64 / 1e6);
            world.count(|counts| counts.look_ups += look_ups);
            world.clock.sleep_us(rest_us).await;
            continue;
        }
        world.count(|counts| counts.look_ups += 1);
        let (place, client, in_hand_until_us) =
            (place.clone(), client.clone(), Rc::clone(&in_hand_until_us));
        world.clock.spawn(async move {
            match client.issue_token(None, &place, CallOptions::default()).await {
                Ok(token) => in_hand_until_us.set(end_of(&token).max(in_hand_until_us.get())),
                Err(_) => place.world.count(|counts| counts.failures += 1),
            }
        });
    }
}

/// When a token ends, as its JSON for stores has it.
fn end_of(token: &str) -> Us {
    let token: serde_json::Value = serde_json::from_str(token).expect("a token is JSON");
    token["expiresAtMs"].as_u64().expect("a time") * 1_000
}

struct World<S: Service> {
    plan: Plan,
    clock: Clock,
    random: Random,
    kv: Kv,
    broker: Option<Broker<S>>,
    counts: Rc<Cell<Counts>>,
}

#[derive(Default)]
struct Kv {
    stored: RefCell<Option<String>>,
    /// What each location read last, and when.
    caches: RefCell<Vec<Option<Cached>>>,
    written_at_us: Cell<Option<Us>>,
}

/// When it was read, and what was there.
type Cached = (Us, Option<String>);

struct Broker<S: Service> {
    rules: BrokerRules,
    client: Client<S, SharedFlight<IssuedToken<S::Token>>>,
    free_at_us: Cell<Us>,
    /// Requests in the object, and since when there is one.
    within: Cell<u32>,
    busy_since_us: Cell<Us>,
    stored: RefCell<Option<String>>,
}

impl<S: Service> World<S> {
    fn count(&self, change: impl FnOnce(&mut Counts)) {
        if self.clock.now_us() >= us(self.plan.seconds[0] * 1e3) {
            let mut counts = self.counts.get();
            change(&mut counts);
            self.counts.set(counts);
        }
    }

    fn round_trip_ms(&self, location: usize) -> f64 {
        let [near, far] = self.plan.round_trip_ms;
        near + (far - near) * location as f64 / self.plan.locations as f64
    }

    async fn pass_ms(&self, ms: f64) {
        self.clock.sleep_us(us(ms)).await;
    }

    /// Payple's answer to an authentication, after what it takes to get there and back;
    /// `round_trip_ms` of it is the way.
    async fn authenticate(
        &self,
        request: HttpRequest,
        round_trip_ms: f64,
    ) -> Result<HttpResponse, SendError> {
        self.count(|counts| counts.authentications += 1);
        let body: serde_json::Value = serde_json::from_str(request.body().reveal()).expect("JSON");
        let reply = match request.uri().path() {
            "/oauth/token" => serde_json::json!({
                "result": "T0000", "code": body["code"], "access_token": "token", "expires_in": self.plan.token_life_s.to_string(),
            }),
            _ => serde_json::json!({
                "result": "success", "cst_id": "id", "custKey": "key", "AuthKey": "auth",
                "PCD_PAY_HOST": "https://democpay.payple.kr", "PCD_PAY_URL": "/php/look.php?ACT_=PUSERINFO",
            }),
        };
        // TCP and TLS take two ways there and back before the request takes the third.
        self.pass_ms(3.0 * round_trip_ms + self.plan.payple_ms).await;
        Ok(HttpResponse::new(reply.to_string().into_bytes()))
    }

    async fn kv_read(&self, location: usize) -> Option<String> {
        let rules = self.plan.kv?;
        self.count(|counts| counts.kv_reads += 1);
        let cached = self.kv.caches.borrow()[location].clone();
        let now_us = self.clock.now_us();
        if let Some((_, value)) =
            cached.filter(|(read_at_us, _)| now_us < read_at_us + us(rules.cache_s * 1e3))
        {
            self.pass_ms(rules.hot_read_ms).await;
            return value;
        }
        self.pass_ms(rules.cold_read_ms).await;
        let value = self.kv.stored.borrow().clone();
        self.kv.caches.borrow_mut()[location] = Some((self.clock.now_us(), value.clone()));
        value
    }

    /// `location` sees at once what was written there.
    fn kv_write(self: &Rc<Self>, location: Option<usize>, token: String) {
        let Some(rules) = self.plan.kv else { return };
        let now_us = self.clock.now_us();
        if self
            .kv
            .written_at_us
            .get()
            .is_some_and(|at_us| now_us < at_us + us(rules.write_pause_s * 1e3))
        {
            return;
        }
        self.kv.written_at_us.set(Some(now_us));
        self.count(|counts| counts.kv_writes += 1);
        if let Some(location) = location {
            self.kv.caches.borrow_mut()[location] = Some((now_us, Some(token.clone())));
        }
        let world = Rc::clone(self);
        self.clock.spawn(async move {
            world.pass_ms(rules.write_ms).await;
            *world.kv.stored.borrow_mut() = Some(token);
        });
    }
}

/// The runtime of an isolate at a location.
struct Place<S: Service> {
    world: Rc<World<S>>,
    location: usize,
}

impl<S: Service> Runtime for Place<S> {
    async fn send(
        &self,
        request: HttpRequest,
        _timeout_ms: u64,
    ) -> Result<HttpResponse, SendError> {
        self.world.authenticate(request, self.world.round_trip_ms(self.location)).await
    }

    fn now_ms(&self) -> u64 {
        self.world.clock.now_us() / 1_000
    }

    async fn sleep(&self, duration_ms: u64) {
        self.world.clock.sleep_us(duration_ms * 1_000).await;
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill_with(|| (self.world.random.next() >> 32) as u8);
        Ok(())
    }

    async fn load_token(&self, _service: &'static str) -> Option<String> {
        self.world.kv_read(self.location).await
    }

    async fn save_token(&self, _service: &'static str, token: String, _lifetime_ms: u64) {
        self.world.kv_write(Some(self.location), token);
    }

    async fn delete_token(&self, _service: &'static str) {}

    async fn ask_broker(
        &self,
        _service: &'static str,
        rejected: Option<String>,
    ) -> Option<Result<String, Error>> {
        let world = &self.world;
        let broker = world.broker.as_ref()?;
        let asking = pin!(async {
            let way_ms = world.round_trip_ms(self.location) / 2.0;
            world.pass_ms(way_ms).await;
            let outcome = broker.request(world, rejected).await;
            world.pass_ms(way_ms).await;
            outcome
        });
        match select(asking, pin!(world.pass_ms(broker.rules.patience_ms))).await {
            Either::Left((outcome, _)) => Some(outcome),
            Either::Right(_) => None,
        }
    }

    fn report(&self, _report: &Report<'_>) {}
}

impl<S: Service> Broker<S> {
    fn new(rules: BrokerRules, service: S) -> Self {
        let (free_at_us, within, busy_since_us) =
            (Cell::default(), Cell::default(), Cell::default());
        Self {
            rules,
            client: Client::new(service),
            free_at_us,
            within,
            busy_since_us,
            stored: RefCell::default(),
        }
    }

    async fn request(
        &self,
        world: &Rc<World<S>>,
        rejected: Option<String>,
    ) -> Result<String, Error> {
        world.count(|counts| counts.broker_requests += 1);
        let _visitor = Visitor::new(self, world);
        let begin_us = self.free_at_us.get().max(world.clock.now_us());
        self.free_at_us.set(begin_us + us(self.rules.service_ms));
        world.clock.sleep_us(self.free_at_us.get() - world.clock.now_us()).await;
        self.client
            .issue_token(rejected.as_deref(), &Inside(Rc::clone(world)), CallOptions::default())
            .await
    }
}

/// Counts the time in which anybody is in the object.
struct Visitor<'a, S: Service> {
    broker: &'a Broker<S>,
    world: &'a World<S>,
}

impl<'a, S: Service> Visitor<'a, S> {
    fn new(broker: &'a Broker<S>, world: &'a World<S>) -> Self {
        if broker.within.replace(broker.within.get() + 1) == 0 {
            broker.busy_since_us.set(world.clock.now_us());
        }
        Self { broker, world }
    }
}

impl<S: Service> Drop for Visitor<'_, S> {
    fn drop(&mut self) {
        self.broker.within.set(self.broker.within.get() - 1);
        if self.broker.within.get() == 0 {
            let busy_us = self.world.clock.now_us() - self.broker.busy_since_us.get();
            self.world.count(|counts| counts.broker_busy_us += busy_us);
        }
    }
}

/// The runtime of the broker: its own storage as the store, and KV for the others.
struct Inside<S: Service>(Rc<World<S>>);

impl<S: Service> Runtime for Inside<S> {
    async fn send(
        &self,
        request: HttpRequest,
        _timeout_ms: u64,
    ) -> Result<HttpResponse, SendError> {
        self.0.authenticate(request, self.0.plan.round_trip_ms[0]).await
    }

    fn now_ms(&self) -> u64 {
        self.0.clock.now_us() / 1_000
    }

    async fn sleep(&self, duration_ms: u64) {
        self.0.clock.sleep_us(duration_ms * 1_000).await;
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill_with(|| (self.0.random.next() >> 32) as u8);
        Ok(())
    }

    async fn load_token(&self, _service: &'static str) -> Option<String> {
        self.0.broker.as_ref()?.stored.borrow().clone()
    }

    async fn save_token(&self, _service: &'static str, token: String, _lifetime_ms: u64) {
        self.0.count(|counts| counts.broker_writes += 1);
        if let Some(broker) = &self.0.broker {
            *broker.stored.borrow_mut() = Some(token.clone());
        }
        self.0.kv_write(None, token);
    }

    async fn delete_token(&self, _service: &'static str) {
        if let Some(broker) = &self.0.broker {
            broker.stored.borrow_mut().take();
        }
    }

    fn report(&self, _report: &Report<'_>) {}
}

impl<S: Service> Clone for Place<S> {
    fn clone(&self) -> Self {
        Self { world: Rc::clone(&self.world), location: self.location }
    }
}

impl<S: Service> Clone for Inside<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

/// xorshift64*: the same run every time.
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed | 1))
    }

    fn next(&self) -> u64 {
        let mut x = self.0.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.set(x);
        x.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Above 0, up to 1.
    fn unit(&self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Until the next of events that come `per_s` a second on average.
    pub(crate) fn pause_s(&self, per_s: f64) -> f64 {
        -self.unit().ln() / per_s
    }

    /// How many of them come where `mean` are to be expected.
    fn arrivals(&self, mean: f64) -> u64 {
        if mean > 100.0 {
            // So many that they are all but normally distributed: twelve throws make a bell.
            let bell = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
            return (mean + bell * mean.sqrt()) as u64;
        }
        let mut passed = 0.0;
        let has_come = |_: &u64| {
            passed += self.pause_s(1.0);
            passed < mean
        };
        (0..).take_while(has_come).count() as u64
    }
}

pub(crate) fn us(ms: f64) -> Us {
    (ms * 1e3) as Us
}
