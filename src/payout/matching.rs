//! Which line of the list is which request of the group, by a rule that a clerk can repeat.
//!
//! The whole list is matched by one key:
//! [`Expectation::matched_by`](super::expectation::Expectation::matched_by). Within one value of
//! that key
//!
//! 1. equal amounts go together, those first that agree in the other texts which the list gives;
//! 2. what is left pairs in the order of the amounts where both sides have as many, each pair an
//!    `amount_mismatch`;
//! 3. where one side has more, the pairs of least difference do, and the finding `ambiguous_match`
//!    names everything under that key value.
//!
//! Where the amount is the key, nothing of another amount is paired: what is left is missing or
//! unexpected. O(n log n) whatever the lists hold: ordered maps, sorting and one heap, and no hash
//! that a caller could aim at.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::expectation::MatchBy;
use super::nearest::pairs_of_least_difference;
use super::payment::Payment;
use super::places::{sort_by_place, sort_places, sorted_places};
use crate::money::Won;

/// Which line of the list is which row of the group. Lines and rows are their places.
pub(super) struct Matching<'a> {
    pub(super) lines: &'a [Payment<'a>],
    pub(super) rows: &'a [Payment<'a>],
    /// Pairs of one amount.
    pub(super) matched: Vec<(usize, usize)>,
    /// Pairs of different amounts.
    pub(super) different: Vec<(usize, usize)>,
    pub(super) missing: Vec<usize>,
    pub(super) unexpected: Vec<usize>,
    pub(super) ambiguous: Vec<Candidates>,
}

/// Lines and rows that may go together.
#[derive(Default, Clone)]
pub(super) struct Candidates {
    pub(super) lines: Vec<usize>,
    pub(super) rows: Vec<usize>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(lines: &'a [Payment<'a>], rows: &'a [Payment<'a>], key: MatchBy) -> Self {
        // Under each key value and amount. A row without the key has no place here.
        let mut candidates: BTreeMap<(&str, Won), Candidates> = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            if let Some(text) = key.value_of(line) {
                candidates.entry((text, line.amount)).or_default().lines.push(place);
            }
        }
        let mut unexpected = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            match key.value_of(row) {
                Some(text) => {
                    candidates.entry((text, row.amount)).or_default().rows.push(place);
                }
                None => unexpected.push(place),
            }
        }
        let (matched, different, missing, ambiguous) = Default::default();
        let mut matching = Self { lines, rows, matched, different, missing, unexpected, ambiguous };
        let is_one_value = |one: &(&str, Won), other: &(&str, Won)| {
            one.0 == other.0 && (key != MatchBy::Amount || one.1 == other.1)
        };
        let candidates: Vec<_> = candidates.into_iter().collect();
        for of_one_value in candidates.chunk_by(|(one, _), (other, _)| is_one_value(one, other)) {
            matching.match_key_value(of_one_value.iter().map(|(_, candidates)| candidates));
        }
        sort_by_place(&mut matching.missing);
        sort_by_place(&mut matching.unexpected);
        matching.matched = in_order_of_lines(&matching.matched);
        matching.different = in_order_of_lines(&matching.different);
        matching
    }

    /// Matches everything under one key value: `by_amount`, smallest first.
    fn match_key_value<'c>(&mut self, by_amount: impl Iterator<Item = &'c Candidates> + Clone) {
        let (mut lines, mut rows, mut is_ambiguous) = (Vec::new(), Vec::new(), false);
        for candidates in by_amount.clone() {
            let (left, is_open) = self.match_equal_amounts(candidates);
            lines.extend(left.lines);
            rows.extend(left.rows);
            is_ambiguous |= is_open;
        }
        // Still in the order of their amounts, and no amount is left on both sides.
        let pairs: Vec<(usize, usize)> = if lines.len() == rows.len() {
            (0..lines.len()).map(|place| (place, place)).collect()
        } else {
            is_ambiguous |= !lines.is_empty() && !rows.is_empty();
            pairs_of_least_difference(&amounts(self.lines, &lines), &amounts(self.rows, &rows))
        };
        let (mut free_lines, mut free_rows): (Vec<_>, Vec<_>) =
            (lines.into_iter().map(Some).collect(), rows.into_iter().map(Some).collect());
        for (line, row) in pairs {
            let (line, row) = (take(&mut free_lines, line), take(&mut free_rows, row));
            self.different.extend(line.zip(row));
        }
        self.missing.extend(free_lines.into_iter().flatten());
        self.unexpected.extend(free_rows.into_iter().flatten());
        if is_ambiguous {
            let mut all = Candidates::default();
            for candidates in by_amount {
                all.lines.extend(&candidates.lines);
                all.rows.extend(&candidates.rows);
            }
            sort_by_place(&mut all.lines);
            sort_by_place(&mut all.rows);
            self.ambiguous.push(all);
        }
    }

    /// Matches lines and rows of one key value and one amount. Returns what is left (lines or rows,
    /// never both), and whether another choice was possible.
    fn match_equal_amounts(&mut self, candidates: &Candidates) -> (Candidates, bool) {
        // What nearly every group consists of needs no choice.
        match (candidates.lines.as_slice(), candidates.rows.as_slice()) {
            ([line], [row]) => {
                self.matched.push((*line, *row));
                return (Candidates::default(), false);
            }
            ([_], []) | ([], [_]) => return (candidates.clone(), false),
            _ => {}
        }
        let line_texts = |line: usize| self.lines.get(line).map(Payment::texts).unwrap_or_default();
        let row_texts = |row: usize| self.rows.get(row).map(Payment::texts).unwrap_or_default();
        // By content and not by place, so that the order of the lists makes no difference. Lines
        // that give most texts choose first.
        let mut lines = candidates.lines.clone();
        let given = |line: usize| line_texts(line).map(|text| text.is_some());
        let line_key = |line: usize| {
            let given = given(line);
            (Reverse(given.iter().filter(|given| **given).count()), given, line_texts(line))
        };
        sort_places(&mut lines, &|one, other| line_key(one).cmp(&line_key(other)));
        let mut rows = candidates.rows.clone();
        sort_places(&mut rows, &|one, other| row_texts(one).cmp(&row_texts(other)));
        let mut rows: Vec<Option<usize>> = rows.into_iter().map(Some).collect();

        let mut disagreeing = Vec::new();
        // For the texts of each matched line: the distinct texts of the rows that such lines took.
        let mut taken: BTreeMap<Texts<'_>, Vec<Texts<'_>>> = BTreeMap::new();
        let mut given_texts = Vec::new();
        for of_one_kind in lines.chunk_by(|one, other| given(*one) == given(*other)) {
            let Some(kind) = of_one_kind.first().map(|line| line_texts(*line)) else { continue };
            given_texts.push(kind);
            let mut free: BTreeMap<Texts<'_>, VecDeque<&mut Option<usize>>> = BTreeMap::new();
            for slot in &mut *rows {
                if let Some(row) = *slot {
                    free.entry(only_given(row_texts(row), kind)).or_default().push_back(slot);
                }
            }
            for &line in of_one_kind {
                let row = free
                    .get_mut(&line_texts(line))
                    .and_then(VecDeque::pop_front)
                    .and_then(Option::take);
                let Some(row) = row else {
                    disagreeing.push(line);
                    continue;
                };
                self.matched.push((line, row));
                let taken = taken.entry(line_texts(line)).or_default();
                if taken.last() != Some(&row_texts(row)) {
                    taken.push(row_texts(row));
                }
            }
        }
        let mut left =
            Candidates { lines: disagreeing, rows: rows.into_iter().flatten().collect() };
        let disagreeing_pairs = left.lines.len().min(left.rows.len());
        let pairs = left.lines.drain(..disagreeing_pairs).zip(left.rows.drain(..disagreeing_pairs));
        self.matched.extend(pairs);
        // The choice was open if a left-over row fits the texts of a line as well as the row that
        // was taken, and differs from it elsewhere.
        let is_as_good = |row: Texts<'_>, kind: &Texts<'_>| {
            taken
                .get(&only_given(row, *kind))
                .is_some_and(|taken| taken.iter().any(|one| *one != row))
        };
        let is_open = left
            .rows
            .iter()
            .any(|&row| given_texts.iter().any(|kind| is_as_good(row_texts(row), kind)));
        let is_left = !left.lines.is_empty() || !left.rows.is_empty();
        (left, is_open || (disagreeing_pairs > 0 && is_left))
    }
}

pub(super) type Texts<'a> = [Option<&'a str>; 3];

/// Of a row's texts those of which `given` has one.
pub(super) fn only_given<'a>(texts: Texts<'a>, given: Texts<'_>) -> Texts<'a> {
    let [a, b, c] = texts;
    let [for_a, for_b, for_c] = given;
    [a.filter(|_| for_a.is_some()), b.filter(|_| for_b.is_some()), c.filter(|_| for_c.is_some())]
}

fn amounts(payments: &[Payment<'_>], places: &[usize]) -> Vec<Won> {
    places.iter().filter_map(|place| payments.get(*place)).map(|payment| payment.amount).collect()
}

fn in_order_of_lines(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let line = |place: usize| pairs.get(place).map(|(line, _)| *line);
    let order = sorted_places(pairs.len(), &|one, other| line(one).cmp(&line(other)));
    order.into_iter().filter_map(|place| pairs.get(place).copied()).collect()
}

/// Takes one out.
fn take(slots: &mut [Option<usize>], place: usize) -> Option<usize> {
    slots.get_mut(place).and_then(Option::take)
}
