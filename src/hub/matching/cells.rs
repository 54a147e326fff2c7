//! Things by key, one for each.

use super::line::Key;

/// Whatever is kept by key, in the order in which it came.
#[derive(Default)]
pub(super) struct Cells<T> {
    index: Index,
    keys: Vec<Key>,
    pub(super) list: Vec<T>,
}

impl<T: Default> Cells<T> {
    pub(super) fn new() -> Self {
        Self { index: Index::default(), keys: Vec::new(), list: Vec::new() }
    }

    /// What is kept by `key`; a new thing where there is none.
    pub(super) fn put(&mut self, key: Key) -> Option<&mut T> {
        let place = self.index.put(key.hash(), &mut |place| self.keys.get(place) == Some(&key));
        if place == self.list.len() {
            self.keys.push(key);
            self.list.push(T::default());
        }
        self.list.get_mut(place)
    }

    /// What is kept by `key`.
    pub(super) fn find(&mut self, key: &Key) -> Option<&mut T> {
        let place = self.place(key)?;
        self.list.get_mut(place)
    }

    /// Where in the list that is.
    pub(super) fn place(&self, key: &Key) -> Option<usize> {
        self.index.place(key.hash(), &mut |place| self.keys.get(place) == Some(key))
    }
}

/// Places of things by their hashes: a table with open addressing that leaves to its owner what the things are. A
/// `HashMap` is slower here, and several kilobytes of WebAssembly.
#[derive(Default)]
pub(in crate::hub) struct Index {
    /// By place.
    hashes: Vec<u32>,
    /// A power of two, half of it free. Places count from 1; 0 is free.
    table: Vec<u32>,
}

/// Whether the thing at a place is the one that is looked for.
pub(in crate::hub) type IsIt<'i> = dyn FnMut(usize) -> bool + 'i;

impl Index {
    /// Without growing on the way.
    pub(in crate::hub) fn with_room_for(count: usize) -> Self {
        Self {
            hashes: Vec::with_capacity(count),
            table: vec![0; count.saturating_mul(2).saturating_add(2).next_power_of_two()],
        }
    }

    /// The place of a thing: the next where it is new.
    pub(in crate::hub) fn put(&mut self, hash: u64, is_it: &mut IsIt<'_>) -> usize {
        if self.hashes.len() >= self.table.len() / 2 {
            self.grow();
        }
        let hash = short(hash);
        let (slot, place) = self.search(hash, is_it);
        place.unwrap_or_else(|| {
            let place = self.hashes.len();
            self.hashes.push(hash);
            self.enter(slot, place);
            place
        })
    }

    pub(super) fn place(&self, hash: u64, is_it: &mut IsIt<'_>) -> Option<usize> {
        self.search(short(hash), is_it).1
    }

    /// Where in the table the thing is or would be, and its place.
    #[inline(never)]
    fn search(&self, hash: u32, is_it: &mut IsIt<'_>) -> (usize, Option<usize>) {
        let mut slot = self.wrap(index(hash));
        while let Some(place) = self.table.get(slot).and_then(|place| place.checked_sub(1)) {
            let place = index(place);
            if self.hashes.get(place) == Some(&hash) && is_it(place) {
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
        for place in 0..self.hashes.len() {
            let hash = self.hashes.get(place).copied().unwrap_or(0);
            let (slot, _) = self.search(hash, &mut |_| false);
            self.enter(slot, place);
        }
    }

    fn enter(&mut self, slot: usize, place: usize) {
        if let Some(entered) = self.table.get_mut(slot) {
            *entered = u32::try_from(place).map_or(0, |place| place.wrapping_add(1));
        }
    }

    fn wrap(&self, slot: usize) -> usize {
        slot & self.table.len().wrapping_sub(1)
    }
}

/// A hash of `hash` and one number more.
pub(in crate::hub) fn mix(hash: u64, number: u64) -> u64 {
    (hash.rotate_left(23) ^ number).wrapping_mul(ODD)
}

/// The half of a hash in which all of it has been mixed: where pointers have 32 bits, so has what comes from `FxHasher`.
fn short(hash: u64) -> u32 {
    u32::try_from(mix(0, hash) >> 32).unwrap_or(0)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// 2^64 by the golden ratio: its multiples spread evenly.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_again_has_the_place_that_it_had() {
        for mut index in [Index::default(), Index::with_room_for(10)] {
            for round in 0..2 {
                for number in 0..1_000 {
                    let place = index.put(mix(0, number), &mut |place| {
                        place == usize::try_from(number).unwrap()
                    });
                    assert_eq!(place, usize::try_from(number).unwrap(), "{round}");
                }
            }
            assert_eq!(index.place(mix(0, 1_000), &mut |_| false), None);
        }
    }

    #[test]
    fn a_table_with_room_does_not_grow() {
        let mut index = Index::with_room_for(1_000);
        let size = index.table.len();
        for number in 0..1_000 {
            index.put(mix(0, number), &mut |_| false);
        }

        assert_eq!(index.table.len(), size);
    }

    #[test]
    fn what_differs_is_hardly_ever_compared() {
        let (mut index, mut compared) = (Index::default(), 0);
        for number in 0..10_000 {
            index.put(mix(0, number), &mut |_| {
                compared += 1;
                false
            });
            assert!(compared < 10, "{number}");
        }
    }
}
