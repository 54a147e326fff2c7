//! Both look-ups from a plain Rust program.
//!
//! ```sh
//! PAYPLE_GROUP_KEY=… PAYPLE_PAYER_ID=… cargo run --example native
//! ```
//!
//! Credentials come from `PAYPLE_CST_ID` and `PAYPLE_CUST_KEY`; without them it is Payple's public
//! test pair. With `PAYPLE_ORIGIN` both services are asked there: a sandbox, by `npm run sandbox`.
//! This repository builds ureq without TLS, which is all that a sandbox on this machine needs; a
//! program of your own takes ureq as it comes, with TLS.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "an example")]

use std::env;
use std::fs::File;
use std::io::Read;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_executor::block_on;
use payple_edge::runtime::{Report, Runtime, no_randomness};
use payple_edge::transport::{HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, SendError};
use payple_edge::{
    CallOptions, Client, Config, Cpay, Credentials, Environment, Error, GroupKey, Hub, Origin,
    PayerId,
};
use ureq::Agent;

fn main() -> Result<(), Error> {
    let setting = |name: &str, default: &str| env::var(name).unwrap_or(default.to_owned());
    let credentials = Credentials::new(
        &setting("PAYPLE_CST_ID", "test"),
        &setting("PAYPLE_CUST_KEY", "abcd1234567890"),
    )?;
    let mut config = Config::new(Environment::Test, credentials);
    if let Ok(origin) = env::var("PAYPLE_ORIGIN") {
        config.hub_origin = Some(Origin::parse(&origin)?);
        config.cpay_origin = Some(Origin::parse(&origin)?);
    }
    let options = CallOptions::default();

    let hub: Client<Hub> = Client::new(Hub::new(&config)?);
    let group_key = GroupKey::new(&setting("PAYPLE_GROUP_KEY", "Q0RSSkYzWUI3"))?;
    let group = block_on(hub.lookup(&group_key, &Machine, options))?;
    println!("{} requests, {} in total", group.count, group.total);
    for finding in group.review.findings {
        println!("- {}", finding.message);
    }

    let cpay: Client<Cpay> = Client::new(Cpay::new(&config)?);
    let payer_id = PayerId::new(&setting("PAYPLE_PAYER_ID", "d0toSS9sT084bVJSNThScnFX"))?;
    let key = block_on(cpay.lookup(&payer_id, &Machine, options))?;
    println!("{}: {}", key.method.type_name(), key.message);
    Ok(())
}

/// This machine as the core's runtime: ureq for HTTP, no token store. It blocks, so concurrent
/// look-ups need threads.
#[derive(Clone)]
pub(crate) struct Machine;

impl Runtime for Machine {
    async fn send(&self, request: HttpRequest, timeout_ms: u64) -> Result<HttpResponse, SendError> {
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_millis(timeout_ms)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .build()
            .into();
        let request = request.map(|body| body.reveal().to_owned());
        let response = agent.run(request).map_err(|fault| why(&fault))?;
        let (parts, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        // Counted after unpacking: ureq's own limit is on what comes over the wire.
        body.with_config()
            .limit(u64::MAX)
            .reader()
            .take((MAX_RESPONSE_BYTES as u64).saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|fault| why(&ureq::Error::from(fault)))?;
        if bytes.len() > MAX_RESPONSE_BYTES {
            return Err(SendError::TooLarge);
        }
        Ok(HttpResponse::from_parts(parts, bytes))
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

    async fn load_token(&self, _: &'static str) -> Option<String> {
        None
    }

    async fn save_token(&self, _: &'static str, _: String, _: u64) {}

    async fn delete_token(&self, _: &'static str) {}

    fn report(&self, _: &Report<'_>) {}
}

fn why(fault: &ureq::Error) -> SendError {
    match fault {
        ureq::Error::Timeout(_) => SendError::Timeout,
        _ => SendError::Unreachable,
    }
}
