//! How claims make room for lines that come later.
//!
//! A claim loses nothing by moving to another row of the same identity and amount. A chain of such moves that starts at
//! a row some line needs and ends at a free one gives the line its row; without a chain, nothing would.

use super::cells::Cells;
use super::line::Basis;
use super::{Cell, Matching};

/// The rows that claims could trade among each other, by what makes them equal to a claim.
pub(super) struct Room {
    keep: Keep,
    pub(super) cells: Cells<Cell>,
}

/// What a claim must not lose when it moves.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    Basis,
    Identity,
}

/// How a search came to a cell: from which step before, by the claim of which row there.
struct Step {
    cell: usize,
    from: Option<(usize, usize)>,
}

impl Room {
    pub(super) fn new(mut cells: Cells<Cell>, keep: Keep) -> Self {
        for cell in &mut cells.list {
            cell.seen_by = None;
        }
        Self { keep, cells }
    }

    /// Rows that are each to be left for the next by the claim they have; the first is for `line`, the last is free.
    #[inline(never)]
    pub(super) fn chain(&mut self, matching: &Matching<'_>, line: usize, basis: Basis) -> Option<Vec<usize>> {
        let (steps, end) = self.search(matching, line, basis);
        let (mut at, free) = end?;
        let mut chain = vec![free];
        while let Some((before, row)) = steps.get(at).and_then(|step| step.from) {
            chain.push(row);
            at = before;
        }
        chain.reverse();
        for step in steps {
            if let Some(cell) = self.cells.list.get_mut(step.cell) {
                cell.seen_by = None;
            }
        }
        Some(chain)
    }

    fn start(&self, matching: &Matching<'_>, line: usize, basis: Basis) -> Option<usize> {
        self.cells.place(&matching.line(line).key(basis)?)
    }

    /// Goes from cell to cell; the end is the place of the last step and the free row found there.
    fn search(&mut self, matching: &Matching<'_>, line: usize, basis: Basis) -> (Vec<Step>, Option<(usize, usize)>) {
        let mut steps = Vec::new();
        let mut found = self.start(matching, line, basis).and_then(|start| self.enter(matching, line, start, None, &mut steps));
        let mut at = 0_usize;
        while let (None, Some(cell)) = (found, steps.get(at).map(|step: &Step| step.cell)) {
            let mut next = 0_usize;
            while let (None, Some(row)) = (found, self.cells.list.get(cell).and_then(|cell| cell.rows.get(next)).copied()) {
                let moves_in = matching.kept(row, self.keep).and_then(|key| self.cells.place(&key));
                found = moves_in.and_then(|cell| self.enter(matching, line, cell, Some((at, row)), &mut steps));
                next = next.saturating_add(1);
            }
            at = at.saturating_add(1);
        }
        (steps, found)
    }

    /// Takes a step, unless a search has been there; returns it with the free row that it found.
    fn enter(
        &mut self,
        matching: &Matching<'_>,
        line: usize,
        cell: usize,
        from: Option<(usize, usize)>,
        steps: &mut Vec<Step>,
    ) -> Option<(usize, usize)> {
        let entered = self.cells.list.get_mut(cell).filter(|cell| cell.seen_by.is_none())?;
        entered.seen_by = Some(line);
        let step = steps.len();
        steps.push(Step { cell, from });
        while let Some(row) = entered.rows.get(entered.free_from).copied() {
            if matching.line_of(row).is_none() {
                return Some((step, row));
            }
            entered.free_from = entered.free_from.saturating_add(1);
        }
        None
    }
}
