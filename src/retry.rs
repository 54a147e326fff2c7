//! Whether the same request is sent once more, and after what pause. A pure decision: no clock, no chance of its own.

use crate::error::{Again, Error};

/// The pause before another attempt, or `None` where the error stands.
///
/// `attempt` counts from 0; `random` is any number, and spreads callers that failed together. A time-out is not
/// retried: the caller has waited long enough. A pause that Payple asks for is kept; one longer than
/// [`MAX_RETRY_AFTER_MS`] is left to the caller.
pub(crate) fn pause_ms(error: &Error, attempt: u32, max_retries: u32, random: u32) -> Option<u64> {
    let Again::Soon { after_ms } = error.again() else {
        return None;
    };
    if attempt >= max_retries {
        return None;
    }
    let ceiling_ms = FIRST_PAUSE_MS
        .saturating_mul(1_u64.checked_shl(attempt).unwrap_or(u64::MAX))
        .min(MAX_PAUSE_MS);
    // Half fixed, half spread: never at once, and never all together.
    let half_ms = ceiling_ms.div_euclid(2);
    let spread_ms = half_ms.saturating_mul(u64::from(random)).checked_shr(u32::BITS).unwrap_or(0);
    let backoff_ms = half_ms.saturating_add(spread_ms);
    match after_ms {
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
    use crate::error::Kind;

    fn soon(after_ms: Option<u64>) -> Error {
        Error::new(Kind::Unavailable, "").retryable_soon(after_ms)
    }

    #[test]
    fn only_an_error_that_may_pass_is_tried_again() {
        assert_eq!(pause_ms(&Error::new(Kind::Rejected, ""), 0, 2, 0), None);
        assert_eq!(pause_ms(&Error::new(Kind::Unavailable, "").retryable_later(), 0, 2, 0), None);
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
        assert_eq!(pause_ms(&soon(Some(60_000)), 0, 2, 0), None);
    }
}
