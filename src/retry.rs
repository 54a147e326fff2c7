//! One HTTP exchange, repeated as long as its error may pass and tries are left. Each attempt is
//! reported.

use crate::error::{Error, Phase, Recovery};
use crate::runtime::{Exchange, Report, Runtime};
use crate::transport::{HttpRequest, HttpResponse, SendError};

/// What a caller allows for one look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallOptions {
    /// For one HTTP exchange, body included, in milliseconds; also for waiting for another
    /// look-up's authentication.
    pub timeout_ms: u64,
    /// Of a transport failure, an HTTP 408, 429 or 5xx without a code of Payple's, or a code that
    /// may pass; per exchange.
    pub max_retries: u32,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout_ms: 10_000, max_retries: 2 }
    }
}

/// Sends what `prepare` makes and reads the reply; again after a pause where the error may pass.
///
/// Every attempt is prepared again, and what `prepare` hands on (a nonce, a time) comes to
/// `read` with the reply. An error gets the phase and the HTTP status of the exchange here.
pub(crate) async fn exchange<R: Runtime, C, T>(
    runtime: &R,
    options: CallOptions,
    (service, phase): (&'static str, Phase),
    mut prepare: impl FnMut() -> Result<(HttpRequest, C), Error>,
    mut read: impl FnMut(HttpResponse, C) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut attempt = 0_u32;
    loop {
        let (request, context) = prepare()?;
        let mut reporting = Reporting::begin(runtime, Exchange { service, phase, attempt });
        let sent = runtime.send(request, options.timeout_ms).await;
        reporting.http_status = sent.as_ref().ok().map(|response| response.status().as_u16());
        let outcome = sent
            .map_err(SendError::into_error)
            .and_then(|response| read(response, context))
            .map_err(|error| error.with_exchange(phase, reporting.http_status));
        reporting.error = outcome.as_ref().err().cloned();
        drop(reporting);
        let error = match outcome {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        // Without randomness the pause is the shortest one; Payple's error stands.
        let mut random = [0; 4];
        let _ = runtime.random(&mut random);
        match pause_ms(&error, attempt, options.max_retries, u32::from_le_bytes(random)) {
            Some(pause_ms) => runtime.sleep(pause_ms).await,
            None => return Err(error),
        }
        attempt = attempt.saturating_add(1);
    }
}

/// Reports the end of an exchange when it is dropped, also with a look-up that is given up.
struct Reporting<'a, R: Runtime> {
    runtime: &'a R,
    exchange: Exchange,
    started_at_ms: u64,
    http_status: Option<u16>,
    /// That the look-up was given up, until more is known.
    error: Option<Error>,
}

impl<'a, R: Runtime> Reporting<'a, R> {
    fn begin(runtime: &'a R, exchange: Exchange) -> Self {
        runtime.report_start(exchange);
        let started_at_ms = runtime.now_ms();
        let error = SendError::Aborted.into_error().with_exchange(exchange.phase, None);
        Self { runtime, exchange, started_at_ms, http_status: None, error: Some(error) }
    }
}

impl<R: Runtime> Drop for Reporting<'_, R> {
    fn drop(&mut self) {
        let duration_ms = self.runtime.now_ms().saturating_sub(self.started_at_ms);
        let Self { exchange, http_status, .. } = *self;
        let error = self.error.as_ref();
        self.runtime.report(&Report { exchange, http_status, duration_ms, error });
    }
}

/// The pause before another attempt, or `None` where the error stands.
///
/// `attempt` counts from 0; `random` is any number, and spreads callers that failed together. A
/// time-out is not retried: the caller has waited long enough. A pause that Payple asks for is
/// kept; one longer than [`MAX_RETRY_AFTER_MS`] is left to the caller.
fn pause_ms(error: &Error, attempt: u32, max_retries: u32, random: u32) -> Option<u64> {
    if error.recovery != Recovery::RetrySoon || attempt >= max_retries {
        return None;
    }
    let ceiling_ms = FIRST_PAUSE_MS.saturating_mul(2_u64.saturating_pow(attempt)).min(MAX_PAUSE_MS);
    // Half fixed, half spread: never at once, and never all together.
    let half_ms = ceiling_ms / 2;
    let spread_ms = half_ms.saturating_mul(u64::from(random)) >> u32::BITS;
    let backoff_ms = half_ms.saturating_add(spread_ms);
    match error.retry_after_ms {
        Some(asked) if asked > MAX_RETRY_AFTER_MS => None,
        Some(asked) => Some(asked.max(backoff_ms)),
        None => Some(backoff_ms),
    }
}

const FIRST_PAUSE_MS: u64 = 200;
const MAX_PAUSE_MS: u64 = 4_000;
/// Longer than this nobody waits at a screen; the error then carries the time instead.
const MAX_RETRY_AFTER_MS: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn soon(after_ms: Option<u64>) -> Error {
        Error::new(ErrorKind::Unavailable, "").retryable_soon(after_ms)
    }

    #[test]
    fn only_an_error_that_may_pass_is_tried_again() {
        assert_eq!(pause_ms(&Error::new(ErrorKind::Rejected, ""), 0, 2, 0), None);
        assert_eq!(
            pause_ms(&Error::new(ErrorKind::Unavailable, "").retryable_later(), 0, 2, 0),
            None
        );
        assert!(pause_ms(&soon(None), 0, 2, 0).is_some());
    }

    #[test]
    fn no_more_than_the_retries_allowed() {
        assert!(pause_ms(&soon(None), 1, 2, 0).is_some());
        assert_eq!(pause_ms(&soon(None), 2, 2, 0), None);
        assert_eq!(pause_ms(&soon(None), 0, 0, 0), None);
    }

    #[test]
    fn the_pause_doubles_spreads_and_is_bounded() {
        assert_eq!(pause_ms(&soon(None), 0, 99, 0), Some(100));
        assert_eq!(pause_ms(&soon(None), 0, 99, u32::MAX), Some(199));
        assert_eq!(pause_ms(&soon(None), 1, 99, 0), Some(200));
        assert_eq!(pause_ms(&soon(None), 2, 99, 0), Some(400));
        assert_eq!(pause_ms(&soon(None), 90, 99, u32::MAX), Some(3_999));
    }

    #[test]
    fn a_pause_that_payple_asks_for_is_kept_if_it_is_short() {
        assert_eq!(pause_ms(&soon(Some(3_000)), 0, 2, 0), Some(3_000));
        assert_eq!(pause_ms(&soon(Some(0)), 0, 2, 0), Some(100));
        assert_eq!(pause_ms(&soon(Some(10_000)), 0, 2, 0), Some(10_000));
        assert_eq!(pause_ms(&soon(Some(10_001)), 0, 2, 0), None);
        assert_eq!(pause_ms(&soon(Some(60_000)), 0, 2, 0), None);
    }

    #[test]
    fn ten_seconds_and_two_retries_are_allowed_unless_told() {
        let CallOptions { timeout_ms, max_retries } = CallOptions::default();
        assert_eq!((timeout_ms, max_retries), (10_000, 2));
    }
}
