//! Sorting the indices of a list by the items at them.
//!
//! All sorting in `payout/` uses this one instance of the standard sort: each further type to sort
//! would be ten kilobytes more of WebAssembly.

use std::cmp::Ordering;

/// Sorts places by `order`, and places of equal order by themselves, so that equal input gives
/// equal output.
pub(super) fn sort_places(places: &mut [usize], order: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_unstable_by(|one, other| order(*one, *other).then(one.cmp(other)));
}

/// All places of a list of this length, sorted by `order`.
pub(super) fn sorted_places(len: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    sort_places(&mut places, order);
    places
}
