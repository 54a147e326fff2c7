//! How claims make room for lines that come later.
//!
//! A claim loses nothing by moving to another row of the same identity and amount. A chain of such moves that starts at
//! a row some line needs and ends at a free one gives the line its row; without a chain, nothing would.

use super::Matching;
use super::cells::Cells;
use super::line::{Basis, STEPS};

/// The rows that claims could trade among each other, by what makes them equal to a claim.
pub(super) struct Room {
    keep: Keep,
    cells: Cells<Cell>,
}

/// What a claim must not lose when it moves.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    Basis,
    Identity,
}

#[derive(Default)]
struct Cell {
    rows: Vec<usize>,
    /// Before this place in `rows` no row is free. Rows that are claimed stay so.
    free_from: usize,
    /// The line whose search in vain has been here: another line's would be as vain.
    seen_by: Option<usize>,
}

/// How a search came to a cell: from which step before, by the claim of which row there.
struct Step {
    cell: usize,
    from: Option<(usize, usize)>,
}

impl Room {
    /// The room that `lines` may need. None where no claim could be in their way.
    pub(super) fn new(matching: &Matching<'_>, lines: &[usize], keep: Keep) -> Option<Self> {
        if lines.is_empty() || !matching.is_mixed {
            return None;
        }
        let mut amounts: Cells<Cell> = Cells::new();
        for line in lines {
            amounts.put(matching.line(*line).amount_key());
        }
        let mut room = Self { keep, cells: Cells::new() };
        for row in matching.rows_in_order() {
            let line = matching.row(row);
            if amounts.place(&line.amount_key()).is_none() {
                continue;
            }
            let bases = STEPS.into_iter().flat_map(|(_, closest_first)| closest_first);
            for key in bases.filter_map(|basis| line.key(*basis)) {
                if let Some(cell) = room.cells.put(key) {
                    cell.rows.push(row);
                }
            }
        }
        Some(room)
    }

    /// Rows that are each to be left for the next by the claim they have; the first is for `line`, the last is free.
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

    /// What the claim of `owner` still rests on wherever it moves.
    fn kept(&self, matching: &Matching<'_>, owner: usize) -> Basis {
        match (self.keep, matching.claim(owner)) {
            (Keep::Basis, Some(claim)) => claim.basis,
            _ => matching.line(owner).identity(),
        }
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
                let key = matching.line_of(row).and_then(|owner| matching.row(row).key(self.kept(matching, owner)));
                let moves_in = key.and_then(|key| self.cells.place(&key));
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
