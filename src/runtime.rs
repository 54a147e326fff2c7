//! What the core needs from a face: network, clock, sleep, randomness, a token store, and somebody
//! who hears reports.

use std::future::{Future, ready};

use crate::error::{Error, ErrorKind, Phase};
use crate::transport::{HttpRequest, HttpResponse, SendError};

/// The world as one look-up sees it. Clones share one world.
pub trait Runtime: Clone + 'static {
    /// Sends one request as it is, following no redirect, and reads the reply, body included,
    /// within `timeout_ms`.
    ///
    /// # Errors
    /// Why there is no whole reply.
    fn send(
        &self,
        request: HttpRequest,
        timeout_ms: u64,
    ) -> impl Future<Output = Result<HttpResponse, SendError>>;

    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> u64;

    /// Waits.
    fn sleep(&self, duration_ms: u64) -> impl Future<Output = ()>;

    /// Fills `bytes` from a cryptographic source.
    ///
    /// # Errors
    /// [`no_randomness`] where there is none.
    fn random(&self, bytes: &mut [u8]) -> Result<(), Error>;

    /// The token that a shared store holds for `service`. Any trouble is `None`: it means
    /// 'authenticate'.
    fn load_token(&self, service: &'static str) -> impl Future<Output = Option<String>>;

    /// Puts a token into the shared store for `lifetime_ms`. Trouble is the store's own affair.
    fn save_token(
        &self,
        service: &'static str,
        token: String,
        lifetime_ms: u64,
    ) -> impl Future<Output = ()>;

    /// Takes a rejected token out of the shared store, where that can be done.
    fn delete_token(&self, service: &'static str) -> impl Future<Output = ()>;

    /// A token from a broker, which hands the same one to all who share it, though never the
    /// `rejected` one, which is named by its id. `None`: there is no broker, or no answer in time;
    /// then the client authenticates by itself. An error is what Payple answered, and stands.
    fn ask_broker(
        &self,
        service: &'static str,
        rejected: Option<String>,
    ) -> impl Future<Output = Option<Result<String, Error>>> {
        let _ = (service, rejected);
        ready(None)
    }

    /// Hears of an HTTP exchange before it begins.
    fn report_start(&self, exchange: Exchange) {
        let _ = exchange;
    }

    /// Hears of every HTTP exchange when it is over.
    fn report(&self, report: &Report<'_>);
}

/// One HTTP exchange with Payple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// `"hub"` or `"cpay"`.
    pub service: &'static str,
    /// Authentication or question.
    pub phase: Phase,
    /// Counted from 0.
    pub attempt: u32,
}

/// One HTTP exchange as it went. Holds no secret.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<'a> {
    /// Which exchange it was.
    pub exchange: Exchange,
    /// The HTTP status, where there was a reply.
    pub http_status: Option<u16>,
    /// From sending to the last byte read and checked, in milliseconds.
    pub duration_ms: u64,
    /// Why it failed, if it did.
    pub error: Option<&'a Error>,
}

/// The error of a runtime without a cryptographic random source.
pub fn no_randomness() -> Error {
    Error::new(ErrorKind::Internal, "this runtime has no cryptographic random source")
}
