//! In a Worker isolate one request goes for the pass, and the others look now and then whether it is back.
//!
//! They must not await its future: a request that awaits another request's future is killed. Each waits by a timer of
//! its own instead, and reads what the one ahead has left in memory.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Error;
use crate::lookup::{Meeting, Runtime};

/// The errand under way, if any. All who come while it lasts get its result, an error as well.
///
/// A request may be cut off on its errand, and nobody is told: after [`PATIENCE_MS`] another one goes.
pub struct OneAhead<P>(RefCell<Option<Rc<Errand<P>>>>);

struct Errand<P> {
    begun_at_ms: u64,
    result: RefCell<Option<Result<P, Error>>>,
}

impl<P> Default for OneAhead<P> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<P> OneAhead<P> {
    fn under_way(&self, now_ms: u64) -> Option<Rc<Errand<P>>> {
        self.0
            .borrow()
            .clone()
            .filter(|errand| now_ms < errand.begun_at_ms.saturating_add(PATIENCE_MS))
    }
}

impl<P: Clone + 'static> Meeting<P> for OneAhead<P> {
    async fn join<R: Runtime>(
        &self,
        runtime: &R,
        work: impl Future<Output = Result<P, Error>> + 'static,
    ) -> Result<P, Error> {
        let came_at_ms = runtime.now_ms();
        while let Some(errand) = self.under_way(runtime.now_ms()) {
            runtime.sleep(nap_ms(runtime.now_ms().saturating_sub(came_at_ms))).await;
            if let Some(result) = errand.result.borrow().clone() {
                return result;
            }
        }
        let errand = Rc::new(Errand { begun_at_ms: runtime.now_ms(), result: RefCell::new(None) });
        *self.0.borrow_mut() = Some(Rc::clone(&errand));
        let result = work.await;
        *errand.result.borrow_mut() = Some(result.clone());
        // Who waits for it has it; nobody else may find it here, unless it is another one's by now.
        self.0.borrow_mut().take_if(|last| Rc::ptr_eq(last, &errand));
        result
    }
}

/// The longer it takes, the less it matters to look at once: hundreds who look all the time would hold up the one ahead.
fn nap_ms(waited_ms: u64) -> u64 {
    waited_ms.div_euclid(2).clamp(MIN_NAP_MS, MAX_NAP_MS)
}

/// Long enough for a broker that does not answer, and then for Payple.
const PATIENCE_MS: u64 = 3_000;
/// A fraction of what an authentication takes.
const MIN_NAP_MS: u64 = 10;
const MAX_NAP_MS: u64 = 200;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_executor::block_on;
    use futures_util::future::join_all;

    use super::*;
    use crate::error::Kind;
    use crate::testing::Time;

    /// Ten callers at once, whose work takes `work_ms`: what they get, and how often the work was begun.
    fn ten_callers(work_ms: u64, result: &Result<u32, Error>) -> (Vec<Result<u32, Error>>, u32) {
        let (meeting, time, begun) = (OneAhead::default(), Time::default(), Rc::new(Cell::new(0)));
        let callers = (0..10).map(|_| {
            let (begun, result, inside) = (Rc::clone(&begun), result.clone(), time.clone());
            meeting.join(&time, async move {
                begun.set(begun.get() + 1);
                inside.sleep(work_ms).await;
                result
            })
        });
        (block_on(join_all(callers)), begun.get())
    }

    #[test]
    fn one_goes_and_all_share_what_it_brings() {
        assert_eq!(ten_callers(100, &Ok(7)), (vec![Ok(7); 10], 1));
        let failure = Err(Error::new(Kind::Unavailable, "no"));
        assert_eq!(ten_callers(100, &failure), (vec![failure; 10], 1));
    }

    #[test]
    fn who_comes_later_goes_again() {
        let (meeting, time) = (OneAhead::default(), Time::default());

        assert_eq!(block_on(meeting.join(&time, async { Ok(7) })), Ok(7));
        assert_eq!(block_on(meeting.join(&time, async { Ok(8) })), Ok(8));
    }

    #[test]
    fn one_that_does_not_come_back_is_followed_by_another() {
        let (meeting, time) = (OneAhead::default(), Time::default());
        let mut lost = Box::pin(meeting.join(&time, std::future::pending::<Result<u32, Error>>()));
        assert!(futures_util::FutureExt::now_or_never(&mut lost).is_none());

        assert_eq!(block_on(meeting.join(&time, async { Ok(8) })), Ok(8));
        assert!((PATIENCE_MS..PATIENCE_MS + 2 * MAX_NAP_MS).contains(&time.now_ms()));
    }

    #[test]
    fn who_comes_when_patience_is_over_goes_at_once() {
        let (meeting, time) = (OneAhead::default(), Time::default());
        let mut lost = Box::pin(meeting.join(&time, std::future::pending::<Result<u32, Error>>()));
        assert!(futures_util::FutureExt::now_or_never(&mut lost).is_none());
        block_on(time.sleep(PATIENCE_MS));

        assert_eq!(block_on(meeting.join(&time, async { Ok(8) })), Ok(8));
        assert_eq!(time.now_ms(), PATIENCE_MS);
    }

    #[test]
    fn who_waits_looks_less_and_less_often() {
        assert_eq!([0, 20, 100, 10_000].map(nap_ms), [10, 10, 50, 200]);
    }
}
