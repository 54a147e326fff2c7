//! Rows that could be in each other's place.

use super::line::{Basis, OTHER_AMOUNT, RECIPIENT, SUB_ID};
use super::room::Keep;
use super::sets::Sets;
use super::Matching;

/// Joins rows that could be in each other's place. Returns by row whether something else would then be told.
pub(super) fn trade(matching: &mut Matching<'_>, sets: &mut Sets) -> Vec<bool> {
    let count = matching.lists.rows.len();
    let mut tells = vec![false; count];
    let mut cells = std::mem::take(&mut matching.cells);
    let matching = &*matching;
    for cell in &mut cells.list {
        cell.seen_by = None;
    }
    let step = |row: usize| matching.line_of(row).map(|line| matching.line(line).identity());
    for at in (0..count).filter(|at| step(*at) == Some(RECIPIENT)) {
        for basis in [RECIPIENT, RECIPIENT | SUB_ID] {
            if let Some(cell) = matching.row(at).key(basis).and_then(|key| cells.find(&key)) {
                cell.by_recipient = cell.by_recipient.saturating_add(1);
            }
        }
    }
    for (at, line) in matching.lists.lines.iter().enumerate() {
        match matching.claim(at) {
            Some(claim) if claim.basis & OTHER_AMOUNT == 0 => {
                for basis in line.bases().into_iter().take_while(|basis| *basis != claim.basis) {
                    let could_rest_on_more = line.key(basis).is_some_and(|key| cells.place(&key).is_some());
                    if let Some(cell) = cells.find(&line.amount_key()).filter(|_| could_rest_on_more) {
                        cell.is_loose = true;
                    }
                }
            }
            _ if line.identity() == SUB_ID => {
                if let Some(cell) = line.key_of_any_amount(SUB_ID).and_then(|key| cells.put(key)) {
                    cell.seen_by = Some(at);
                }
            }
            _ => {}
        }
    }
    let mut open = Vec::new();
    for at in 0..count {
        let row = matching.row(at);
        let keep = if cells.find(&row.amount_key()).is_some_and(|cell| cell.is_loose) { Keep::Identity } else { Keep::Basis };
        let is_told = matching.is_told(at);
        let is_open = matching.kept(at, keep).and_then(|key| cells.find(&key)).is_none_or(|cell| {
            cell.lines.push(at);
            is_told && cell.rows.iter().any(|other| matching.row(*other) != row)
        });
        if is_open {
            open.push(at);
        }

        let lacking = row.key_of_any_amount(SUB_ID).and_then(|key| cells.find(&key)).and_then(|cell| cell.seen_by);
        let by_recipient = step(at) == Some(RECIPIENT);
        let mut others = |basis: Basis| {
            let cell = row.key(basis).and_then(|key| cells.find(&key))?;
            Some(if by_recipient { cell.rows.len().saturating_sub(cell.by_recipient) } else { cell.by_recipient })
        };
        if let Some(line) = lacking
            && !matches!(step(at), None | Some(SUB_ID))
            && others(RECIPIENT) != others(RECIPIENT | SUB_ID)
        {
            sets.join(at, count.saturating_add(line));
            if let Some(tells) = tells.get_mut(at) {
                *tells = true;
            }
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
