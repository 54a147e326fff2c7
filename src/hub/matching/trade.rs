//! What else could be told where lines are matched by several kinds of texts.
//!
//! Another reading that fits as well as the chosen one, or better, differs from it by claims that move in a row: each to
//! the row that the next one leaves, up to a free row, round to the first, or until a line is left without one. Looked at:
//!
//! - Rows that are free, or of another amount than expected. They are followed to the claims that could move there, and so
//!   on; where that leads to a row that says something else, that one could be told instead.
//! - Lines without a row of their amount, where a claim to that amount could rest on more if others moved: another line of
//!   the same step could be left instead.
//! - Lines by `sub_id` without a row of their amount, where claims by `billing_tran_id` could be divided otherwise between
//!   rows of that `sub_id` and others: they could have one of these, be it of another amount.
//!
//! A claim is taken to move only where it rests on as much as before. Among rows of an amount where some claim could rest
//! on more, it is taken to move wherever its identity is: what one loses another may win. What moves win and lose together
//! is not reckoned, so that a few lists are said to be ambiguous that are not.
//!
//! All else that could be told, such as another of two lines that fit equally well, shows in the two readings that
//! [`alternatives`](super::alternatives) compares.

use std::mem;

use super::cells::Cells;
use super::line::{AMOUNT, Basis, PRINT_CONTENT, RECIPIENT, SUB_ID};
use super::room::Keep;
use super::sets::Sets;
use super::{Cell, Matching};

/// Joins rows that could be in each other's place, and lines with what they could have. Returns by row whether that makes
/// a difference.
pub(super) fn trade(matching: &mut Matching<'_>, sets: &mut Sets) -> Vec<bool> {
    let mut cells = mem::take(&mut matching.cells);
    mark(matching, &mut cells);
    let rows = matching.lists.rows.len();
    let mut differences = vec![false; rows];
    for cell in &mut cells.list {
        cell.seen_by = None;
        let lines = mem::take(&mut cell.lines);
        let Some(row) = cell.marked_by.and_then(|marked_by| matching.row_of(marked_by)) else {
            continue;
        };
        for at in lines.iter().copied().filter(|at| matching.basis(*at).is_none()) {
            let line = matching.line(at);
            let could_leave = |at: &usize| {
                let other = matching.line(*at);
                let ([_, sub_id, _], [_, other_sub_id, _]) = (line.texts, other.texts);
                matching.basis(*at).is_some()
                    && line.identity() == other.identity()
                    && sub_id == other_sub_id
                    && line != other
            };
            if lines.iter().any(could_leave) {
                sets.join(row, rows.saturating_add(at));
                differ(&mut differences, row);
            }
        }
    }
    let mut open = Vec::new();
    for row in 0..rows {
        if put(matching, &mut cells, row) {
            open.push(row);
        }
        if let Some(line) = winner(matching, &mut cells, row) {
            sets.join(row, rows.saturating_add(line));
            differ(&mut differences, row);
        }
    }
    // From rows to those whose claims could move there, to those whose claims could move to these, and so on. Every claim is
    // looked at once for all of them.
    while let Some(row) = open.pop() {
        let entry = matching.row(row);
        entry.each_key(&mut |key| {
            let Some(cell) = cells.find(&key) else { return };
            open.extend_from_slice(&cell.lines);
            let seen_by = cell.seen_by;
            if !cell.lines.is_empty() {
                cell.seen_by = Some(row);
            }
            for other in cell.lines.drain(..).chain(seen_by) {
                sets.join(row, other);
                if entry != matching.row(other) {
                    differ(&mut differences, row);
                }
            }
        });
    }
    differences
}

fn differ(differences: &mut [bool], row: usize) {
    if let Some(difference) = differences.get_mut(row) {
        *difference = true;
    }
}

/// Marks amounts where a claim could rest on more, and puts there the lines of the steps between the first and the last
/// that have no row of their amount; marks `sub_id`s with such lines.
fn mark(matching: &Matching<'_>, cells: &mut Cells<Cell>) {
    for (at, line) in matching.lists.lines.iter().enumerate() {
        let basis = matching.basis(at);
        let is_there =
            |basis: &Basis| line.key(*basis).is_some_and(|key| cells.place(&key).is_some());
        let could_rest_on_more =
            basis.is_some() && line.bases().into_iter().find(is_there) != basis;
        if let Some(cell) = cells.put(line.amount_key()) {
            if could_rest_on_more {
                cell.marked_by = Some(at);
            }
            if !matches!(line.identity(), RECIPIENT | AMOUNT) {
                cell.lines.push(at);
            }
        }
        let by_sub_id =
            line.key_of_any_amount(SUB_ID).filter(|_| basis.is_none() && line.identity() == SUB_ID);
        if let Some(cell) = by_sub_id.and_then(|key| cells.put(key)) {
            cell.marked_by = Some(at);
        }
    }
}

/// Puts the claim of a row where it can be followed from the rows that it could move to. Returns whether the row is to be
/// followed: it is free, or of another amount while its claim could move to one that says something else.
fn put(matching: &Matching<'_>, cells: &mut Cells<Cell>, at: usize) -> bool {
    let row = matching.row(at);
    let is_marked = cells.find(&row.amount_key()).is_some_and(|cell| cell.marked_by.is_some());
    let kept = matching.kept(at, if is_marked { Keep::Identity } else { Keep::Basis });
    kept.and_then(|key| cells.find(&key)).is_none_or(|cell| {
        cell.lines.push(at);
        let is_of_another_amount =
            matching.line_of(at).is_some_and(|line| matching.basis(line).is_none());
        is_of_another_amount && cell.rows.iter().any(|other| matching.row(*other) != row)
    })
}

/// A line of a row's `sub_id` that could have the row if claims by `billing_tran_id` were divided otherwise between it and
/// a row of another `sub_id`.
fn winner(matching: &Matching<'_>, cells: &mut Cells<Cell>, at: usize) -> Option<usize> {
    let row = matching.row(at);
    let line = cells.find(&row.key_of_any_amount(SUB_ID)?)?.marked_by?;
    let step = |row: usize| matching.line_of(row).map(|line| matching.line(line).identity());
    let is_recipients = |row: usize| step(row) == Some(RECIPIENT);
    let [_, sub_id, _] = row.texts;
    let could_be_left = |other: &usize| {
        let [_, other_sub_id, _] = matching.row(*other).texts;
        is_recipients(*other) != is_recipients(at) && other_sub_id != sub_id
    };
    let is_of_a_later_step = |other: &usize| matches!(step(*other), Some(PRINT_CONTENT | AMOUNT));
    let could_gain =
        is_recipients(at) || cells.find(&row.key(SUB_ID)?)?.rows.iter().any(is_of_a_later_step);
    let others = &cells.find(&row.key(RECIPIENT)?)?.rows;
    (could_gain && others.iter().any(could_be_left)).then_some(line)
}
