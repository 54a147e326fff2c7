//! The core in a process of its own, for the fault suite: reads questions as JSON lines, asks over
//! real HTTP, answers as JSON lines. Clock, network and randomness are this machine's; there is no
//! store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![allow(missing_docs)]

#[path = "../../examples/native.rs"]
#[allow(dead_code)]
mod native;

use std::io::{Write, stdin, stdout};
use std::thread;

use futures_executor::block_on;
use native::Machine;
use payple_edge::{
    CallOptions, Client, Config, Cpay, Credentials, Environment, Error, GroupKey, Hub, Origin,
    PayerId,
};
use serde::{Deserialize, Serialize};

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
    let mut options = CallOptions::default();
    options.timeout_ms = question.timeout_ms;
    let config = config(&question.origin);
    let line = match question.service.as_str() {
        "hub" => {
            let key = GroupKey::new(&question.key).unwrap();
            let client = Client::<Hub>::new(Hub::new(&config).unwrap());
            line(question.id, block_on(client.lookup(&key, &Machine, options)))
        }
        _ => {
            let key = PayerId::new(&question.key).unwrap();
            let client = Client::<Cpay>::new(Cpay::new(&config).unwrap());
            line(question.id, block_on(client.lookup(&key, &Machine, options)))
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

fn config(origin: &str) -> Config {
    let origin = Origin::parse(origin).unwrap();
    let credentials = Credentials::new("test", "abcd1234567890").unwrap();
    let mut config = Config::new(Environment::Test, credentials);
    config.hub_origin = Some(origin.clone());
    config.cpay_origin = Some(origin);
    config
}
