//! How an isolate asks the token broker, a Durable Object, and what passes between the two.
//!
//! The object saves authentications and is no condition: where it is not bound, fails, or takes
//! more than [`TIMEOUT_MS`], the isolate authenticates by itself.

use worker::ObjectNamespace;
use worker::worker_sys::Fetcher;

use super::token_cipher::TokenCipher;
use crate::error::Error;
use crate::worker::http::fetch::{self, Limits, Outgoing};

/// Asks the object of this partner's service for a token that is not the `rejected` one.
///
/// `None`: it is of no help. An error is Payple's answer to the object: asking again from here
/// would not better it.
pub(super) async fn ask(
    namespace: &ObjectNamespace,
    cipher: &TokenCipher,
    service: &'static str,
    rejected: Option<String>,
) -> Option<Result<String, Error>> {
    let stub = namespace.get_by_name_with_location_hint(cipher.entry(), NEAR_KOREA).ok()?;
    let body = Some(rejected.unwrap_or_default().into_bytes());
    let request = Outgoing { url: format!("{ADDRESS}{service}"), headers: Vec::new(), body };
    let limits = Limits { timeout_ms: TIMEOUT_MS, max_bytes: MAX_BYTES };
    let reply = fetch::exchange(request, Some(&stub.into_rpc::<Fetcher>()), limits).await.ok()?;
    match reply.status().as_u16() {
        HANDED_OUT => Some(Ok(cipher.open(reply.body()).await.ok()?)),
        REFUSED_BY_PAYPLE => Some(Err(serde_json::from_slice(reply.body()).ok()?)),
        _ => None,
    }
}

/// Longer than Payple takes to authenticate; after so long an isolate authenticates by itself.
///
/// The test build waits longer, so that what is counted with it does not hang on how busy the
/// machine is.
const TIMEOUT_MS: u64 = if cfg!(feature = "fault-injection") { 10_000 } else { 2_000 };

/// Where the object comes to life, if it does so for the first time: Payple is in Korea.
const NEAR_KOREA: &str = "apac";

/// No address at all: a request to an object goes nowhere else. A service's name follows.
pub(super) const ADDRESS: &str = "https://broker/";

/// The body is the sealed token.
pub(super) const HANDED_OUT: u16 = 200;
/// The body is the error.
pub(super) const REFUSED_BY_PAYPLE: u16 = 422;
pub(super) const OF_NO_HELP: u16 = 500;

/// A sealed token is as long as Payple's token and a little more.
pub(super) const MAX_BYTES: usize = 64 * 1024;
