//! Simulated time: futures run at once, and the clock jumps to when the next one has slept enough.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;

/// Microseconds.
pub(crate) type Us = u64;

/// One simulated time. Clones share it.
#[derive(Clone)]
pub(crate) struct Clock(Rc<Inner>);

struct Inner {
    now_us: Cell<Us>,
    /// Ordered by time, then by who came first.
    sleepers: RefCell<BinaryHeap<Reverse<Sleeper>>>,
    count: Cell<u64>,
    spawner: LocalSpawner,
}

struct Sleeper {
    until_us: Us,
    number: u64,
    waker: Waker,
}

impl Clock {
    pub(crate) fn now_us(&self) -> Us {
        self.0.now_us.get()
    }

    pub(crate) async fn sleep_us(&self, duration_us: Us) {
        let until_us = self.now_us() + duration_us;
        poll_fn(|context| {
            if self.now_us() >= until_us {
                return Poll::Ready(());
            }
            let number = self.0.count.get();
            self.0.count.set(number + 1);
            self.0.sleepers.borrow_mut().push(Reverse(Sleeper {
                until_us,
                number,
                waker: context.waker().clone(),
            }));
            Poll::Pending
        })
        .await;
    }

    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        self.0.spawner.spawn_local(work).expect("the pool is there as long as the run");
    }
}

/// Runs what `begin` spawns until `end_us`; what is not done by then is dropped.
pub(crate) fn run(end_us: Us, begin: impl FnOnce(&Clock)) {
    let mut pool = LocalPool::new();
    let clock = Clock(Rc::new(Inner {
        // Not the epoch: a pass is issued after the beginning of time.
        now_us: Cell::new(0),
        sleepers: RefCell::default(),
        count: Cell::default(),
        spawner: pool.spawner(),
    }));
    begin(&clock);
    loop {
        pool.run_until_stalled();
        let next = clock.0.sleepers.borrow_mut().pop();
        match next {
            Some(Reverse(sleeper)) if sleeper.until_us <= end_us => {
                clock.0.now_us.set(sleeper.until_us.max(clock.now_us()));
                sleeper.waker.wake();
            }
            _ => return,
        }
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.until_us, self.number).cmp(&(other.until_us, other.number))
    }
}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sleeper {}
