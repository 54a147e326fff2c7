//! Concurrent callers share one authentication: right in a process of one's own and inside a Durable Object.
//!
//! Not in a Worker isolate, where a request that awaits another request's future is killed: there is `one_ahead` for it.

use std::cell::RefCell;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared, WeakShared};

use crate::error::Error;
use crate::lookup::{Meeting, Runtime};

/// The work under way, if any. All who join while it lasts get its result, an error as well; who comes later starts
/// afresh. A caller that gives up takes nothing from the others; when all have given up, the work is dropped.
pub struct Together<P>(RefCell<Option<WeakShared<Work<P>>>>);

type Work<P> = LocalBoxFuture<'static, Result<P, Error>>;

impl<P> Default for Together<P> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<P: Clone + 'static> Together<P> {
    fn under_way(&self) -> Option<Shared<Work<P>>> {
        self.0
            .borrow()
            .as_ref()
            .and_then(WeakShared::upgrade)
            .filter(|flight| flight.peek().is_none())
    }
}

impl<P: Clone + 'static> Meeting<P> for Together<P> {
    async fn join<R: Runtime>(
        &self,
        _: &R,
        work: impl Future<Output = Result<P, Error>> + 'static,
    ) -> Result<P, Error> {
        let flight = self.under_way().unwrap_or_else(|| {
            let flight = work.boxed_local().shared();
            *self.0.borrow_mut() = flight.downgrade();
            flight
        });
        flight.await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::Poll;

    use futures_executor::block_on;
    use futures_util::poll;

    use super::*;
    use crate::error::Kind;
    use crate::testing::Time;

    /// Work that counts how often it was begun and lasts until its end is allowed.
    #[derive(Clone, Default)]
    struct Work {
        begun: Rc<Cell<u32>>,
        may_end: Rc<Cell<bool>>,
    }

    impl Work {
        fn with(
            &self,
            result: Result<u32, Error>,
        ) -> impl Future<Output = Result<u32, Error>> + use<> {
            let Self { begun, may_end } = self.clone();
            async move {
                begun.set(begun.get() + 1);
                poll_fn(|context| {
                    context.waker().wake_by_ref();
                    if may_end.get() { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
                result
            }
        }
    }

    /// The results of ten callers who all came before the work ended.
    async fn ten_callers(
        meeting: &Together<u32>,
        work: &Work,
        result: &Result<u32, Error>,
    ) -> Vec<Result<u32, Error>> {
        let time = Time::default();
        let mut callers: Vec<_> =
            (0..10).map(|_| Box::pin(meeting.join(&time, work.with(result.clone())))).collect();
        for caller in &mut callers {
            assert!(poll!(caller).is_pending());
        }
        work.may_end.set(true);
        let mut results = Vec::new();
        for caller in callers {
            results.push(caller.await);
        }
        results
    }

    #[test]
    fn all_who_come_while_it_lasts_share_one_work() {
        let (meeting, work) = (Together::default(), Work::default());

        assert!(
            block_on(ten_callers(&meeting, &work, &Ok(7)))
                .into_iter()
                .all(|result| result == Ok(7))
        );
        assert_eq!(work.begun.get(), 1);
    }

    #[test]
    fn a_failure_is_shared_and_the_next_caller_tries_afresh() {
        let (meeting, work) = (Together::default(), Work::default());
        let failure = Err(Error::new(Kind::Unavailable, "no"));

        assert!(
            block_on(ten_callers(&meeting, &work, &failure))
                .into_iter()
                .all(|result| result == failure)
        );
        assert_eq!(work.begun.get(), 1);
        assert_eq!(block_on(meeting.join(&Time::default(), work.with(Ok(7)))), Ok(7));
        assert_eq!(work.begun.get(), 2);
    }

    #[test]
    fn a_caller_that_gives_up_takes_nothing_from_the_others() {
        let (meeting, work) = (Together::default(), Work::default());
        block_on(async {
            let time = Time::default();
            let mut first = Box::pin(meeting.join(&time, work.with(Ok(7))));
            let mut second = Box::pin(meeting.join(&time, work.with(Ok(8))));
            assert!(poll!(&mut first).is_pending());
            assert!(poll!(&mut second).is_pending());
            drop(first);
            work.may_end.set(true);

            assert_eq!(second.await, Ok(7));
        });
        assert_eq!(work.begun.get(), 1);
    }

    #[test]
    fn work_that_nobody_waits_for_any_more_is_dropped() {
        let (meeting, work) = (Together::default(), Work::default());
        block_on(async {
            let time = Time::default();
            let mut only = Box::pin(meeting.join(&time, work.with(Ok(7))));
            assert!(poll!(&mut only).is_pending());
        });
        assert_eq!(Rc::strong_count(&work.may_end), 1);
    }
}
