//! Pairs amounts of two lists by least difference: again and again the two that differ least, until
//! one list is used up.
//!
//! In the order of all amounts the two that differ least are neighbours. So an ordered set of those
//! left and a heap of the differences between neighbours are enough: O(n log n).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::money::Won;

/// The pairs, as places in the two lists. Of equal amounts those go first that stand first here.
pub(super) fn pairs_of_least_difference(left: &[Won], right: &[Won]) -> Vec<(usize, usize)> {
    let of_side = |side| move |(place, &amount): (usize, &Won)| Entry { amount, side, place };
    let left = left.iter().enumerate().map(of_side(Side::Left));
    let right = right.iter().enumerate().map(of_side(Side::Right));
    let mut free = BTreeSet::new();
    free.extend(left.chain(right));

    let neighbours = free.iter().zip(free.iter().skip(1));
    let mut heap: BinaryHeap<_> = neighbours.filter_map(candidate).collect();
    let mut pairs = Vec::new();
    while let Some(Reverse((_, before, after))) = heap.pop() {
        if !(free.contains(&before) && free.contains(&after)) {
            continue;
        }
        pairs.push(match before.side {
            Side::Left => (before.place, after.place),
            Side::Right => (after.place, before.place),
        });
        free.remove(&before);
        free.remove(&after);
        let neighbours = free.range(..before).next_back().zip(free.range(after..).next());
        heap.extend(neighbours.and_then(candidate));
    }
    pairs
}

/// Two neighbours of different lists, ordered by their difference. Smallest first.
fn candidate((before, after): (&Entry, &Entry)) -> Option<Reverse<(u64, Entry, Entry)>> {
    let difference = before.amount.abs_diff(after.amount);
    (before.side != after.side).then_some(Reverse((difference, *before, *after)))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    amount: Won,
    side: Side,
    place: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    Right,
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn sorted(amounts: &[u64]) -> Vec<Won> {
        let mut amounts: Vec<Won> =
            amounts.iter().map(|&amount| Won::new(amount).unwrap()).collect();
        amounts.sort();
        amounts
    }

    #[test]
    fn those_that_differ_least_go_together() {
        let pairs = |left: &[u64], right: &[u64]| {
            let mut pairs = pairs_of_least_difference(&sorted(left), &sorted(right));
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
            let (left, right) = (sorted(&left), sorted(&right));
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
