//! Rows that could be in each other's place.

use super::line::{Basis, IN_PART, OTHER_AMOUNT, RECIPIENT, SUB_ID};
use super::room::Keep;
use super::sets::Sets;
use super::Matching;

/// Joins rows that could be in each other's place. Returns by row whether something else would then be told.
pub(super) fn trade(matching: &mut Matching<'_>, sets: &mut Sets) -> Vec<bool> {
    let mut cells = std::mem::take(&mut matching.cells);
    let matching = &*matching;
    let count = matching.lists.rows.len();
    let mut tells = vec![false; count];
    for cell in &mut cells.list {
        cell.seen_by = None;
    }
    for (at, line) in matching.lists.lines.iter().enumerate() {
        let basis = matching.claim(at).map_or(OTHER_AMOUNT, |claim| claim.basis);
        let is_there = |closer: &Basis| line.key(*closer).is_some_and(|key| cells.place(&key).is_some());
        let key = match line.identity() {
            _ if basis & IN_PART != 0 => {
                line.bases().iter().take_while(|closer| **closer != basis).any(is_there).then(|| line.amount_key())
            }
            SUB_ID if basis & OTHER_AMOUNT != 0 => line.key_of_any_amount(SUB_ID),
            _ => None,
        };
        if let Some(cell) = key.and_then(|key| cells.put(key)) {
            cell.is_loose = Some(at);
        }
    }
    let mut open = Vec::new();
    for at in 0..count {
        let row = matching.row(at);
        let keep = if cells.find(&row.amount_key()).is_some_and(|cell| cell.is_loose.is_some()) { Keep::Identity } else { Keep::Basis };
        let is_told = matching.is_told(at);
        let is_open = matching.kept(at, keep).and_then(|key| cells.find(&key)).is_none_or(|cell| {
            cell.lines.push(at);
            is_told && cell.rows.iter().any(|other| matching.row(*other) != row)
        });
        if is_open {
            open.push(at);
        }

        let Some(line) = row.key_of_any_amount(SUB_ID).and_then(|key| cells.find(&key)).and_then(|cell| cell.is_loose) else { continue };
        let step = |row: usize| matching.line_of(row).map(|line| matching.line(line).identity());
        let is_first = |row: usize| step(row) == Some(RECIPIENT);
        let differs = |other: &usize| is_first(*other) != is_first(at) && matching.row(*other).texts[1] != row.texts[1];
        if let Some(tells) = tells.get_mut(at)
            && !matches!(step(at), None | Some(SUB_ID))
            && let Some(cell) = row.key(RECIPIENT).and_then(|key| cells.find(&key))
            && cell.rows.iter().any(differs)
        {
            sets.join(at, count.saturating_add(line));
            *tells = true;
        }
    }
    while let Some(row) = open.pop() {
        matching.row(row).each_key(&mut |key| {
            let Some(cell) = cells.find(&key) else { return };
            open.extend_from_slice(&cell.lines);
            let by = cell.seen_by;
            if !cell.lines.is_empty() {
                cell.seen_by = Some(row);
            }
            for other in cell.lines.drain(..).chain(by) {
                sets.join(row, other);
                if let Some(tells) = tells.get_mut(row) {
                    *tells |= matching.row(row) != matching.row(other);
                }
            }
        });
    }
    tells
}
