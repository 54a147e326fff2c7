//! How claims make room for lines that come later.
//!
//! A claim loses nothing by moving to another row of the same identity and amount. A chain of such moves that starts at
//! a row some line needs and ends at a free one gives the line its row; without a chain, nothing would.

use super::cells::Cells;
use super::line::Key;
use super::{Cell, Matching};

/// The rows that claims could trade among each other, by what makes them equal to a claim.
pub(super) struct Room {
    pub(super) cells: Cells<Cell>,
    keep: Keep,
    /// Rows to be left, each for the one at the other's place: that one's claim would move to it.
    steps: Vec<(usize, usize)>,
    /// Where in the cells the search has been.
    entered: Vec<usize>,
}

/// What a claim must not lose when it moves.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    Basis,
    Identity,
}

impl Room {
    pub(super) fn new(mut cells: Cells<Cell>, keep: Keep) -> Self {
        for cell in &mut cells.list {
            cell.seen_by = None;
        }
        Self { cells, keep, steps: Vec::new(), entered: Vec::new() }
    }

    /// A free row, and rows that are each to be left for the one before by the claim they have; the last can then be had
    /// by `key`. Nothing where there is no such chain.
    pub(super) fn chain(&mut self, matching: &Matching<'_>, key: Option<Key>) -> Vec<usize> {
        self.steps.clear();
        self.entered.clear();
        let mut at = usize::MAX;
        let mut free = self.enter(matching, key, at);
        while let (None, Some((row, _))) = (free, self.steps.get(at.wrapping_add(1)).copied()) {
            at = at.wrapping_add(1);
            free = self.enter(matching, matching.kept(row, self.keep), at);
        }
        let mut chain = Vec::new();
        let Some(free) = free else { return chain };
        chain.push(free);
        while let Some((row, before)) = self.steps.get(at).copied() {
            chain.push(row);
            at = before;
        }
        for cell in &self.entered {
            if let Some(cell) = self.cells.list.get_mut(*cell) {
                cell.seen_by = None;
            }
        }
        chain
    }

    /// Looks for a free row among those that can be had by `key`, unless a search has been there. Where there is none, the
    /// others are further steps.
    #[inline(never)]
    fn enter(&mut self, matching: &Matching<'_>, key: Option<Key>, from: usize) -> Option<usize> {
        let place = self.cells.place(&key?)?;
        let cell = self.cells.list.get_mut(place).filter(|cell| cell.seen_by.is_none())?;
        cell.seen_by = Some(from);
        self.entered.push(place);
        while let Some(row) = cell.rows.get(cell.free_from).copied() {
            if matching.line_of(row).is_none() {
                return Some(row);
            }
            cell.free_from = cell.free_from.wrapping_add(1);
        }
        for row in &cell.rows {
            self.steps.push((*row, from));
        }
        None
    }
}
