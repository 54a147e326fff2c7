//! Rows that could be in each other's place where lines are matched by several kinds of texts.
//!
//! A reading that fits as well as the chosen one, or better, differs from it by claims that move in a row: each takes the
//! row that the next one leaves, up to a free row, or round to the first; the amounts of the rows stay the same unless a
//! step pairs other amounts. What such moves could tell otherwise is found here, at the price of a few lists that are said
//! to be ambiguous and are not: it is not reckoned what moves cost together.
//!
//! - A free row is followed to the claims that could take it, to those that could take theirs, and so on.
//! - So is a row of another amount; it makes a difference where its claim could move to a row that leads back there.
//! - A claim moves to where it rests on as much as before. Among the rows of an amount where some claim could rest on more,
//!   each moves wherever its identity is: what one loses another may win.
//! - A line with no row of its amount that is matched by `sub_id` may win a row by what claims by `billing_tran_id` do
//!   among rows of different `sub_id`s.
//!
//! Which *lines* have no row is settled by the two readings that [`alternatives`](super::alternatives) compares.

use super::cells::Cells;
use super::line::{Basis, Entry, OTHER_AMOUNT, RECIPIENT, SUB_ID};
use super::room::Keep;
use super::sets::Sets;
use super::{Cell, Matching};

/// Joins rows that could be in each other's place, and the lines that claim them. Returns by row whether something else
/// would be told.
pub(super) fn trade(matching: &Matching<'_>, sets: &mut Sets) -> Vec<bool> {
    let rows = matching.lists.rows.len();
    let mut trade = Trade { matching, cells: Cells::new(), sets, tells: vec![false; rows], is_behind: vec![false; rows] };
    trade.put_rows();
    trade.loosen();
    trade.follow();
    trade.look_for_what_is_lacking();
    trade.tells
}

struct Trade<'m> {
    matching: &'m Matching<'m>,
    /// All rows by all that can be agreed in.
    cells: Cells<Cell>,
    sets: &'m mut Sets,
    tells: Vec<bool>,
    /// By row: whether moves could lead from it to a row of another amount.
    is_behind: Vec<bool>,
}

impl Trade<'_> {
    fn put_rows(&mut self) {
        for at in 0..self.tells.len() {
            let is_told = self.matching.is_told(at);
            let kept = self.matching.kept(at, Keep::Basis).filter(|_| !is_told);
            let is_recipients = self.is_recipients(at);
            self.matching.row(at).each_key(&mut |key| {
                if let Some(cell) = self.cells.put(key) {
                    cell.rows.push(at);
                    cell.is_open |= kept.is_none_or(|kept| !kept.includes(key));
                    cell.recipients = cell.recipients.saturating_add(usize::from(is_recipients));
                }
            });
        }
    }

    /// Marks the amounts where a claim could rest on more if others moved.
    fn loosen(&mut self) {
        for (at, line) in self.matching.lists.lines.iter().enumerate() {
            let Some(claim) = self.matching.claim(at).filter(|claim| claim.basis & OTHER_AMOUNT == 0) else { continue };
            for basis in line.bases() {
                if basis == claim.basis {
                    break;
                }
                let is_open = line.key(basis).and_then(|key| self.cells.find(&key)).is_some_and(|cell| cell.is_open);
                if let Some(cell) = self.cells.find(&line.amount_key()).filter(|_| is_open) {
                    cell.is_loose = true;
                }
            }
        }
    }

    /// Follows the rows that are told of to the claims that could take them.
    fn follow(&mut self) {
        let mut kept = Vec::with_capacity(self.tells.len());
        let (mut free, mut differing) = (Vec::new(), Vec::new());
        for at in 0..self.tells.len() {
            let is_loose = self.cells.find(&self.matching.row(at).amount_key()).is_some_and(|cell| cell.is_loose);
            let key = self.matching.kept(at, if is_loose { Keep::Identity } else { Keep::Basis });
            match key.and_then(|key| self.cells.find(&key)) {
                Some(cell) => cell.lines.push(at),
                None => free.push(at),
            }
            if key.is_some() && self.matching.is_told(at) {
                differing.push(at);
            }
            kept.push(key);
        }
        self.follow_from(free, true);
        self.follow_from(differing.clone(), false);
        for row in differing {
            let Some(cell) = kept.get(row).and_then(|key| self.cells.place(&(*key)?)) else { continue };
            let mut next = 0_usize;
            while let Some(other) = self.cells.list.get(cell).and_then(|cell| cell.rows.get(next)).copied() {
                // Its place has been taken into account where it was reached.
                if self.is_behind.get(other) == Some(&true) && self.line(row) != self.line(other) {
                    self.join(row, other);
                }
                next = next.saturating_add(1);
            }
        }
    }

    fn follow_from(&mut self, mut open: Vec<usize>, is_free: bool) {
        while let Some(row) = open.pop() {
            let mut reached = Vec::new();
            self.matching.row(row).each_key(&mut |key| {
                let Some(cell) = self.cells.find(&key) else { return };
                if !cell.lines.is_empty() {
                    cell.seen_by = Some(row);
                }
                open.extend_from_slice(&cell.lines);
                reached.extend(cell.seen_by.filter(|_| is_free));
                reached.append(&mut cell.lines);
            });
            for other in reached {
                if is_free {
                    self.join(row, other);
                } else if let Some(is_behind) = self.is_behind.get_mut(other) {
                    *is_behind = true;
                }
            }
        }
    }

    fn look_for_what_is_lacking(&mut self) {
        for (at, line) in self.matching.lists.lines.iter().enumerate() {
            let has_row = self.matching.claim(at).is_some_and(|claim| claim.basis & OTHER_AMOUNT == 0);
            if line.identity() == SUB_ID && !has_row {
                if let Some(cell) = line.key_of_any_amount(SUB_ID).and_then(|key| self.cells.put(key)) {
                    cell.seen_by = Some(at);
                }
            }
        }
        for at in 0..self.tells.len() {
            let row = self.matching.row(at);
            let lacking = row.key_of_any_amount(SUB_ID).and_then(|key| self.cells.find(&key)).and_then(|cell| cell.seen_by);
            let Some(line) = lacking else { continue };
            let is_recipients = self.is_recipients(at);
            let mut others = |basis: Basis| {
                let cell = row.key(basis).and_then(|key| self.cells.find(&key));
                cell.map(|cell| if is_recipients { cell.rows.len().saturating_sub(cell.recipients) } else { cell.recipients })
            };
            if self.matching.line_of(at).is_some_and(|line| self.matching.line(line).identity() != SUB_ID)
                && others(RECIPIENT) != others(RECIPIENT | SUB_ID)
            {
                self.sets.join(at, self.tells.len().saturating_add(line));
                self.join(at, at);
                if let Some(tells) = self.tells.get_mut(at) {
                    *tells = true;
                }
            }
        }
    }

    fn is_recipients(&self, row: usize) -> bool {
        self.line(row).is_some_and(|line| line.identity() == RECIPIENT)
    }

    fn line(&self, row: usize) -> Option<Entry> {
        Some(self.matching.line(self.matching.line_of(row)?))
    }

    /// Puts rows and the lines that claim them together.
    fn join(&mut self, row: usize, other: usize) {
        self.sets.join(row, other);
        for row in [row, other] {
            if let Some(line) = self.matching.line_of(row) {
                self.sets.join(row, self.tells.len().saturating_add(line));
            }
        }
        if let Some(tells) = self.tells.get_mut(row) {
            *tells |= self.matching.row(row) != self.matching.row(other);
        }
    }
}
