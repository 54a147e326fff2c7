//! What else could be told of rows where lines are matched by several kinds of texts.
//!
//! Another reading that fits as well, or better, differs from the chosen one by claims that move in a row: each to the
//! row that the next one leaves, up to a free row or round to the first. A row makes a difference
//!
//! - where it is free, or of another amount than expected, and such moves could put one that says something else in its
//!   place;
//! - where lines of its `sub_id` have no row of their amount, and claims by `billing_tran_id` could leave it to them, or
//!   could have had it left.
//!
//! A claim moves where it rests on as much as before. Among rows of an amount where some claim could rest on more, every
//! claim moves wherever its identity is: what one loses another may win. What moves win and lose together is not
//! reckoned, so that a few lists are said to be ambiguous that are not; none is left out that is.

use std::mem;

use super::cells::Cells;
use super::line::{Basis, IN_PART, OTHER_AMOUNT, RECIPIENT, SUB_ID};
use super::room::Keep;
use super::sets::Sets;
use super::{Cell, Matching};

/// Joins rows that could be in each other's place. Returns by row whether that makes a difference.
pub(super) fn trade(matching: &mut Matching<'_>, sets: &mut Sets) -> Vec<bool> {
    let cells = mem::take(&mut matching.cells);
    let mut trade = Trade { matching, cells, sets, differences: vec![false; matching.lists.rows.len()] };
    trade.mark();
    let mut open = Vec::new();
    for row in 0..trade.differences.len() {
        if trade.put(row) {
            open.push(row);
        }
        trade.win(row);
    }
    trade.follow(open);
    trade.differences
}

struct Trade<'t, 'a> {
    matching: &'t Matching<'a>,
    cells: Cells<Cell>,
    sets: &'t mut Sets,
    /// By row.
    differences: Vec<bool>,
}

impl Trade<'_, '_> {
    /// Marks amounts where a claim could rest on more, and `sub_id`s with lines that have no row of their amount.
    fn mark(&mut self) {
        for cell in &mut self.cells.list {
            cell.seen_by = None;
        }
        for (at, line) in self.matching.lists.lines.iter().enumerate() {
            let basis = self.matching.claim(at).map_or(OTHER_AMOUNT, |claim| claim.basis);
            let is_there = |closer: &Basis| line.key(*closer).is_some_and(|key| self.cells.place(&key).is_some());
            let key = match line.identity() {
                _ if basis & IN_PART != 0 => {
                    line.bases().iter().take_while(|closer| **closer != basis).any(is_there).then(|| line.amount_key())
                }
                SUB_ID if basis & OTHER_AMOUNT != 0 => line.key_of_any_amount(SUB_ID),
                _ => None,
            };
            if let Some(cell) = key.and_then(|key| self.cells.put(key)) {
                cell.marked_by = Some(at);
            }
        }
    }

    /// Puts the claim of a row where it can be followed from the rows that it could move to. Returns whether the row is to
    /// be followed: it is free, or of another amount while its claim could move to one that says something else.
    fn put(&mut self, at: usize) -> bool {
        let row = self.matching.row(at);
        let is_marked = self.cells.find(&row.amount_key()).is_some_and(|cell| cell.marked_by.is_some());
        let kept = self.matching.kept(at, if is_marked { Keep::Identity } else { Keep::Basis });
        kept.and_then(|key| self.cells.find(&key)).is_none_or(|cell| {
            cell.lines.push(at);
            self.matching.is_told(at) && cell.rows.iter().any(|other| self.matching.row(*other) != row)
        })
    }

    /// Looks whether lines of a row's `sub_id` could win the row: claims by `billing_tran_id` are, or could be, divided
    /// otherwise between it and a row of another `sub_id`.
    fn win(&mut self, at: usize) {
        let row = self.matching.row(at);
        let key = row.key_of_any_amount(SUB_ID);
        let Some(line) = key.and_then(|key| self.cells.find(&key)).and_then(|cell| cell.marked_by) else { return };
        let step = |row: usize| self.matching.line_of(row).map(|line| self.matching.line(line).identity());
        let is_recipients = |row: usize| step(row) == Some(RECIPIENT);
        let [_, sub_id, _] = row.texts;
        let could_move = |other: &usize| {
            let [_, other_sub_id, _] = self.matching.row(*other).texts;
            is_recipients(*other) != is_recipients(at) && other_sub_id != sub_id
        };
        if let Some(difference) = self.differences.get_mut(at)
            && !matches!(step(at), None | Some(SUB_ID))
            && let Some(cell) = row.key(RECIPIENT).and_then(|key| self.cells.find(&key))
            && cell.rows.iter().any(could_move)
        {
            self.sets.join(at, self.matching.lists.rows.len().saturating_add(line));
            *difference = true;
        }
    }

    /// From rows to those whose claims could move there, to those whose claims could move to these, and so on. Every claim
    /// is looked at once for all of them.
    fn follow(&mut self, mut open: Vec<usize>) {
        while let Some(row) = open.pop() {
            let entry = self.matching.row(row);
            entry.each_key(&mut |key| {
                let Some(cell) = self.cells.find(&key) else { return };
                open.extend_from_slice(&cell.lines);
                let seen_by = cell.seen_by;
                if !cell.lines.is_empty() {
                    cell.seen_by = Some(row);
                }
                for other in cell.lines.drain(..).chain(seen_by) {
                    self.sets.join(row, other);
                    if let Some(difference) = self.differences.get_mut(row) {
                        *difference |= entry != self.matching.row(other);
                    }
                }
            });
        }
    }
}
