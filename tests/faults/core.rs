//! The core in a process of its own, for the fault suite: reads questions as JSON lines, asks over real HTTP, answers
//! as JSON lines. Clock, network and randomness are this machine's; there is no store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![allow(missing_docs)]

use std::fs::File;
use std::io::{Read, Write, stdin, stdout};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_executor::block_on;
use payple_edge::cpay::{Cpay, PayerId};
use payple_edge::error::Error;
use payple_edge::hub::Hub;
use payple_edge::lookup::{Call, Desk, Report, Runtime, no_randomness};
use payple_edge::partner::{Credentials, Environment, Origin, Partner};
use payple_edge::payout::GroupKey;
use payple_edge::wire::{Exchange, MAX_REPLY_BYTES, Reply, SendError};
use serde::{Deserialize, Serialize};
use ureq::Agent;

fn main() {
    let questions = stdin().lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
    let threads: Vec<_> =
        questions.map(|question| thread::spawn(move || answer(&question))).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    id: u32,
    service: String,
    key: String,
    origin: String,
    timeout_ms: u64,
}

#[derive(Serialize)]
struct Answer<T> {
    id: u32,
    answer: Option<T>,
    error: Option<Error>,
}

fn answer(question: &Question) {
    let call = Call { timeout_ms: question.timeout_ms, ..Call::default() };
    let partner = partner(&question.origin);
    let line = match question.service.as_str() {
        "hub" => {
            let key = GroupKey::new(&question.key).unwrap();
            line(
                question.id,
                block_on(Desk::<Hub>::new(Hub::new(&partner)).look_up(&key, &Machine, call)),
            )
        }
        _ => {
            let key = PayerId::new(&question.key).unwrap();
            line(
                question.id,
                block_on(Desk::<Cpay>::new(Cpay::new(&partner)).look_up(&key, &Machine, call)),
            )
        }
    };
    stdout().write_all(line.as_bytes()).unwrap();
}

fn line<T: Serialize>(id: u32, outcome: Result<T, Error>) -> String {
    let (answer, error) = match outcome {
        Ok(answer) => (Some(answer), None),
        Err(error) => (None, Some(error)),
    };
    serde_json::to_string(&Answer { id, answer, error }).unwrap() + "\n"
}

fn partner(origin: &str) -> Partner {
    let origin = Origin::parse(origin).unwrap();
    Partner {
        environment: Environment::Test,
        credentials: Credentials::new("test", "abcd1234567890").unwrap(),
        hub_credentials: None,
        referer: None,
        hub_origin: Some(origin.clone()),
        cpay_origin: Some(origin),
    }
}

/// This machine as the core's runtime; it blocks, so each look-up has a thread.
#[derive(Clone)]
struct Machine;

impl Runtime for Machine {
    async fn send(&self, exchange: Exchange, timeout_ms: u64) -> Result<Reply, SendError> {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_millis(timeout_ms)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0);
        let agent: Agent = config.build().into();
        let request = exchange
            .headers
            .iter()
            .fold(ureq::http::Request::post(&exchange.url), |request, (name, value)| {
                request.header(*name, value)
            });
        let request = request.body(exchange.body).map_err(|_| SendError::Unsendable)?;
        let mut response = agent.run(request).map_err(|fault| why(&fault))?;
        let retry_after_s = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let mut body = Vec::new();
        // Counted after unpacking: ureq's own limit is on what comes over the wire.
        let unpacked = response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .reader()
            .take(MAX_REPLY_BYTES as u64 + 1)
            .read_to_end(&mut body);
        unpacked.map_err(|fault| why(&ureq::Error::from(fault)))?;
        if body.len() > MAX_REPLY_BYTES {
            return Err(SendError::TooLarge);
        }
        Ok(Reply {
            status: response.status().as_u16(),
            retry_after_ms: retry_after_s.map(|s| s * 1_000),
            body,
        })
    }

    fn now_ms(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
    }

    async fn sleep(&self, duration_ms: u64) {
        thread::sleep(Duration::from_millis(duration_ms));
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        File::open("/dev/urandom")
            .and_then(|mut file| file.read_exact(bytes))
            .map_err(|_| no_randomness())
    }

    async fn load(&self, _: &'static str) -> Option<String> {
        None
    }

    async fn save(&self, _: &'static str, _: String, _: u64) {}

    async fn forget(&self, _: &'static str) {}

    fn report(&self, _: &Report<'_>) {}
}

fn why(fault: &ureq::Error) -> SendError {
    match fault {
        ureq::Error::Timeout(_) => SendError::Timeout,
        _ => SendError::Unreachable,
    }
}
