//! Expected lines and rows in the form in which they are matched: texts as numbers, each looked at but once.

use std::cmp::Ordering;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::cells::Index;
use super::line::{Entry, Line};

/// What is to be matched.
#[derive(Default)]
pub(in crate::hub) struct Lists<'a> {
    /// The expected ones.
    pub(in crate::hub) lines: Vec<Entry>,
    /// Those of the group.
    pub(in crate::hub) rows: Vec<Entry>,
    /// What the numbers in both stand for; at 0 nothing.
    pub(in crate::hub) texts: Vec<&'a str>,
}

impl<'a> Lists<'a> {
    pub(in crate::hub) fn new(lines: impl Iterator<Item = Line<'a>>, rows: impl Iterator<Item = Line<'a>>) -> Self {
        let mut numbers = Numbers { index: Index::default(), texts: vec![""] };
        let lines = lines.map(|line| numbers.entry(&line)).collect();
        let rows = rows.map(|row| numbers.entry(&row)).collect();
        Self { lines, rows, texts: numbers.texts }
    }

    /// The order by what two entries say: by amount, then by the texts themselves.
    pub(super) fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        let text = |at: u32| usize::try_from(at).ok().and_then(|at| self.texts.get(at));
        a.amount.cmp(&b.amount).then_with(|| a.texts.map(text).cmp(&b.texts.map(text)))
    }
}

struct Numbers<'a> {
    index: Index,
    texts: Vec<&'a str>,
}

impl<'a> Numbers<'a> {
    fn entry(&mut self, line: &Line<'a>) -> Entry {
        Entry { amount: line.amount, texts: line.texts.map(|text| text.map_or(0, |text| self.number(text))) }
    }

    fn number(&mut self, text: &'a str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let is_it = |place: usize| self.texts.get(place.wrapping_add(1)) == Some(&text);
        let number = self.index.put(hasher.finish(), &mut { is_it }).wrapping_add(1);
        if number == self.texts.len() {
            self.texts.push(text);
        }
        u32::try_from(number).unwrap_or(0)
    }
}
