//! Single flight: of concurrent callers that need the same thing, one does the work and all share
//! its outcome.
//!
//! Which strategy is right depends on what a caller may wait for:
//!
//! - [`SharedFlight`]: all poll one shared future. Right in a process (Node, Bun, Deno) and inside
//!   a Durable Object.
//! - [`PollingFlight`]: the others look now and then whether the one is back. Right in a Worker
//!   isolate, where a request that awaits another request's future is killed.
//! - [`NoFlight`]: everybody works for themselves. For programs that make one look-up.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures_util::future::{Either, LocalBoxFuture, Shared, WeakShared, select};
use futures_util::{FutureExt, pin_mut};

use crate::error::Error;
use crate::runtime::Runtime;

/// How one caller came by the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flight<T> {
    /// It did the work.
    Led(Result<T, Error>),
    /// Another caller did.
    Followed(Result<T, Error>),
    /// The other caller's work took longer than this one may wait.
    DeadlinePassed,
}

/// A way to share work. The value is the state that the callers have in common.
pub trait SingleFlight<T>: Default + 'static {
    /// Runs `work`, or waits up to `wait_ms` for the work that another caller brought and takes its
    /// outcome.
    ///
    /// Who leads is bounded by its own work, not by `wait_ms`.
    fn join<R: Runtime>(
        &self,
        runtime: &R,
        wait_ms: u64,
        work: impl Future<Output = Result<T, Error>> + 'static,
    ) -> impl Future<Output = Flight<T>>;
}

/// Every caller does its own work.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoFlight;

impl<T> SingleFlight<T> for NoFlight {
    async fn join<R: Runtime>(
        &self,
        _: &R,
        _: u64,
        work: impl Future<Output = Result<T, Error>> + 'static,
    ) -> Flight<T> {
        Flight::Led(work.await)
    }
}

/// All callers poll one shared future.
///
/// All who join while it lasts get its outcome, an error as well; a later caller starts a new one.
/// A caller that gives up takes nothing from the others; when all have given up, the work is
/// dropped.
pub struct SharedFlight<T>(RefCell<Option<WeakShared<Work<T>>>>);

type Work<T> = LocalBoxFuture<'static, Result<T, Error>>;

impl<T> Default for SharedFlight<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: Clone + 'static> SharedFlight<T> {
    fn under_way(&self) -> Option<Shared<Work<T>>> {
        let flight = self.0.borrow().as_ref().and_then(WeakShared::upgrade);
        flight.filter(|flight| flight.peek().is_none())
    }
}

impl<T: Clone + 'static> SingleFlight<T> for SharedFlight<T> {
    async fn join<R: Runtime>(
        &self,
        runtime: &R,
        wait_ms: u64,
        work: impl Future<Output = Result<T, Error>> + 'static,
    ) -> Flight<T> {
        let Some(flight) = self.under_way() else {
            let flight = work.boxed_local().shared();
            *self.0.borrow_mut() = flight.downgrade();
            return Flight::Led(flight.await);
        };
        let deadline = runtime.sleep(wait_ms);
        pin_mut!(deadline);
        match select(flight, deadline).await {
            Either::Left((outcome, _)) => Flight::Followed(outcome),
            Either::Right(_) => Flight::DeadlinePassed,
        }
    }
}

/// One caller works, the others look by timers of their own whether it has left the outcome in
/// memory.
///
/// A request may be cut off while it leads, and nobody is told: after `MAX_LEAD_MS` another one
/// leads.
pub struct PollingFlight<T>(RefCell<Option<Rc<Lead<T>>>>);

struct Lead<T> {
    begun_at_ms: u64,
    outcome: RefCell<Option<Result<T, Error>>>,
}

impl<T> Default for PollingFlight<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T> PollingFlight<T> {
    fn under_way(&self, now_ms: u64) -> Option<Rc<Lead<T>>> {
        let lead = self.0.borrow().clone();
        lead.filter(|lead| now_ms < lead.begun_at_ms.saturating_add(MAX_LEAD_MS))
    }
}

impl<T: Clone + 'static> SingleFlight<T> for PollingFlight<T> {
    async fn join<R: Runtime>(
        &self,
        runtime: &R,
        wait_ms: u64,
        work: impl Future<Output = Result<T, Error>> + 'static,
    ) -> Flight<T> {
        let since_ms = runtime.now_ms();
        while let Some(lead) = self.under_way(runtime.now_ms()) {
            let waited_ms = runtime.now_ms().saturating_sub(since_ms);
            let left_ms = wait_ms.saturating_sub(waited_ms);
            if left_ms == 0 {
                return Flight::DeadlinePassed;
            }
            runtime.sleep(interval_ms(waited_ms).min(left_ms)).await;
            if let Some(outcome) = lead.outcome.borrow().clone() {
                return Flight::Followed(outcome);
            }
        }
        let lead = Rc::new(Lead { begun_at_ms: runtime.now_ms(), outcome: RefCell::new(None) });
        *self.0.borrow_mut() = Some(Rc::clone(&lead));
        let outcome = work.await;
        *lead.outcome.borrow_mut() = Some(outcome.clone());
        // Who waits for it has it; nobody else may find it here, unless it is another one's by now.
        self.0.borrow_mut().take_if(|last| Rc::ptr_eq(last, &lead));
        Flight::Led(outcome)
    }
}

/// The longer it takes, the less it matters to look at once: hundreds who look all the time would
/// hold up the one that leads.
fn interval_ms(waited_ms: u64) -> u64 {
    (waited_ms / 2).clamp(MIN_INTERVAL_MS, MAX_INTERVAL_MS)
}

/// Long enough for a broker that does not answer, and then for Payple.
const MAX_LEAD_MS: u64 = 3_000;
/// A fraction of what an authentication takes.
const MIN_INTERVAL_MS: u64 = 10;
const MAX_INTERVAL_MS: u64 = 200;

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::Poll;

    use futures_executor::block_on;
    use futures_util::future::join_all;
    use futures_util::poll;

    use super::*;
    use crate::error::ErrorKind;
    use crate::testing::FakeRuntime;

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
        flight: &SharedFlight<u32>,
        work: &Work,
        result: &Result<u32, Error>,
    ) -> Vec<Flight<u32>> {
        let time = FakeRuntime::new();
        let mut callers: Vec<_> = (0..10)
            .map(|_| Box::pin(flight.join(&time, 10_000, work.with(result.clone()))))
            .collect();
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
        let (flight, work) = (SharedFlight::default(), Work::default());

        assert!(
            block_on(ten_callers(&flight, &work, &Ok(7)))
                .into_iter()
                .enumerate()
                .all(|(at, flight)| flight
                    == if at == 0 { Flight::Led(Ok(7)) } else { Flight::Followed(Ok(7)) })
        );
        assert_eq!(work.begun.get(), 1);
    }

    #[test]
    fn a_failure_is_shared_and_the_next_caller_tries_afresh() {
        let (flight, work) = (SharedFlight::default(), Work::default());
        let failure = Err(Error::new(ErrorKind::Unavailable, "no"));

        assert!(block_on(ten_callers(&flight, &work, &failure)).into_iter().all(|flight| {
            match flight {
                Flight::Led(result) | Flight::Followed(result) => result == failure,
                Flight::DeadlinePassed => false,
            }
        }));
        assert_eq!(work.begun.get(), 1);
        assert_eq!(
            block_on(flight.join(&FakeRuntime::new(), 10_000, work.with(Ok(7)))),
            Flight::Led(Ok(7))
        );
        assert_eq!(work.begun.get(), 2);
    }

    #[test]
    fn a_caller_that_gives_up_takes_nothing_from_the_others() {
        let (flight, work) = (SharedFlight::default(), Work::default());
        block_on(async {
            let time = FakeRuntime::new();
            let mut first = Box::pin(flight.join(&time, 10_000, work.with(Ok(7))));
            let mut second = Box::pin(flight.join(&time, 10_000, work.with(Ok(8))));
            assert!(poll!(&mut first).is_pending());
            assert!(poll!(&mut second).is_pending());
            drop(first);
            work.may_end.set(true);

            assert_eq!(second.await, Flight::Followed(Ok(7)));
        });
        assert_eq!(work.begun.get(), 1);
    }

    #[test]
    fn work_that_nobody_waits_for_any_more_is_dropped() {
        let (flight, work) = (SharedFlight::default(), Work::default());
        block_on(async {
            let time = FakeRuntime::new();
            let mut only = Box::pin(flight.join(&time, 10_000, work.with(Ok(7))));
            assert!(poll!(&mut only).is_pending());
        });
        assert_eq!(Rc::strong_count(&work.may_end), 1);
    }

    /// Ten callers at once, whose work takes `work_ms`: what they get, and how often the work was
    /// begun.
    fn ten_polling_callers(
        work_ms: u64,
        result: &Result<u32, Error>,
    ) -> (Vec<Result<u32, Error>>, u32) {
        let (flight, time, begun) =
            (PollingFlight::default(), FakeRuntime::new(), Rc::new(Cell::new(0)));
        let callers = (0..10).map(|_| {
            let (begun, result, inside) = (Rc::clone(&begun), result.clone(), time.clone());
            flight.join(&time, 10_000, async move {
                begun.set(begun.get() + 1);
                inside.sleep(work_ms).await;
                result
            })
        });
        let outcomes = block_on(join_all(callers)).into_iter().map(|flight| match flight {
            Flight::Led(outcome) | Flight::Followed(outcome) => outcome,
            Flight::DeadlinePassed => Err(Error::new(ErrorKind::Timeout, "deadline")),
        });
        (outcomes.collect(), begun.get())
    }

    #[test]
    fn one_goes_and_all_share_what_it_brings() {
        assert_eq!(ten_polling_callers(100, &Ok(7)), (vec![Ok(7); 10], 1));
        let failure = Err(Error::new(ErrorKind::Unavailable, "no"));
        assert_eq!(ten_polling_callers(100, &failure), (vec![failure; 10], 1));
    }

    #[test]
    fn who_comes_later_goes_again() {
        let (flight, time) = (PollingFlight::default(), FakeRuntime::new());

        assert_eq!(block_on(flight.join(&time, 10_000, async { Ok(7) })), Flight::Led(Ok(7)));
        assert_eq!(block_on(flight.join(&time, 10_000, async { Ok(8) })), Flight::Led(Ok(8)));
    }

    #[test]
    fn one_that_does_not_come_back_is_followed_by_another() {
        let (flight, time) = (PollingFlight::default(), FakeRuntime::new());
        let mut lost =
            Box::pin(flight.join(&time, 10_000, std::future::pending::<Result<u32, Error>>()));
        assert!(futures_util::FutureExt::now_or_never(&mut lost).is_none());

        assert_eq!(block_on(flight.join(&time, 10_000, async { Ok(8) })), Flight::Led(Ok(8)));
        assert!(
            (MAX_LEAD_MS..MAX_LEAD_MS + 2 * MAX_INTERVAL_MS)
                .contains(&(time.now_ms() - FakeRuntime::START_MS))
        );
    }

    #[test]
    fn who_comes_when_the_lead_took_too_long_goes_at_once() {
        let (flight, time) = (PollingFlight::default(), FakeRuntime::new());
        let mut lost =
            Box::pin(flight.join(&time, 10_000, std::future::pending::<Result<u32, Error>>()));
        assert!(futures_util::FutureExt::now_or_never(&mut lost).is_none());
        block_on(time.sleep(MAX_LEAD_MS));

        assert_eq!(block_on(flight.join(&time, 10_000, async { Ok(8) })), Flight::Led(Ok(8)));
        assert_eq!(time.now_ms() - FakeRuntime::START_MS, MAX_LEAD_MS);
    }

    #[test]
    fn who_waits_looks_less_and_less_often() {
        assert_eq!([0, 20, 100, 10_000].map(interval_ms), [10, 10, 50, 200]);
    }

    #[test]
    fn nobody_waits_longer_for_another_one_than_it_may() {
        let time = FakeRuntime::new();
        let came_at_ms = time.now_ms();
        let shared = SharedFlight::default();
        let mut lead =
            Box::pin(shared.join(&time, 10_000, std::future::pending::<Result<u32, Error>>()));
        assert!(FutureExt::now_or_never(&mut lead).is_none());
        assert_eq!(block_on(shared.join(&time, 150, async { Ok(8) })), Flight::DeadlinePassed);
        assert_eq!(time.now_ms() - came_at_ms, 150);

        let polling = PollingFlight::default();
        let mut lead =
            Box::pin(polling.join(&time, 10_000, std::future::pending::<Result<u32, Error>>()));
        assert!(FutureExt::now_or_never(&mut lead).is_none());
        let came_at_ms = time.now_ms();
        assert_eq!(block_on(polling.join(&time, 150, async { Ok(8) })), Flight::DeadlinePassed);
        assert_eq!(time.now_ms() - came_at_ms, 150);
    }
}
