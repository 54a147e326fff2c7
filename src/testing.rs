//! What unit tests share: a world in which nothing happens but time.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use crate::error::Error;
use crate::lookup::{Report, Runtime};
use crate::wire::{Exchange, Reply, SendError};

/// Time passes where somebody sleeps; who sleeps lets others run.
#[derive(Clone, Default)]
pub(crate) struct Time(Rc<Cell<u64>>);

impl Runtime for Time {
    async fn send(&self, _: Exchange, _: u64) -> Result<Reply, SendError> {
        Err(SendError::Unsendable)
    }

    fn now_ms(&self) -> u64 {
        self.0.get()
    }

    async fn sleep(&self, duration_ms: u64) {
        let until_ms = self.0.get() + duration_ms;
        poll_fn(|context| {
            if self.0.get() >= until_ms {
                return Poll::Ready(());
            }
            self.0.set(self.0.get() + 1);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn random(&self, _: &mut [u8]) -> Result<(), Error> {
        Ok(())
    }

    async fn load(&self, _: &'static str) -> Option<String> {
        None
    }

    async fn save(&self, _: &'static str, _: String, _: u64) {}

    async fn forget(&self, _: &'static str) {}

    fn report(&self, _: &Report<'_>) {}
}
