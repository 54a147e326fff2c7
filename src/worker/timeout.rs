//! Waits for something, but not for ever.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use worker::Delay;

/// What `work` gives, or `None` when it takes longer than `limit_ms`; it is dropped then.
pub(super) async fn timeout<T>(limit_ms: u64, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(Delay::from(Duration::from_millis(limit_ms)))).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    }
}
