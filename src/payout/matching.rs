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
use super::places::{sort_by_place, sort_places};
use crate::money::Won;

/// Which line of the list is which row of the group. Lines and rows are their places, in order.
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
        for (place, row) in rows.iter().enumerate() {
            if let Some(text) = key.value_of(row) {
                candidates.entry((text, row.amount)).or_default().rows.push(place);
            }
        }
        let is_one_value = |one: &(&str, Won), other: &(&str, Won)| {
            one.0 == other.0 && (key != MatchBy::Amount || one.1 == other.1)
        };
        let candidates: Vec<_> = candidates.into_iter().collect();
        let mut pairing =
            Pairing { lines, rows, row_of_line: vec![None; lines.len()], ambiguous: Vec::new() };
        for of_one_value in candidates.chunk_by(|(one, _), (other, _)| is_one_value(one, other)) {
            pairing.match_key_value(of_one_value);
        }
        pairing.into_matching()
    }
}

/// A matching on its way.
struct Pairing<'a> {
    lines: &'a [Payment<'a>],
    rows: &'a [Payment<'a>],
    row_of_line: Vec<Option<usize>>,
    ambiguous: Vec<Candidates>,
}

impl<'a> Pairing<'a> {
    fn pair(&mut self, line: usize, row: usize) {
        if let Some(slot) = self.row_of_line.get_mut(line) {
            *slot = Some(row);
        }
    }

    /// Matches everything under one key value, which is in the order of its amounts.
    fn match_key_value(&mut self, by_amount: &[((&str, Won), Candidates)]) {
        let (mut lines, mut rows, mut is_ambiguous) = (Vec::new(), Vec::new(), false);
        for ((_, amount), candidates) in by_amount {
            let (left, is_open) = self.match_equal_amounts(candidates);
            lines.extend(left.lines.into_iter().map(|line| (*amount, line)));
            rows.extend(left.rows.into_iter().map(|row| (*amount, row)));
            is_ambiguous |= is_open;
        }
        // No amount is left on both sides.
        if lines.len() == rows.len() {
            lines.iter().zip(rows).for_each(|((_, line), (_, row))| self.pair(*line, row));
        } else {
            is_ambiguous |= !lines.is_empty() && !rows.is_empty();
            for (line, row) in pairs_of_least_difference(&lines, &rows) {
                self.pair(line, row);
            }
        }
        if is_ambiguous {
            let mut all = Candidates::default();
            for (_, candidates) in by_amount {
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
        if let ([line], [row]) = (candidates.lines.as_slice(), candidates.rows.as_slice()) {
            self.pair(*line, *row);
            return (Candidates::default(), false);
        }
        let Candidates { mut lines, mut rows } = candidates.clone();
        let (all_lines, all_rows) = (self.lines, self.rows);
        let line_texts = |place| texts(all_lines, place);
        let row_texts = |place| texts(all_rows, place);
        let given = |line| line_texts(line).map(|text| text.is_some());
        // By content and not by place, so that the order of the lists makes no difference. Lines
        // that give most texts choose first.
        let line_key = |line| {
            let given = given(line);
            (Reverse(given.iter().filter(|given| **given).count()), given, line_texts(line))
        };
        sort_places(&mut lines, &|one, other| line_key(one).cmp(&line_key(other)));
        let by_texts = |one, other| row_texts(one).cmp(&row_texts(other));
        sort_places(&mut rows, &by_texts);

        let (mut disagreeing, mut kinds) = (Vec::new(), Vec::new());
        // For the texts of matched lines: those of the first and of the last row that they took.
        let mut taken: BTreeMap<Texts<'_>, (Texts<'_>, Texts<'_>)> = BTreeMap::new();
        for of_one_kind in lines.chunk_by(|one, other| given(*one) == given(*other)) {
            let Some(kind) = of_one_kind.first().map(|line| line_texts(*line)) else { continue };
            kinds.push(kind);
            let mut free: BTreeMap<Texts<'_>, VecDeque<usize>> = BTreeMap::new();
            for row in rows.drain(..) {
                free.entry(only_given(row_texts(row), kind)).or_default().push_back(row);
            }
            for &line in of_one_kind {
                let texts = line_texts(line);
                match free.get_mut(&texts).and_then(VecDeque::pop_front) {
                    Some(row) => {
                        self.pair(line, row);
                        taken.entry(texts).or_insert((row_texts(row), row_texts(row))).1 =
                            row_texts(row);
                    }
                    None => disagreeing.push(line),
                }
            }
            rows.extend(free.into_values().flatten());
            sort_places(&mut rows, &by_texts);
        }
        let disagreeing_pairs = disagreeing.len().min(rows.len());
        let pairs = disagreeing.drain(..disagreeing_pairs).zip(rows.drain(..disagreeing_pairs));
        pairs.for_each(|(line, row)| self.pair(line, row));
        // The choice was open if a left-over row fits the texts of a line as well as the row that
        // was taken, and differs from it elsewhere.
        let could_be_taken = |row: &usize| {
            let row = row_texts(*row);
            let mut rivals = kinds.iter().filter_map(|kind| taken.get(&only_given(row, *kind)));
            rivals.any(|(first, last)| *first != row || *last != row)
        };
        let is_left = !disagreeing.is_empty() || !rows.is_empty();
        let is_open = rows.iter().any(could_be_taken) || (disagreeing_pairs > 0 && is_left);
        (Candidates { lines: disagreeing, rows }, is_open)
    }

    fn into_matching(self) -> Matching<'a> {
        let Self { lines, rows, row_of_line, ambiguous } = self;
        let (mut matched, mut different, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        let mut unexpected: Vec<Option<usize>> = (0..rows.len()).map(Some).collect();
        let amount =
            |payments: &[Payment<'_>], place: usize| payments.get(place).map(|one| one.amount);
        for (line, row) in row_of_line.into_iter().enumerate() {
            match row {
                None => missing.push(line),
                Some(row) if amount(lines, line) == amount(rows, row) => matched.push((line, row)),
                Some(row) => different.push((line, row)),
            }
            if let Some(slot) = row.and_then(|row| unexpected.get_mut(row)) {
                *slot = None;
            }
        }
        let unexpected = unexpected.into_iter().flatten().collect();
        Matching { lines, rows, matched, different, missing, unexpected, ambiguous }
    }
}

fn texts<'a>(payments: &[Payment<'a>], place: usize) -> Texts<'a> {
    payments.get(place).map(Payment::texts).unwrap_or_default()
}

pub(super) type Texts<'a> = [Option<&'a str>; 3];

/// Of a row's texts those of which `given` has one.
pub(super) fn only_given<'a>(texts: Texts<'a>, given: Texts<'_>) -> Texts<'a> {
    let [a, b, c] = texts;
    let [for_a, for_b, for_c] = given;
    [a.filter(|_| for_a.is_some()), b.filter(|_| for_b.is_some()), c.filter(|_| for_c.is_some())]
}
