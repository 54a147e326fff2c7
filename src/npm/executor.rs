//! The look-ups under way and the operations they wait for, driven by JavaScript's calls.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::JsValue;

use super::host::{Host, Settled};

/// Takes a look-up in and returns its number. It runs at the next [`turn`].
pub(super) fn spawn(host: Host, lookup: impl Future<Output = Settled> + 'static) -> u32 {
    with(|state| {
        let id = state.next_id();
        state.open(id, Entry::Task(Task { host, lookup: Some(Box::pin(lookup)) }));
        state.ready.push_back(id);
        id
    })
}

/// Runs every look-up that can go on, until all wait.
pub(super) fn turn() {
    while let Some(id) = with(|state| state.ready.pop_front()) {
        // Taken out while it runs: what it does may come back here.
        let Some(mut lookup) = with(|state| state.task(id).and_then(|task| task.lookup.take()))
        else {
            continue;
        };
        let waker = Waker::from(Arc::new(Ready(id)));
        match lookup.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => with(|state| {
                if let Some(task) = state.task(id) {
                    task.lookup = Some(lookup);
                }
            }),
            Poll::Ready(settled) => {
                drop(lookup);
                if let Some(Entry::Task(task)) = with(|state| state.close(id)) {
                    settled.tell(&task.host, id);
                }
            }
        }
    }
}

/// Drops a look-up, and with it the operations that it alone waits for.
pub(super) fn cancel(id: u32) {
    // Dropped outside of the borrow: dropping an operation comes back here.
    drop(with(|state| state.close(id)));
}

/// Hands the outcome of an operation to who waits for it.
pub(super) fn complete(id: u32, outcome: Result<JsValue, JsValue>) {
    let waker = with(|state| {
        state.operation(id).and_then(|operation| {
            operation.outcome = Some(outcome);
            operation.waker.take()
        })
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Something that JavaScript was asked to do. Dropped before its end, it is cancelled.
pub(super) struct Operation {
    id: u32,
    host: Host,
}

impl Operation {
    /// Asks for it: `begin` gets the number that JavaScript will report the outcome under.
    pub(super) fn begin(host: Host, begin: impl FnOnce(&Host, u32)) -> Self {
        let id = with(|state| {
            let id = state.next_id();
            state.open(id, Entry::Operation(Awaited::default()));
            id
        });
        begin(&host, id);
        Self { id, host }
    }
}

impl Future for Operation {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        with(|state| {
            let Some(operation) = state.operation(self.id) else {
                return Poll::Pending;
            };
            match operation.outcome.take() {
                Some(outcome) => Poll::Ready(outcome),
                None => {
                    operation.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        drop(with(|state| state.close(self.id)));
        self.host.cancel(self.id);
    }
}

#[derive(Default)]
struct State {
    last_id: u32,
    /// All that is open, by number. What was begun first mostly ends first: at the front it is
    /// found and taken at once.
    entries: VecDeque<(u32, Entry)>,
    ready: VecDeque<u32>,
}

enum Entry {
    Task(Task),
    Operation(Awaited),
}

struct Task {
    host: Host,
    lookup: Option<Pin<Box<dyn Future<Output = Settled>>>>,
}

#[derive(Default)]
struct Awaited {
    outcome: Option<Result<JsValue, JsValue>>,
    waker: Option<Waker>,
}

impl State {
    /// Wraps around after four billion; what still runs then keeps its number.
    fn next_id(&mut self) -> u32 {
        loop {
            self.last_id = self.last_id.wrapping_add(1);
            if self.place(self.last_id).is_err() {
                return self.last_id;
            }
        }
    }

    fn open(&mut self, id: u32, entry: Entry) {
        let place = self.place(id).unwrap_or_else(|place| place);
        self.entries.insert(place, (id, entry));
    }

    fn close(&mut self, id: u32) -> Option<Entry> {
        let place = self.place(id).ok()?;
        self.entries.remove(place).map(|(_, entry)| entry)
    }

    fn task(&mut self, id: u32) -> Option<&mut Task> {
        match self.entry(id)? {
            Entry::Task(task) => Some(task),
            Entry::Operation(_) => None,
        }
    }

    fn operation(&mut self, id: u32) -> Option<&mut Awaited> {
        match self.entry(id)? {
            Entry::Operation(operation) => Some(operation),
            Entry::Task(_) => None,
        }
    }

    fn entry(&mut self, id: u32) -> Option<&mut Entry> {
        let place = self.place(id).ok()?;
        self.entries.get_mut(place).map(|(_, entry)| entry)
    }

    /// Where a number stands, or would stand.
    fn place(&self, id: u32) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |(id, _)| *id)
    }
}

/// Wakes by number: a `Waker` must be `Send`, which nothing of JavaScript's is.
struct Ready(u32);

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        with(|state| {
            if !state.ready.contains(&self.0) {
                state.ready.push_back(self.0);
            }
        });
    }
}

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    thread_local!(static STATE: RefCell<State> = RefCell::default());
    STATE.with(|state| act(&mut state.borrow_mut()))
}
