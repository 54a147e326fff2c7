//! Pairs two lists of amounts so that the differences are least in total.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter::Peekable;

/// For every amount of the shorter list its partner in the longer one, as rising positions: the lowest choice of those
/// with the least total.
///
/// Both lists must rise. Takes O(n log n).
#[inline(never)]
pub(super) fn nearest(shorter: &[i64], longer: &[i64]) -> Vec<usize> {
    let used = Seating::new(shorter, longer).used;
    used.into_iter().enumerate().filter_map(|(place, used)| used.then_some(place)).collect()
}

/// A walk along both lists at once that revises earlier choices by their price: each seeker takes the best place so far,
/// each place takes over the seeker that gains most by it, and both leave behind what undoing it would cost.
///
/// These are the shortest augmenting paths of the assignment problem on a line. A place has one seeker at most, so all
/// that is left of a choice is a price and the place that undoing it would release or use again.
struct Seating {
    used: Vec<bool>,
    /// What a later seeker pays besides its own amount, and the place that is then used. Ties: the lowest place.
    open: Offers,
    /// What a later place pays besides its own amount, and the place that is then released. Ties: the highest place.
    taken: Offers,
}

impl Seating {
    fn new(seekers: &[i64], places: &[i64]) -> Self {
        let mut seating =
            Self { used: vec![false; places.len()], open: Offers::new(), taken: Offers::new() };
        let mut seekers = seekers.iter().copied().peekable();
        for (place, &amount) in (0..).zip(places) {
            seating.seat(&mut seekers, amount);
            seating.offer(place, amount);
        }
        seating.seat(&mut seekers, i64::MAX);
        seating
    }

    /// Gives every seeker up to `amount` a place.
    fn seat(&mut self, seekers: &mut Peekable<impl Iterator<Item = i64>>, amount: i64) {
        while let Some(seeker) = seekers.next_if(|&seeker| seeker <= amount) {
            let Reverse((price, place)) =
                pop(&mut self.open).unwrap_or(Reverse((NOWHERE, i64::MAX)));
            self.mark(place, true);
            push(&mut self.taken, undone(price, seeker), place.wrapping_neg());
        }
    }

    /// Gives a place to the seeker that gains most by it, or leaves it open.
    fn offer(&mut self, place: i64, amount: i64) {
        match self.taken.peek() {
            Some(&Reverse((price, released))) if price.wrapping_add(amount) < 0 => {
                let released = released.wrapping_neg();
                pop(&mut self.taken);
                self.mark(place, true);
                self.mark(released, false);
                push(&mut self.open, undone(price, amount), released);
            }
            _ => push(&mut self.open, amount.wrapping_neg(), place),
        }
    }

    fn mark(&mut self, place: i64, used: bool) {
        if let Some(mark) = usize::try_from(place).ok().and_then(|place| self.used.get_mut(place)) {
            *mark = used;
        }
    }
}

/// Prices and places, cheapest first.
type Offers = BinaryHeap<Reverse<(i64, i64)>>;

#[inline(never)]
fn push(offers: &mut Offers, price: i64, place: i64) {
    offers.push(Reverse((price, place)));
}

#[inline(never)]
fn pop(offers: &mut Offers) -> Option<Reverse<(i64, i64)>> {
    offers.pop()
}

/// What it costs another at `0` to undo a choice made at `amount` for `price` and that amount.
fn undone(price: i64, amount: i64) -> i64 {
    price.wrapping_add(amount).wrapping_add(amount).wrapping_neg()
}

/// The price of having no place: more than any difference of two amounts.
const NOWHERE: i64 = 1 << 60;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::won::Won;

    /// Every rising choice with the smallest total.
    fn all_best(shorter: &[Won], longer: &[Won]) -> Vec<Vec<usize>> {
        let mut best: (u64, Vec<Vec<usize>>) = (u64::MAX, Vec::new());
        let mut open = vec![(Vec::new(), 0)];
        while let Some((chosen, sum)) = open.pop() {
            if chosen.len() == shorter.len() {
                if sum < best.0 {
                    best = (sum, Vec::new());
                }
                if sum == best.0 {
                    best.1.push(chosen);
                }
                continue;
            }
            let from = chosen.last().map_or(0, |last| last + 1);
            for (place, amount) in longer.iter().enumerate().skip(from) {
                let distance = shorter[chosen.len()].distance(*amount);
                open.push((chosen.iter().copied().chain([place]).collect(), sum + distance));
            }
        }
        best.1
    }

    fn rising(len: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Won>> {
        let amounts = prop_oneof![0..6_u64, 0..40_u64, Just(crate::won::MAX_EXACT)];
        proptest::collection::vec(amounts, len).prop_map(|mut amounts| {
            amounts.sort_unstable();
            won(&amounts)
        })
    }

    fn won(amounts: &[u64]) -> Vec<Won> {
        amounts.iter().map(|amount| Won::new(*amount).unwrap()).collect()
    }

    /// The lowest of the best choices, and the highest: the lowest as seen from above.
    fn both(shorter: &[Won], longer: &[Won]) -> (Vec<usize>, Vec<usize>) {
        let from_below =
            |list: &[Won]| -> Vec<i64> { list.iter().map(|amount| amount.signed()).collect() };
        let from_above = |list: &[Won]| -> Vec<i64> {
            list.iter().rev().map(|amount| -amount.signed()).collect()
        };
        let highest = nearest(&from_above(shorter), &from_above(longer));
        (
            nearest(&from_below(shorter), &from_below(longer)),
            highest.into_iter().rev().map(|at| longer.len() - 1 - at).collect(),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_lowest_and_the_highest_of_the_best_choices_are_found(shorter in rising(0..5), longer in rising(5..9)) {
            let all = all_best(&shorter, &longer);
            let (lowest, highest) = both(&shorter, &longer);

            for (i, (low, high)) in lowest.iter().zip(&highest).enumerate() {
                prop_assert_eq!(Some(*low), all.iter().map(|choice| choice[i]).min());
                prop_assert_eq!(Some(*high), all.iter().map(|choice| choice[i]).max());
            }
            prop_assert!(all.contains(&lowest) && all.contains(&highest));
        }
    }

    #[test]
    fn lists_of_one_length_are_paired_in_order() {
        assert_eq!(both(&won(&[1, 5]), &won(&[2, 3])), (vec![0, 1], vec![0, 1]));
        assert_eq!(both(&won(&[]), &won(&[])), (vec![], vec![]));
    }

    #[test]
    fn the_longer_list_keeps_what_is_farthest() {
        assert_eq!(both(&won(&[900, 5000]), &won(&[1000, 2000, 4500])), (vec![0, 2], vec![0, 2]));
    }

    #[test]
    fn a_tie_shows_in_the_two_choices() {
        assert_eq!(both(&won(&[1500]), &won(&[1000, 2000])), (vec![0], vec![1]));
    }

    #[test]
    fn long_lists_take_no_time() {
        let longer: Vec<u64> = (0..60_000).map(|i| i * 7).collect();
        let shorter: Vec<u64> = (0..30_000).map(|i| i * 13 + 3).collect();

        assert_eq!(both(&won(&shorter), &won(&longer)).0.len(), 30_000);
    }
}
