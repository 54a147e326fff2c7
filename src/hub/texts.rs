//! Many texts in one string.

/// Texts one after the other; a [`Span`] tells where each stands.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Texts(String);

/// Where a text stands. What is read is far smaller than 4 GiB, so 32 bits hold it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Texts {
    /// Keeps a text; where it repeats `last`, once. `None` where there is no room left.
    pub(super) fn put(&mut self, text: &str, last: Option<Span>) -> Option<Span> {
        if let Some(span) = last.filter(|&span| self.at(span) == text) {
            return Some(span);
        }
        let start = u32::try_from(self.0.len()).ok()?;
        let end = u32::try_from(text.len()).ok().and_then(|bytes| start.checked_add(bytes))?;
        self.0.push_str(text);
        Some(Span { start, end })
    }

    /// The text at `span`.
    pub(super) fn at(&self, span: Span) -> &str {
        let position = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
        self.0.get(position(span.start)..position(span.end)).unwrap_or_default()
    }
}
