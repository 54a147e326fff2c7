//! Things by key, one for each.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::line::Key;

/// Whatever is kept by key, in the order in which it came.
pub(super) struct Cells<'a, T> {
    index: Index<'a>,
    pub(super) list: Vec<T>,
}

impl<'a, T: Default> Cells<'a, T> {
    pub(super) fn new() -> Self {
        Self { index: Index::default(), list: Vec::new() }
    }

    /// Changes what is kept by `key`; a new thing where there is none.
    pub(super) fn change(&mut self, key: Key<'a>, change: impl FnOnce(&mut T)) {
        let place = self.index.put(key);
        if place == self.list.len() {
            self.list.push(T::default());
        }
        if let Some(kept) = self.list.get_mut(place) {
            change(kept);
        }
    }

    /// What is kept by `key`.
    pub(super) fn find(&mut self, key: &Key<'a>) -> Option<&mut T> {
        let place = self.place(key)?;
        self.list.get_mut(place)
    }

    /// Where in the list that is.
    pub(super) fn place(&self, key: &Key<'a>) -> Option<usize> {
        self.index.place(key)
    }
}

/// The keys in the order in which they came, and a table of their places with open addressing: a `HashMap` is slower
/// here, and several kilobytes of WebAssembly.
#[derive(Default)]
pub(in crate::hub) struct Index<'a> {
    keys: Vec<Key<'a>>,
    /// A power of two, half of it free. Places count from 1; 0 is free.
    table: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Without growing on the way.
    pub(in crate::hub) fn with_room_for(count: usize) -> Self {
        Self { keys: Vec::with_capacity(count), table: vec![0; count.saturating_mul(2).saturating_add(2).next_power_of_two()] }
    }

    /// The place of `key`: the next where it is new.
    pub(in crate::hub) fn put(&mut self, key: Key<'a>) -> usize {
        if self.keys.len() >= self.table.len() / 2 {
            self.grow();
        }
        let (slot, place) = self.search(&key);
        place.unwrap_or_else(|| {
            let place = self.keys.len();
            self.keys.push(key);
            self.enter(slot);
            place
        })
    }

    pub(super) fn place(&self, key: &Key<'a>) -> Option<usize> {
        self.search(key).1
    }

    /// Where in the table `key` is or would be, and its place.
    fn search(&self, key: &Key<'a>) -> (usize, Option<usize>) {
        let mut slot = self.wrap(hash(key));
        while let Some(place) = self.table.get(slot).and_then(|place| place.checked_sub(1)) {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if self.keys.get(place) == Some(key) {
                return (slot, Some(place));
            }
            slot = self.wrap(slot.wrapping_add(1));
        }
        (slot, None)
    }

    /// Makes the table twice as large.
    #[inline(never)]
    fn grow(&mut self) {
        let size = self.table.len().saturating_mul(2).max(64);
        self.table = vec![0; size];
        let keys = std::mem::take(&mut self.keys);
        for key in keys {
            let (slot, _) = self.search(&key);
            self.keys.push(key);
            self.enter(slot);
        }
    }

    /// Enters the last of the keys.
    fn enter(&mut self, slot: usize) {
        if let Some(place) = self.table.get_mut(slot) {
            *place = u32::try_from(self.keys.len()).unwrap_or(0);
        }
    }

    fn wrap(&self, slot: usize) -> usize {
        slot & self.table.len().wrapping_sub(1)
    }
}

#[inline(never)]
fn hash(key: &Key<'_>) -> usize {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    usize::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or(0)
}
