//! Things by key, one for each.

use std::collections::HashMap;

use super::line::Key;

/// A map of which only the lookup knows the keys: one instance of it serves whatever is kept.
pub(super) struct Cells<'a, T> {
    places: HashMap<Key<'a>, usize>,
    pub(super) list: Vec<T>,
}

impl<'a, T: Default> Cells<'a, T> {
    pub(super) fn new() -> Self {
        Self { places: HashMap::new(), list: Vec::new() }
    }

    /// Changes what is kept by `key`; a new thing where there is none.
    pub(super) fn change(&mut self, key: Key<'a>, change: impl FnOnce(&mut T)) {
        let next = self.list.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
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
        self.places.get(key).copied()
    }
}
