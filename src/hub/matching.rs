//! Which expected request is which request of a group.
//!
//! Who comes before how much: an expected line that names a recipient is that recipient's, whatever the amount. In this
//! order, each step with what the steps before have left:
//!
//! 1. by `billing_tran_id` and amount; among several, those first that agree in all else that is given;
//! 2. by `billing_tran_id` alone, so that the amounts differ least in total;
//! 3. and 4. the same by `sub_id`, for lines that name no `billing_tran_id`;
//! 5. by print content and amount, for lines that name neither;
//! 6. by the amount, for lines that say nothing else.
//!
//! Where a step has a choice between rows of one amount, it leaves those that a later step needs for a line of that amount.
//! What would have been as good as what was chosen is the business of [`ambiguity`].
//!
//! Takes O(n log n). Only where lines are matched by several kinds of texts (one by recipient, another by print content)
//! *and* compete for rows of one amount does each such line cost a search among these rows.

mod ambiguity;
mod cells;
mod line;
mod lists;
mod nearest;
#[cfg(test)]
mod readings;
mod room;
mod sets;
mod trade;

use std::cmp::Ordering;

pub(super) use self::ambiguity::alternatives;
use self::cells::Cells;
pub(super) use self::cells::{Index, mix};
use self::line::{Basis, Key, NOTHING, RECIPIENT, STEPS, SUB_ID};
pub(super) use self::line::{Entry, Line};
pub(super) use self::lists::Lists;
use self::nearest::nearest;
use self::room::{Keep, Room};

/// Expected lines and rows, and which is which.
pub(super) struct Matching<'a> {
    lists: &'a Lists<'a>,
    /// By line: the row that it claims.
    claims: Vec<Option<usize>>,
    /// By row: the line that claims it.
    owners: Vec<Option<usize>>,
    /// Whether lines are matched by several kinds of texts: then claims may be in each other's way.
    is_varied: bool,
    /// In that case all rows, by all that lines can agree with them in.
    cells: Cells<Cell>,
    /// Whether what comes last is taken among equals.
    is_reversed: bool,
}

impl<'a> Matching<'a> {
    /// Goes through the steps. `is_reversed`: with the order turned round in which equals are taken.
    pub(super) fn new(lists: &'a Lists<'a>, is_reversed: bool) -> Self {
        let Lists { lines, rows, .. } = lists;
        let (claims, owners) = (vec![None; lines.len()], vec![None; rows.len()]);
        let mut matching = Self {
            lists,
            claims,
            owners,
            is_varied: is_varied(lines),
            cells: Cells::new(),
            is_reversed,
        };
        if matching.is_varied {
            for at in matching.rows_in_order() {
                matching.row(at).each_key(&mut |key| {
                    if let Some(cell) = matching.cells.put(key) {
                        cell.rows.push(at);
                    }
                });
            }
        }
        for (identity, closest_first) in STEPS {
            let own: Vec<usize> =
                (0..lines.len()).filter(|&at| matching.line(at).identity() == identity).collect();
            for keep in [Keep::Basis, Keep::Identity] {
                for basis in closest_first {
                    if matching.is_varied {
                        matching.make_room(&own, *basis, keep);
                    } else if matches!(keep, Keep::Basis) {
                        matching.match_equal(&own, *basis);
                    }
                }
            }
            if matches!(identity, RECIPIENT | SUB_ID) {
                matching.pair_differing(&own, identity);
            }
        }
        matching
    }

    /// The row of the line at `at`.
    pub(super) fn row_of(&self, at: usize) -> Option<usize> {
        self.claims.get(at).copied().flatten()
    }

    /// The line of the row at `at`.
    pub(super) fn line_of(&self, at: usize) -> Option<usize> {
        self.owners.get(at).copied().flatten()
    }

    fn line(&self, at: usize) -> &'a Entry {
        self.lists.lines.get(at).unwrap_or(&NOTHING)
    }

    fn row(&self, at: usize) -> &'a Entry {
        self.lists.rows.get(at).unwrap_or(&NOTHING)
    }

    fn set(&mut self, line: usize, row: usize) {
        if let (Some(claim), Some(owner)) = (self.claims.get_mut(line), self.owners.get_mut(row)) {
            *claim = Some(row);
            *owner = Some(line);
        }
    }

    /// Gives lines rows of their amount that agree in `basis`.
    fn match_equal(&mut self, lines: &[usize], basis: Basis) {
        for mut cell in self.open(lines, basis, Amounts::Equal) {
            // Who is left over is decided by what the lines say, so that the order of the lists does not matter.
            self.sort(&mut cell.rows, &self.lists.rows);
            self.sort(&mut cell.lines, &self.lists.lines);
            for (line, row) in cell.lines.into_iter().zip(cell.rows) {
                self.set(line, row);
            }
        }
    }

    /// Gives lines rows of their amount that other claims can do without.
    fn make_room(&mut self, lines: &[usize], basis: Basis, keep: Keep) {
        let is_left = |line: &usize| {
            self.row_of(*line).is_none() && self.line(*line).bases().contains(&basis)
        };
        let mut left: Vec<usize> = lines.iter().copied().filter(is_left).collect();
        self.sort(&mut left, &self.lists.lines);
        let mut room = Room::new(std::mem::take(&mut self.cells), keep);
        for line in left {
            let mut next = None;
            for row in room.chain(self, self.line(line).key(basis)) {
                if let (Some(next), Some(owner)) = (next, self.line_of(row)) {
                    self.set(owner, next);
                }
                next = Some(row);
            }
            if let Some(row) = next {
                self.set(line, row);
            }
        }
        self.cells = room.cells;
    }

    /// Gives lines rows that agree in `identity` but not in the amount, so that the amounts differ least in total.
    fn pair_differing(&mut self, lines: &[usize], identity: Basis) {
        // The first of all choices is the last as seen from the other end.
        let sign = if self.is_reversed { -1 } else { 1_i64 };
        let amounts = |places: &[usize], entries: &[Entry]| -> Vec<i64> {
            let amounts = places.iter().filter_map(|at| entries.get(*at));
            amounts.map(|entry| entry.amount.signed().wrapping_mul(sign)).collect()
        };
        for Cell { mut lines, mut rows, .. } in self.open(lines, identity, Amounts::Any) {
            self.sort(&mut lines, &self.lists.lines);
            self.sort(&mut rows, &self.lists.rows);
            let expected = amounts(&lines, &self.lists.lines);
            let found = amounts(&rows, &self.lists.rows);
            let are_fewer = lines.len() <= rows.len();
            let (few, many, chosen) = if are_fewer {
                (&lines, &rows, nearest(&expected, &found))
            } else {
                (&rows, &lines, nearest(&found, &expected))
            };
            let mut pairs = Vec::with_capacity(few.len());
            for (few, many) in few.iter().zip(chosen.into_iter().filter_map(|at| many.get(at))) {
                let (line, row) = if are_fewer { (*few, *many) } else { (*many, *few) };
                self.set(line, row);
                pairs.push((line, row));
            }
            if self.is_reversed {
                self.cross(&pairs);
            }
        }
    }

    /// Crosses pairs, which are in the order of their amounts, where that differs as little in total.
    fn cross(&mut self, pairs: &[(usize, usize)]) {
        let Lists { lines, rows, .. } = self.lists;
        let distance = |line: usize, row: usize| match (lines.get(line), rows.get(row)) {
            (Some(line), Some(row)) => line.amount.distance(row.amount),
            _ => 0,
        };
        let mut crossed_from = pairs.len();
        // The next on either side that says something else: where crossing with that costs more, so it does beyond.
        let (mut next_line, mut next_row) = (None, None);
        for ((at, &(line, row)), &(line_after, row_after)) in
            pairs.iter().enumerate().zip(pairs.iter().skip(1)).rev()
        {
            let after = Some(at.saturating_add(1));
            next_line = if self.line(line) == self.line(line_after) { next_line } else { after };
            next_row = if self.row(row) == self.row(row_after) { next_row } else { after };
            let next = next_line
                .max(next_row)
                .filter(|next| next_line.is_some() && next_row.is_some() && *next < crossed_from);
            let Some(&(other_line, other_row)) = next.and_then(|next| pairs.get(next)) else {
                continue;
            };
            let straight = distance(line, row).saturating_add(distance(other_line, other_row));
            if straight == distance(line, other_row).saturating_add(distance(other_line, row)) {
                self.set(line, other_row);
                self.set(other_line, row);
                crossed_from = at;
            }
        }
    }

    /// The lines and rows that are still without each other, by `basis`.
    fn open(&self, lines: &[usize], basis: Basis, amounts: Amounts) -> Vec<Cell> {
        let key = |line: &Entry| match amounts {
            Amounts::Equal => line.key(basis),
            Amounts::Any => line.key_of_any_amount(basis),
        };
        let mut cells: Cells<Cell> = Cells::new();
        for at in lines.iter().copied().filter(|at| self.row_of(*at).is_none()) {
            let line = self.line(at);
            let is_eligible = matches!(amounts, Amounts::Any) || line.bases().contains(&basis);
            if let Some(cell) = key(line).filter(|_| is_eligible).and_then(|key| cells.put(key)) {
                cell.lines.push(at);
            }
        }
        if cells.list.is_empty() {
            return Vec::new();
        }
        for (at, row) in
            self.lists.rows.iter().enumerate().filter(|(at, _)| self.line_of(*at).is_none())
        {
            if let Some(cell) = key(row).and_then(|key| cells.find(&key)) {
                cell.rows.push(at);
            }
        }
        cells.list
    }

    /// What the line has a row of its amount by.
    fn basis(&self, line: usize) -> Option<Basis> {
        let row = self.row(self.row_of(line)?);
        let line = self.line(line);
        line.bases().into_iter().find(|basis| line.key(*basis) == row.key(*basis))
    }

    /// What the claim to the row at `at` still rests on wherever it moves.
    fn kept(&self, at: usize, keep: Keep) -> Option<Key> {
        let owner = self.line_of(at)?;
        let basis = self.basis(owner).filter(|_| matches!(keep, Keep::Basis));
        self.row(at).key(basis.unwrap_or(self.line(owner).identity()))
    }

    /// All rows, ordered by what they say.
    fn rows_in_order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.lists.rows.len()).collect();
        self.sort(&mut rows, &self.lists.rows);
        rows
    }

    /// Orders places in a list by what stands there; equals as they stand. A merge sort: the standard library's is three
    /// kilobytes of WebAssembly more, and what is sorted here is what is left over.
    fn sort(&self, places: &mut Vec<usize>, entries: &[Entry]) {
        let is_sorted = |a: &usize, b: &usize| {
            let order = entries
                .get(*a)
                .zip(entries.get(*b))
                .map_or(Ordering::Equal, |(a, b)| self.lists.order(a, b));
            let order = if self.is_reversed { order.reverse() } else { order };
            order.then(a.cmp(b)).is_le()
        };
        let mut width = 1_usize;
        while width < places.len() {
            let mut merged = Vec::with_capacity(places.len());
            for pair in places.chunks(width.saturating_mul(2)) {
                let (mut left, mut right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
                while let (Some((a, after_a)), Some((b, after_b))) =
                    (left.split_first(), right.split_first())
                {
                    if is_sorted(a, b) {
                        merged.push(*a);
                        left = after_a;
                    } else {
                        merged.push(*b);
                        right = after_b;
                    }
                }
                merged.extend_from_slice(left);
                merged.extend_from_slice(right);
            }
            *places = merged;
            width = width.saturating_mul(2);
        }
    }
}

/// Lines and rows that could be matched; or rows, and those of them whose claims rest on what makes the cell, as `lines`.
#[derive(Default)]
struct Cell {
    lines: Vec<usize>,
    rows: Vec<usize>,
    /// Before this place in `rows` no row is free. Rows that are claimed stay so.
    free_from: usize,
    /// Where the search came from that has been here: another would be as vain.
    seen_by: Option<usize>,
    /// A line that makes a difference to all in the cell: see [`trade`].
    marked_by: Option<usize>,
}

/// Whether the amount is part of what makes a cell.
#[derive(Clone, Copy)]
enum Amounts {
    Equal,
    Any,
}

/// Whether not all of the lines are matched by the same kinds of texts.
fn is_varied(lines: &[Entry]) -> bool {
    lines.iter().zip(lines.iter().skip(1)).any(|(line, next)| line.bases() != next.bases())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::won::Won;

    #[test]
    fn lists_are_varied_where_lines_say_other_kinds_of_things_whatever_it_is() {
        let varied = |given: &[[u32; 3]]| {
            let lines = given
                .iter()
                .enumerate()
                .map(|(at, texts)| Entry { amount: Won::new(at as u64).unwrap(), texts: *texts });
            is_varied(&lines.collect::<Vec<_>>())
        };

        for alike in [
            &[][..],
            &[[1, 0, 0], [2, 0, 0]],
            &[[0, 0, 0], [0, 0, 0]],
            &[[1, 2, 3], [3, 2, 1], [4, 5, 6]],
        ] {
            assert!(!varied(alike), "{alike:?}");
        }
        for other in [
            [[1, 0, 0], [0, 1, 0]],
            [[0, 0, 0], [0, 0, 1]],
            [[1, 1, 0], [1, 0, 1]],
            [[1, 0, 0], [1, 0, 1]],
        ] {
            assert!(varied(&other), "{other:?}");
        }
    }
}
