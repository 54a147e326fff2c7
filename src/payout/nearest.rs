//! Pairs amounts of two lists by least difference: again and again the two that differ least, until
//! one list is used up.
//!
//! In the merged order of all amounts the two that differ least are neighbours. So a linked list of
//! neighbours and a heap of their differences are enough: O(n log n).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::places::sorted_places;
use crate::money::Won;

/// The pairs, as places in the two lists. Both lists are in the order of their amounts.
pub(super) fn pairs_of_least_difference(left: &[Won], right: &[Won]) -> Vec<(usize, usize)> {
    let entry = |side| move |(place, &amount): (usize, &Won)| Entry { amount, side, place };
    let all: Vec<Entry> = left
        .iter()
        .enumerate()
        .map(entry(Side::Left))
        .chain(right.iter().enumerate().map(entry(Side::Right)))
        .collect();
    let amount = |place: usize| all.get(place).map(|entry| entry.amount);
    let order = sorted_places(all.len(), &|one, other| amount(one).cmp(&amount(other)));
    let entries: Vec<Entry> =
        order.into_iter().filter_map(|place| all.get(place).copied()).collect();

    let mut neighbours = Neighbours::new(entries.len());
    let mut heap: BinaryHeap<_> = (1..entries.len())
        .filter_map(|after| candidate(&entries, after.checked_sub(1)?, after))
        .collect();
    let mut pairs = Vec::with_capacity(left.len().min(right.len()));
    while let Some(Reverse((_, before, after))) = heap.pop() {
        let (Some(one), Some(other)) = (entries.get(before), entries.get(after)) else { continue };
        if !neighbours.are_both_left(before, after) {
            continue;
        }
        pairs.push(match one.side {
            Side::Left => (one.place, other.place),
            Side::Right => (other.place, one.place),
        });
        if let Some((before, after)) = neighbours.take_out(before, after) {
            heap.extend(candidate(&entries, before, after));
        }
    }
    pairs
}

/// Two neighbours of different lists, ordered by their difference. Smallest first.
fn candidate(
    entries: &[Entry],
    before: usize,
    after: usize,
) -> Option<Reverse<(u64, usize, usize)>> {
    let (one, other) = (entries.get(before)?, entries.get(after)?);
    (one.side != other.side).then(|| Reverse((one.amount.abs_diff(other.amount), before, after)))
}

#[derive(Clone, Copy)]
struct Entry {
    amount: Won,
    side: Side,
    place: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A doubly linked list of the places that are left.
struct Neighbours(Vec<Links>);

#[derive(Clone, Copy)]
struct Links {
    before: Option<usize>,
    after: Option<usize>,
    is_left: bool,
}

impl Neighbours {
    fn new(len: usize) -> Self {
        let links = |place: usize| Links {
            before: place.checked_sub(1),
            after: place.checked_add(1).filter(|after| *after < len),
            is_left: true,
        };
        Self((0..len).map(links).collect())
    }

    fn are_both_left(&self, before: usize, after: usize) -> bool {
        [before, after].iter().all(|at| self.0.get(*at).is_some_and(|links| links.is_left))
    }

    /// Takes two neighbours out; returns those that are neighbours now.
    fn take_out(&mut self, first: usize, second: usize) -> Option<(usize, usize)> {
        let before = self.0.get_mut(first).and_then(|links| {
            links.is_left = false;
            links.before
        });
        let after = self.0.get_mut(second).and_then(|links| {
            links.is_left = false;
            links.after
        });
        if let Some(links) = before.and_then(|at| self.0.get_mut(at)) {
            links.after = after;
        }
        if let Some(links) = after.and_then(|at| self.0.get_mut(at)) {
            links.before = before;
        }
        before.zip(after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn won(amounts: &[u64]) -> Vec<Won> {
        let mut amounts: Vec<Won> =
            amounts.iter().map(|&amount| Won::new(amount).unwrap()).collect();
        amounts.sort();
        amounts
    }

    #[test]
    fn those_that_differ_least_go_together() {
        let pairs = |left: &[u64], right: &[u64]| {
            let mut pairs = pairs_of_least_difference(&won(left), &won(right));
            pairs.sort_unstable();
            pairs
        };
        assert_eq!(pairs(&[5_000, 8_000], &[1_100, 5_000, 9_000]), [(0, 1), (1, 2)]);
        assert_eq!(pairs(&[100], &[90, 111]), [(0, 0)]);
        assert_eq!(pairs(&[100], &[80, 111]), [(0, 1)]);
        assert_eq!(pairs(&[], &[1]), []);
        assert_eq!(pairs(&[10, 20], &[12]), [(0, 0)]);
    }

    proptest! {
        #[test]
        fn each_pair_differs_least_among_those_still_left(
            left in vec(0..60_u64, 0..9),
            right in vec(0..60_u64, 0..9),
        ) {
            let (left, right) = (won(&left), won(&right));
            let pairs = pairs_of_least_difference(&left, &right);
            prop_assert_eq!(pairs.len(), left.len().min(right.len()));
            let mut differences: Vec<u64> =
                pairs.iter().map(|(l, r)| left[*l].abs_diff(right[*r])).collect();
            // The brute-force oracle: search all remaining pairs each time.
            let (mut one, mut other): (Vec<_>, Vec<_>) =
                ((0..left.len()).collect(), (0..right.len()).collect());
            for (l, r) in pairs {
                let least = one
                    .iter()
                    .flat_map(|l| other.iter().map(|r| left[*l].abs_diff(right[*r])))
                    .min();
                prop_assert_eq!(least, Some(differences.remove(0)));
                one.retain(|at| *at != l);
                other.retain(|at| *at != r);
            }
        }
    }
}
