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
use std::iter;

use super::expectation::{KeyValue, MatchBy};
use super::nearest::pairs_of_least_difference;
use super::payment::Payment;
use super::places::sort_places;
use crate::money::Won;

/// Which line of the list is which row of the group. Lines and rows are their places, in order.
pub(super) struct Matching<'a> {
    lines: &'a [Payment<'a>],
    rows: &'a [Payment<'a>],
    row_of_line: Vec<Option<usize>>,
    line_of_row: Vec<Option<usize>>,
    pub(super) ambiguous: Vec<Candidates>,
}

/// A line or a row, and its place.
pub(super) type Placed<'a> = (usize, &'a Payment<'a>);

/// Lines and rows that may go together.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) lines: Vec<usize>,
    pub(super) rows: Vec<usize>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(lines: &'a [Payment<'a>], rows: &'a [Payment<'a>], key: MatchBy) -> Self {
        let (row_of_line, line_of_row) = (vec![None; lines.len()], vec![None; rows.len()]);
        let mut matching = Self { lines, rows, row_of_line, line_of_row, ambiguous: Vec::new() };
        let all = Candidates { lines: (0..lines.len()).collect(), rows: (0..rows.len()).collect() };
        for candidates in matching.grouped_by(key, &all).into_values() {
            matching.match_key_value(candidates);
        }
        matching
    }

    /// Which line goes with which row.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Placed<'a>, Placed<'a>)> {
        let (lines, rows) = (self.lines.iter().enumerate(), self.rows);
        lines.zip(&self.row_of_line).filter_map(|(line, row)| {
            let row = (*row)?;
            Some((line, (row, rows.get(row)?)))
        })
    }

    /// The lines without a row.
    pub(super) fn missing(&self) -> Vec<Placed<'a>> {
        alone(self.lines, &self.row_of_line)
    }

    /// The rows without a line.
    pub(super) fn unexpected(&self) -> Vec<Placed<'a>> {
        alone(self.rows, &self.line_of_row)
    }

    /// The candidates by their values of a key. A row without one is no candidate.
    fn grouped_by(&self, key: MatchBy, all: &Candidates) -> BTreeMap<KeyValue<'a>, Candidates> {
        let mut groups: BTreeMap<KeyValue<'a>, Candidates> = BTreeMap::new();
        for &line in &all.lines {
            if let Some(value) = self.lines.get(line).and_then(|line| key.value_of(line)) {
                groups.entry(value).or_default().lines.push(line);
            }
        }
        for &row in &all.rows {
            if let Some(value) = self.rows.get(row).and_then(|row| key.value_of(row)) {
                groups.entry(value).or_default().rows.push(row);
            }
        }
        groups
    }

    /// Matches everything under one key value.
    fn match_key_value(&mut self, candidates: Candidates) {
        match (candidates.lines.as_slice(), candidates.rows.as_slice()) {
            ([], _) | (_, []) => return,
            // What nearly every group consists of needs no choice.
            ([line], [row]) => return self.pair(*line, *row),
            _ => {}
        }
        let (mut lines, mut rows, mut is_ambiguous) = (Vec::new(), Vec::new(), false);
        for of_one_amount in self.grouped_by(MatchBy::Amount, &candidates).into_values() {
            let (left, is_open) = self.match_equal_amounts(of_one_amount);
            lines.extend(left.lines);
            rows.extend(left.rows);
            is_ambiguous |= is_open;
        }
        // Both are in the order of their amounts, and no amount is left on both sides.
        if lines.len() == rows.len() {
            lines.into_iter().zip(rows).for_each(|(line, row)| self.pair(line, row));
        } else {
            is_ambiguous |= !lines.is_empty() && !rows.is_empty();
            let (expected, found) = (amounts(self.lines, &lines), amounts(self.rows, &rows));
            for (line, row) in pairs_of_least_difference(&expected, &found) {
                if let (Some(line), Some(row)) = (lines.get(line), rows.get(row)) {
                    self.pair(*line, *row);
                }
            }
        }
        if is_ambiguous {
            self.ambiguous.push(candidates);
        }
    }

    /// Matches lines and rows of one key value and one amount. Returns what is left (lines or rows,
    /// never both), and whether another choice was possible.
    fn match_equal_amounts(&mut self, candidates: Candidates) -> (Candidates, bool) {
        let Candidates { mut lines, mut rows } = candidates;
        let (all_lines, all_rows) = (self.lines, self.rows);
        let line_texts = |line: usize| texts(all_lines, line);
        let row_texts = |row: usize| texts(all_rows, row);
        let given = |line| line_texts(line).map(|text| text.is_some());
        // By content and not by place, so that the order of the lists makes no difference. Lines
        // that give most texts choose first.
        let line_key = |line| {
            let given = given(line);
            (Reverse(given.iter().filter(|given| **given).count()), given, line_texts(line))
        };
        sort_places(&mut lines, &|one, other| line_key(one).cmp(&line_key(other)));
        sort_places(&mut rows, &|one, other| row_texts(one).cmp(&row_texts(other)));

        // Under the texts that a line may give: the rows that agree in these, in their order.
        let mut agreeing: BTreeMap<Texts<'_>, VecDeque<usize>> = BTreeMap::new();
        let mut kinds: Vec<[bool; 3]> = lines.iter().map(|line| given(*line)).collect();
        kinds.dedup();
        for &row in &rows {
            for kind in &kinds {
                agreeing.entry(only_given(row_texts(row), *kind)).or_default().push_back(row);
            }
        }
        // Under the texts of lines: those of the first row that such a line took.
        let mut taken: BTreeMap<Texts<'_>, Texts<'_>> = BTreeMap::new();
        for &line in &lines {
            let texts = line_texts(line);
            let Some(agreeing) = agreeing.get_mut(&texts) else { continue };
            let mut next = iter::from_fn(|| agreeing.pop_front());
            if let Some(row) = next.find(|row| is_free(&self.line_of_row, *row)) {
                self.pair(line, row);
                taken.entry(texts).or_insert(row_texts(row));
            }
        }
        lines.retain(|line| is_free(&self.row_of_line, *line));
        rows.retain(|row| is_free(&self.line_of_row, *row));
        let disagreeing = lines.len().min(rows.len());
        let pairs = lines.drain(..disagreeing).zip(rows.drain(..disagreeing));
        pairs.for_each(|(line, row)| self.pair(line, row));

        // The choice was open if a left-over row agrees with a line as the row does that the line
        // took, and differs from it elsewhere. Rows are taken in their order: if a left-over row
        // differs from any row taken for the same texts, it differs from the first.
        let could_be_taken = |row: &usize| {
            let row = row_texts(*row);
            let mut firsts = kinds.iter().filter_map(|kind| taken.get(&only_given(row, *kind)));
            firsts.any(|first| *first != row)
        };
        let is_left = !lines.is_empty() || !rows.is_empty();
        let is_open = rows.iter().any(could_be_taken) || (disagreeing > 0 && is_left);
        (Candidates { lines, rows }, is_open)
    }

    fn pair(&mut self, line: usize, row: usize) {
        if let (Some(row_of_line), Some(line_of_row)) =
            (self.row_of_line.get_mut(line), self.line_of_row.get_mut(row))
        {
            (*row_of_line, *line_of_row) = (Some(row), Some(line));
        }
    }
}

fn alone<'a>(payments: &'a [Payment<'a>], partners: &[Option<usize>]) -> Vec<Placed<'a>> {
    let payments = payments.iter().enumerate().zip(partners);
    payments.filter(|(_, partner)| partner.is_none()).map(|(payment, _)| payment).collect()
}

fn is_free(partners: &[Option<usize>], place: usize) -> bool {
    partners.get(place).is_some_and(Option::is_none)
}

fn amounts(payments: &[Payment<'_>], places: &[usize]) -> Vec<Won> {
    places.iter().filter_map(|place| payments.get(*place)).map(|payment| payment.amount).collect()
}

fn texts<'a>(payments: &[Payment<'a>], place: usize) -> Texts<'a> {
    payments.get(place).map(Payment::texts).unwrap_or_default()
}

pub(super) type Texts<'a> = [Option<&'a str>; 3];

/// Of a row's texts those that lines of one kind give.
pub(super) fn only_given<'a>(texts: Texts<'a>, given: [bool; 3]) -> Texts<'a> {
    let [a, b, c] = texts;
    let [a_given, b_given, c_given] = given;
    [a.filter(|_| a_given), b.filter(|_| b_given), c.filter(|_| c_given)]
}
