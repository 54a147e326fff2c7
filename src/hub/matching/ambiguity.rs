//! What a matching could as well have been.
//!
//! Another reading is as good if it leaves as many alone, pairs as many of different amounts with the same total
//! difference, and agrees as closely. It is told where it would name requests that say something else: which of two equal
//! requests is named makes no difference to anyone.
//!
//! Looked for are trades of two, chains of trades that start with one left alone, and pairs that could be crossed. In lists
//! that name some recipients by billing key and others by sub_id alone, rounds of three trades and more are not.

use super::cells::{Cells, Index};
use super::line::{Basis, Line, OTHER_AMOUNT, STEPS, bit, bits};
use super::room::{Keep, Room};
use super::sets::Sets;
use super::{Matching, sort};

/// Rows and lines of which another reading would name others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::hub) struct Alternatives {
    pub(in crate::hub) rows: Vec<usize>,
    pub(in crate::hub) lines: Vec<usize>,
}

/// Everything in `matching` that was chosen among equals; what hangs together as one.
pub(in crate::hub) fn alternatives(matching: &Matching<'_>) -> Vec<Alternatives> {
    let mut rows = Side { lines: matching.rows, bases: vec![None; matching.rows.len()] };
    let mut lines = Side { lines: matching.lines, bases: vec![None; matching.lines.len()] };
    let mut in_use = 0;
    for (at, claim) in matching.claims.iter().enumerate().filter_map(|(at, claim)| Some((at, (*claim)?))) {
        rows.set(claim.row, claim.basis);
        lines.set(at, claim.basis);
        in_use |= bit(claim.basis);
    }

    // Rows first, lines behind them.
    let place_of = |line: usize| matching.rows.len().saturating_add(line);
    let mut sets = Sets::new(place_of(matching.lines.len()));
    rows.join_trades(&|_| in_use, &mut |row, other| sets.join(row, other));
    let by_line = |line: &Line<'_>| line.bases().into_iter().fold(bit(line.identity() | OTHER_AMOUNT), |bits, basis| bits | bit(basis));
    lines.join_trades(&by_line, &mut |line, other| sets.join(place_of(line), place_of(other)));
    for (line, rival) in rivals(matching) {
        sets.join(place_of(line), place_of(rival));
    }
    for [(line, row), (other_line, other_row)] in &matching.other_pairs {
        for place in [place_of(*line), place_of(*other_line), *other_row] {
            sets.join(*row, place);
        }
    }

    let alternatives = |places: Vec<usize>| {
        let mut found = Alternatives::default();
        for place in places {
            let line = place.checked_sub(matching.rows.len());
            found.rows.extend(line.map_or(Some(place), |line| matching.row_of(line)));
            found.lines.extend(line.or_else(|| matching.line_of(place)));
        }
        for list in [&mut found.rows, &mut found.lines] {
            sort(list, &usize::cmp);
            list.dedup();
        }
        found
    };
    sets.joined().into_iter().map(alternatives).collect()
}

/// Lines without a row, each with a line that says something else and could as well be without one: claims that are in
/// their way would only have to move.
fn rivals(matching: &Matching<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut has_rival = vec![false; matching.lines.len()];
    for basis in STEPS.into_iter().flat_map(|(_, closest_first)| closest_first) {
        let is_left = |line: &usize| matching.claim(*line).is_none() && matching.line(*line).bases().contains(basis);
        let left: Vec<usize> = (0..matching.lines.len()).filter(is_left).collect();
        let Some(mut room) = Room::new(matching, &left, Keep::Basis) else { continue };
        for line in left {
            let (rows, before) = room.within_reach(matching, line, *basis);
            let before = before.filter(|before| has_rival.get(*before) == Some(&true));
            let owners = rows.into_iter().filter_map(|row| matching.line_of(row));
            let equals = owners.filter(|owner| matching.claim(*owner).is_some_and(|claim| claim.basis == *basis));
            for rival in equals.chain(before).filter(|rival| matching.line(*rival) != matching.line(line)) {
                found.push((line, rival));
                if let Some(has_rival) = has_rival.get_mut(line) {
                    *has_rival = true;
                }
            }
        }
    }
    found
}

/// One side of a matching: the rows or the lines.
struct Side<'a> {
    lines: &'a [Line<'a>],
    /// What each has its partner by, if it has one.
    bases: Vec<Option<Basis>>,
}

/// Those with a partner by the same key. Whoever has that key could have the partner of any of them.
#[derive(Default)]
struct Partnered {
    members: Vec<usize>,
    /// Whether two of them say something different.
    is_mixed: bool,
    is_joined: bool,
}

impl<'a> Side<'a> {
    fn set(&mut self, at: usize, basis: Basis) {
        if let Some(place) = self.bases.get_mut(at) {
            *place = Some(basis);
        }
    }

    /// Joins all that could trade places where that would be seen. `eligible`: what a line could have a partner by.
    fn join_trades(&self, eligible: &dyn Fn(&Line<'a>) -> u32, join: &mut dyn FnMut(usize, usize)) {
        let all = || self.lines.iter().zip(self.bases.iter().copied()).enumerate().map(|(at, (line, basis))| (at, line, basis));
        // By identity, those who have a partner of another amount.
        let differing =
            || all().filter_map(|(at, line, basis)| Some((at, line, basis.filter(|basis| basis & OTHER_AMOUNT != 0)? & !OTHER_AMOUNT)));
        let identities = differing().fold(0, |bits, (_, _, identity)| bits | bit(identity));
        let mut alone: Vec<usize> = all().filter(|(_, _, basis)| basis.is_none()).map(|(at, _, _)| at).collect();

        // Who trades keeps the amount, so only some amounts matter.
        let mut amounts = Index::default();
        for line in alone.iter().filter_map(|at| self.lines.get(*at)).chain(differing().map(|(_, line, _)| line)) {
            amounts.put(line.amount_key());
        }
        let mut partnered: Cells<'a, Partnered> = Cells::new();
        for (at, line, basis) in all() {
            let Some(basis) = basis.filter(|_| amounts.place(&line.amount_key()).is_some()) else { continue };
            let within = bits(identities).filter(|identity| basis & identity == 0);
            for key in line.key(basis).into_iter().chain(within.filter_map(|identity| line.key_within(basis, identity))) {
                partnered.change(key, |same| {
                    same.is_mixed |= same.members.first().is_some_and(|first| self.lines.get(*first) != Some(line));
                    same.members.push(at);
                });
            }
        }

        // One who is alone takes the place of another, who is alone then, and so on.
        while let Some(at) = alone.pop() {
            let Some(line) = self.lines.get(at) else { continue };
            for key in bits(eligible(line)).filter_map(|basis| line.key(basis)) {
                if let Some(same) = partnered.find(&key) {
                    alone.extend(same.join(at, self.lines, join));
                }
            }
        }
        // One with a partner of another amount trades with one of its identity: each takes the other's partner.
        for (at, line, identity) in differing() {
            for basis in bits(eligible(line)).filter(|basis| *basis != identity | OTHER_AMOUNT) {
                if let Some(same) = line.key_within(basis, identity).and_then(|key| partnered.find(&key)) {
                    same.join(at, self.lines, join);
                }
            }
        }
    }
}

impl Partnered {
    /// Joins `at` with the members if a trade would be seen; returns those that have not been joined before.
    fn join(&mut self, at: usize, lines: &[Line<'_>], join: &mut dyn FnMut(usize, usize)) -> Vec<usize> {
        let Some(first) = self.members.first().copied() else { return Vec::new() };
        if !self.is_mixed && lines.get(first) == lines.get(at) {
            return Vec::new();
        }
        join(first, at);
        if std::mem::replace(&mut self.is_joined, true) {
            return Vec::new();
        }
        for member in &self.members {
            join(first, *member);
        }
        self.members.clone()
    }
}
