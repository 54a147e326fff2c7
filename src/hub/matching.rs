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
//! Where a step has a choice between rows of one amount, it leaves those that a later step needs. What would have been
//! as good as what was chosen is the business of [`ambiguity`].
//!
//! Takes O(n log n). Only where lines are matched by texts that cut across each other (one by recipient, another by print
//! content) *and* compete for rows of one amount does each such line cost a search among these rows.

mod ambiguity;
mod cells;
mod line;
mod lists;
mod nearest;
#[cfg(test)]
mod readings;
mod room;
mod sets;

use std::cmp::Ordering;

pub(super) use self::ambiguity::alternatives;
use self::cells::Cells;
pub(super) use self::cells::{Index, mix};
use self::line::{Basis, IN_PART, RECIPIENT, STEPS, SUB_ID, bit, bits};
pub(super) use self::line::{Entry, Line};
pub(super) use self::lists::Lists;
use self::nearest::nearest;
use self::room::{Keep, Room};
use crate::won::Won;

/// Expected lines and rows, and which is which.
pub(super) struct Matching<'a> {
    lists: &'a Lists<'a>,
    /// By line.
    claims: Vec<Option<Claim>>,
    /// By row: the line that claims it.
    owners: Vec<Option<usize>>,
    /// Whether lines are matched by texts that cut across each other: then claims may be in each other's way.
    is_mixed: bool,
    /// Whether what comes last is taken among equals.
    is_reversed: bool,
}

/// A row, and what the claim to it rests on.
#[derive(Clone, Copy)]
struct Claim {
    row: usize,
    basis: Basis,
}

impl<'a> Matching<'a> {
    /// Goes through the steps. `is_reversed`: with the order turned round in which equals are taken.
    pub(super) fn new(lists: &'a Lists<'a>, is_reversed: bool) -> Self {
        let Lists { lines, rows, .. } = lists;
        let (claims, owners) = (vec![None; lines.len()], vec![None; rows.len()]);
        let mut matching = Self { lists, claims, owners, is_mixed: cut_across(lines), is_reversed };
        for (identity, closest_first) in STEPS {
            let own: Vec<usize> = (0..lines.len()).filter(|&at| matching.line(at).identity() == identity).collect();
            for basis in closest_first {
                if matching.is_mixed {
                    matching.make_room(&own, *basis, Keep::Basis);
                } else {
                    matching.match_equal(&own, *basis);
                }
            }
            for basis in closest_first {
                matching.make_room(&own, *basis, Keep::Identity);
            }
            if matches!(identity, RECIPIENT | SUB_ID) {
                matching.pair_differing(&own, identity);
            }
        }
        matching
    }

    /// The row of the line at `at`.
    pub(super) fn row_of(&self, at: usize) -> Option<usize> {
        Some(self.claim(at)?.row)
    }

    /// The line of the row at `at`.
    pub(super) fn line_of(&self, at: usize) -> Option<usize> {
        self.owners.get(at).copied().flatten()
    }

    fn line(&self, at: usize) -> Entry {
        self.lists.lines.get(at).copied().unwrap_or_default()
    }

    fn row(&self, at: usize) -> Entry {
        self.lists.rows.get(at).copied().unwrap_or_default()
    }

    fn claim(&self, at: usize) -> Option<Claim> {
        self.claims.get(at).copied().flatten()
    }

    fn set(&mut self, line: usize, row: usize, basis: Basis) {
        if let (Some(claim), Some(owner)) = (self.claims.get_mut(line), self.owners.get_mut(row)) {
            *claim = Some(Claim { row, basis });
            *owner = Some(line);
        }
    }

    /// Gives lines rows of their amount that agree in `basis`.
    fn match_equal(&mut self, lines: &[usize], basis: Basis) {
        for mut cell in self.open(lines, basis, Amounts::Equal) {
            // Who is left over is decided by what the lines say, so that the order of the lists does not matter.
            match cell.lines.len().cmp(&cell.rows.len()) {
                Ordering::Less => self.sort(&mut cell.rows, &self.lists.rows),
                Ordering::Greater => self.sort(&mut cell.lines, &self.lists.lines),
                Ordering::Equal => {}
            }
            for (line, row) in cell.lines.into_iter().zip(cell.rows) {
                self.set(line, row, basis);
            }
        }
    }

    /// Gives lines rows of their amount that other claims can do without.
    fn make_room(&mut self, lines: &[usize], basis: Basis, keep: Keep) {
        let is_left = |line: &usize| self.claim(*line).is_none() && self.line(*line).bases().contains(&basis);
        let mut left: Vec<usize> = lines.iter().copied().filter(is_left).collect();
        self.sort(&mut left, &self.lists.lines);
        let Some(mut room) = Room::new(self, &left, keep) else { return };
        for line in left {
            let Some(chain) = room.chain(self, line, basis) else { continue };
            for (row, next) in chain.iter().zip(chain.iter().skip(1)).rev() {
                if let Some(owner) = self.line_of(*row) {
                    self.set(owner, *next, self.closest_basis(owner, *next));
                }
            }
            if let Some(row) = chain.first() {
                self.set(line, *row, basis);
            }
        }
    }

    /// Gives lines rows that agree in `identity` but not in the amount, so that the amounts differ least in total.
    fn pair_differing(&mut self, lines: &[usize], identity: Basis) {
        for Cell { mut lines, mut rows } in self.open(lines, identity, Amounts::Any) {
            self.sort_as(false, &mut lines, &self.lists.lines);
            self.sort_as(false, &mut rows, &self.lists.rows);
            let expected: Vec<Won> = lines.iter().map(|at| self.line(*at).amount).collect();
            let found: Vec<Won> = rows.iter().map(|at| self.row(*at).amount).collect();
            let are_fewer = lines.len() <= rows.len();
            let (lowest, highest) = if are_fewer { nearest(&expected, &found) } else { nearest(&found, &expected) };

            let pair = |few: usize, many: usize| {
                let (line, row) = if are_fewer { (few, many) } else { (many, few) };
                Some((*lines.get(line)?, *rows.get(row)?))
            };
            let chosen = if self.is_reversed { highest } else { lowest };
            let pairs: Vec<_> = chosen.into_iter().enumerate().filter_map(|(few, many)| pair(few, many)).collect();
            for (line, row) in &pairs {
                self.set(*line, *row, identity);
            }
            if self.is_reversed {
                self.cross(&pairs, identity);
            }
        }
    }

    /// Crosses pairs, which are in the order of their amounts, where that differs as little in total.
    fn cross(&mut self, pairs: &[(usize, usize)], basis: Basis) {
        let distance = |line: usize, row: usize| self.line(line).amount.distance(self.row(row).amount);
        let mut crossed = Vec::new();
        let mut crossed_from = pairs.len();
        // The next on either side that says something else: where crossing with that costs more, so it does beyond.
        let (mut next_line, mut next_row) = (None, None);
        for ((at, &(line, row)), &(line_after, row_after)) in pairs.iter().enumerate().zip(pairs.iter().skip(1)).rev() {
            let after = Some(at.saturating_add(1));
            next_line = if self.line(line) == self.line(line_after) { next_line } else { after };
            next_row = if self.row(row) == self.row(row_after) { next_row } else { after };
            let next = next_line.max(next_row).filter(|next| next_line.is_some() && next_row.is_some() && *next < crossed_from);
            let Some(&(other_line, other_row)) = next.and_then(|next| pairs.get(next)) else { continue };
            let straight = distance(line, row).saturating_add(distance(other_line, other_row));
            if straight == distance(line, other_row).saturating_add(distance(other_line, row)) {
                crossed.extend([(line, other_row), (other_line, row)]);
                crossed_from = at;
            }
        }
        for (line, row) in crossed {
            self.set(line, row, basis);
        }
    }

    /// The lines and rows that are still without each other, by `basis`; only where there are both.
    fn open(&self, lines: &[usize], basis: Basis, amounts: Amounts) -> Vec<Cell> {
        let key = |line: &Entry| match amounts {
            Amounts::Equal => line.key(basis),
            Amounts::Any => line.key_of_any_amount(basis),
        };
        let mut cells: Cells<Cell> = Cells::new();
        for at in lines.iter().copied().filter(|at| self.claim(*at).is_none()) {
            let line = self.line(at);
            let is_eligible = matches!(amounts, Amounts::Any) || line.bases().contains(&basis);
            if let Some(cell) = key(&line).filter(|_| is_eligible).and_then(|key| cells.put(key)) {
                cell.lines.push(at);
            }
        }
        if cells.list.is_empty() {
            return Vec::new();
        }
        for (at, row) in self.lists.rows.iter().enumerate().filter(|(at, _)| self.line_of(*at).is_none()) {
            if let Some(cell) = key(row).and_then(|key| cells.find(&key)) {
                cell.rows.push(at);
            }
        }
        cells.list.retain(|cell| !cell.rows.is_empty());
        cells.list
    }

    /// What a claim of `line` to `row` rests on.
    fn closest_basis(&self, line: usize, row: usize) -> Basis {
        let (line, row) = (self.line(line), self.row(row));
        let agrees = |basis: &Basis| line.key(*basis) == row.key(*basis);
        line.bases().into_iter().find(agrees).unwrap_or_else(|| line.identity())
    }

    /// All rows, ordered by what they say.
    fn rows_in_order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.lists.rows.len()).collect();
        self.sort(&mut rows, &self.lists.rows);
        rows
    }

    /// Orders places in a list as equals are taken.
    fn sort(&self, places: &mut Vec<usize>, entries: &[Entry]) {
        self.sort_as(self.is_reversed, places, entries);
    }

    /// Orders places in a list by what stands there; equals as they stand. A merge sort: the standard library's is three
    /// kilobytes of WebAssembly more, and what is sorted here is what is left over.
    fn sort_as(&self, is_reversed: bool, places: &mut Vec<usize>, entries: &[Entry]) {
        let order = |a: usize, b: usize| Some(self.lists.order(entries.get(a)?, entries.get(b)?));
        let is_sorted = |a: &usize, b: &usize| match order(*a, *b) {
            Some(Ordering::Less) => !is_reversed,
            Some(Ordering::Greater) => is_reversed,
            Some(Ordering::Equal) | None => a <= b,
        };
        let mut width = 1_usize;
        while width < places.len() {
            let mut merged = Vec::with_capacity(places.len());
            for pair in places.chunks(width.saturating_mul(2)) {
                let (mut left, mut right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
                while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
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

/// Lines and rows that could be matched.
#[derive(Default)]
struct Cell {
    lines: Vec<usize>,
    rows: Vec<usize>,
}

/// Whether the amount is part of what makes a cell.
#[derive(Clone, Copy)]
enum Amounts {
    Equal,
    Any,
}

/// Whether two of the lines are matched by texts of which neither includes the other.
fn cut_across(lines: &[Entry]) -> bool {
    let all = lines.iter().flat_map(Entry::bases).fold(0, |all, basis| all | bit(basis & !IN_PART));
    bits(all).any(|a| bits(all).any(|b| a & b != a && a & b != b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_mixed_only_where_texts_cut_across_each_other() {
        let mixed =
            |given: &[[u32; 3]]| cut_across(&given.iter().map(|texts| Entry { amount: Won::ZERO, texts: *texts }).collect::<Vec<_>>());

        for one_within_the_other in
            [&[][..], &[[1, 0, 0], [1, 0, 0]], &[[0, 0, 0], [0, 1, 0], [0, 1, 1]], &[[1, 0, 0], [1, 0, 1], [1, 1, 1]]]
        {
            assert!(!mixed(one_within_the_other), "{one_within_the_other:?}");
        }
        for across in [[[1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1]], [[1, 1, 0], [1, 0, 1]], [[1, 1, 0], [0, 1, 1]]] {
            assert!(mixed(&across), "{across:?}");
        }
    }
}
