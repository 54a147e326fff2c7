//! Many texts in two strings.

/// Texts one after the other; a [`Span`] tells where each stands.
///
/// Those of ASCII alone stand apart: a character of theirs is one place wherever they are handed on to.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    ascii: String,
    wide: String,
}

/// Where a text stands; the default is the empty text. What is read is far smaller than 2 GiB, so 31 bits hold it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
    is_wide: bool,
}

impl Texts {
    /// Keeps a text; where it repeats `last`, once. `None` where there is no room left.
    pub(super) fn put(&mut self, text: &str, last: Option<Span>) -> Option<Span> {
        if text.is_empty() {
            return Some(Span::default());
        }
        if let Some(span) = last.filter(|&span| self.at(span) == text) {
            return Some(span);
        }
        let is_wide = !text.is_ascii();
        let kept = if is_wide { &mut self.wide } else { &mut self.ascii };
        let start = u32::try_from(kept.len()).ok()?;
        kept.push_str(text);
        let end = u32::try_from(kept.len()).ok()?;
        Some(Span { start, end, is_wide })
    }

    /// The text at `span`.
    pub(super) fn at(&self, span: Span) -> &str {
        let position = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
        let kept = if span.is_wide { &self.wide } else { &self.ascii };
        kept.get(position(span.start)..position(span.end)).unwrap_or_default()
    }

    /// Both strings, ASCII first.
    #[cfg(feature = "npm")]
    pub(super) fn both(&self) -> (&str, &str) {
        (&self.ascii, &self.wide)
    }

    /// Where a text begins and ends for JavaScript, which counts UTF-16 units. `units` is how many come before it in
    /// the wide string: to be asked in the order in which the texts were kept, once for each.
    #[cfg(feature = "npm")]
    pub(super) fn place(&self, span: Span, units: &mut u32) -> [u32; 2] {
        if !span.is_wide {
            return [span.start, span.end];
        }
        let start = *units;
        let length = self.at(span).chars().map(char::len_utf16).sum::<usize>();
        *units = start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        [start | WIDE, *units]
    }
}

#[cfg(feature = "npm")]
const WIDE: u32 = 1 << 31;
