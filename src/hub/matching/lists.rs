//! Expected lines and rows in the form in which they are matched: texts as numbers, each looked at but once.

use std::cmp::Ordering;

use super::super::texts;
use super::cells::Index;
use super::line::{Entry, Line};
use crate::json::Text;

/// What is to be matched.
#[derive(Default)]
pub(in crate::hub) struct Lists<'a> {
    /// The expected ones.
    pub(in crate::hub) lines: Vec<Entry>,
    /// Those of the group.
    pub(in crate::hub) rows: Vec<Entry>,
    /// What the numbers in both stand for; at 0 nothing.
    pub(in crate::hub) texts: Vec<Text<'a>>,
    /// Of the texts, as far as they were put in by [`Lists::entry`].
    index: Index,
}

impl<'a> Lists<'a> {
    pub(in crate::hub) fn new(
        lines: impl Iterator<Item = Line<'a>>,
        rows: impl Iterator<Item = Line<'a>>,
    ) -> Self {
        let mut lists = Self { texts: vec![Text::Absent], ..Self::default() };
        for line in lines {
            let entry = lists.entry(&line);
            lists.lines.push(entry);
        }
        for row in rows {
            let entry = lists.entry(&row);
            lists.rows.push(entry);
        }
        lists
    }

    #[inline(never)]
    fn entry(&mut self, line: &Line<'a>) -> Entry {
        let [recipient, sub_id, print_content] = line.texts;
        Entry {
            amount: line.amount,
            texts: [self.number(recipient), self.number(sub_id), self.number(print_content)],
        }
    }

    /// The number of a text: the next where it is new.
    fn number(&mut self, text: Option<&'a str>) -> u32 {
        let Some(text) = text else { return 0 };
        let is_it = |place: usize| {
            self.texts.get(place.wrapping_add(1)).is_some_and(|known| known.as_str() == text)
        };
        let number = self.index.put(texts::hash(text), &mut { is_it }).wrapping_add(1);
        if number == self.texts.len() {
            self.texts.push(Text::Filled(text.into()));
        }
        u32::try_from(number).unwrap_or(0)
    }

    /// The order by what two entries say: by amount, then by the texts themselves.
    pub(super) fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        let text =
            |at: u32| usize::try_from(at).ok().and_then(|at| self.texts.get(at)).map(Text::as_str);
        let texts = a.texts.into_iter().zip(b.texts);
        texts.fold(a.amount.cmp(&b.amount), |order, (a, b)| {
            order.then_with(|| text(a).cmp(&text(b)))
        })
    }
}
