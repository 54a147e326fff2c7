//! What a matching could as well have been.
//!
//! Among rows or lines that fit equally well a matching takes the first in the order of what they say. Made once more
//! with that order turned round it takes the last: where both say the same, so does every other that fits as well.
//!
//! In lists where all lines are matched by the same kinds of texts that is exact. In others, what only a reading between the
//! two tells is found by [`trade`], which says too much rather than too little.

use super::Matching;
use super::line::NOTHING;
use super::sets::Sets;
use super::trade::trade;

/// Rows and lines of which another reading would name others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::hub) struct Alternatives {
    pub(in crate::hub) rows: Vec<usize>,
    pub(in crate::hub) lines: Vec<usize>,
}

/// What two readings of the same lines and rows tell differently; what hangs together as one.
pub(in crate::hub) fn alternatives(
    one: &mut Matching<'_>,
    other: &Matching<'_>,
) -> Vec<Alternatives> {
    // Rows first, lines behind them.
    let lines_from = one.lists.rows.len();
    let mut sets = Sets::new(lines_from.saturating_add(one.lists.lines.len()));
    for at in 0..one.lists.lines.len() {
        let (row, other_row) = (one.row_of(at), other.row_of(at));
        if one.is_varied || row != other_row {
            for row in [row, other_row].into_iter().flatten() {
                sets.join(row, lines_from.saturating_add(at));
            }
        }
    }
    let differences = if one.is_varied { trade(one, &mut sets) } else { Vec::new() };
    let mut found = Vec::new();
    for set in sets.joined() {
        let mut alternatives = Alternatives::default();
        let mut balance = 0_u64;
        let mut is_different = false;
        for place in set {
            let line = place.checked_sub(lines_from);
            is_different |= differences.get(place) == Some(&true);
            balance = balance.wrapping_add(told(one, place)).wrapping_sub(told(other, place));
            match line {
                Some(line) => alternatives.lines.push(line),
                None => alternatives.rows.push(place),
            }
        }
        // Which of two equal requests is named makes no difference to anyone.
        if balance != 0 || is_different {
            found.push(alternatives);
        }
    }
    found
}

/// What a matching tells of the row or line at `place`, as a number; 0 for what is as expected.
#[inline(never)]
fn told(matching: &Matching<'_>, place: usize) -> u64 {
    let (line, row) = match place.checked_sub(matching.lists.rows.len()) {
        Some(line) => (Some(line), matching.row_of(line)),
        None => (matching.line_of(place), Some(place)),
    };
    let line = line.map(|line| matching.line(line));
    let row = row.map(|row| matching.row(row));
    if line.map(|line| line.amount) == row.map(|row| row.amount) {
        return 0;
    }
    let hash = [line, row].into_iter().fold(1, |hash, entry| entry.unwrap_or(&NOTHING).hash(hash));
    // Without this, two that trade places could have the same sum as before.
    hash.wrapping_mul(hash ^ (hash >> 32))
}
