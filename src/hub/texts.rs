//! Many texts in two strings.

/// Texts one after the other; a [`Span`] tells where each stands.
///
/// Those of ASCII alone stand apart: a character of theirs is one place wherever they are handed on to.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    ascii: String,
    wide: String,
}

/// Where a text stands; the default is the empty text. What is read is far smaller than 2 GiB, so 31 bits hold a place.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// With [`WIDE`] where it is not ASCII alone.
    start: u32,
    end: u32,
}

impl Texts {
    /// Room for so many bytes.
    pub(super) fn with_room(ascii: usize, wide: usize) -> Self {
        Self { ascii: String::with_capacity(ascii), wide: String::with_capacity(wide) }
    }

    /// Keeps a text; where it repeats `last`, once. `None` where there is no room left.
    pub(super) fn put(&mut self, text: &str, last: Option<Span>) -> Option<Span> {
        if text.is_empty() {
            return Some(Span::default());
        }
        if let Some(span) = last.filter(|&span| self.at(span) == text) {
            return Some(span);
        }
        let (kept, mark) = if text.is_ascii() { (&mut self.ascii, 0) } else { (&mut self.wide, WIDE) };
        let start = kept.len();
        kept.push_str(text);
        let end = u32::try_from(kept.len()).ok().filter(|end| end & WIDE == 0)?;
        Some(Span { start: u32::try_from(start).ok()? | mark, end })
    }

    /// The text at `span`.
    pub(super) fn at(&self, span: Span) -> &str {
        let position = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
        let kept = if span.is_wide() { &self.wide } else { &self.ascii };
        kept.get(position(span.start & !WIDE)..position(span.end)).unwrap_or_default()
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
        if !span.is_wide() {
            return [span.start, span.end];
        }
        let start = *units;
        // One unit for each character, and one more for those of four bytes in UTF-8.
        let length = self.at(span).bytes().map(|byte| u32::from(byte & 0xc0 != 0x80).wrapping_add(u32::from(byte >= 0xf0))).sum::<u32>();
        *units = start.saturating_add(length);
        [start | WIDE, *units]
    }
}

impl Span {
    fn is_wide(self) -> bool {
        self.start & WIDE != 0
    }
}

const WIDE: u32 = 1 << 31;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_stands_where_its_span_says() {
        let mut texts = Texts::with_room(0, 0);
        let spans: Vec<_> = SAMPLES.iter().map(|text| texts.put(text, None).unwrap()).collect();

        assert_eq!(spans.iter().map(|&span| texts.at(span)).collect::<Vec<_>>(), SAMPLES);
    }

    #[test]
    fn what_repeats_is_kept_once() {
        let mut texts = Texts::default();
        let first = texts.put("가", None);

        assert!(texts.put("가", first) == first && texts.put("나", first) != first);
        assert_eq!((texts.ascii.as_str(), texts.wide.as_str()), ("", "가나"));
    }

    #[cfg(feature = "npm")]
    #[test]
    fn places_are_counted_as_javascript_counts() {
        let mut texts = Texts::default();
        let mut units = 0;
        let places: Vec<_> = SAMPLES.iter().map(|text| texts.put(text, None).map(|span| texts.place(span, &mut units)).unwrap()).collect();

        assert_eq!(places, [[0, 1], [WIDE, 1], [0, 0], [1, 3], [WIDE | 1, 4], [WIDE | 4, 6]]);
    }

    const SAMPLES: [&str; 6] = ["a", "가", "", "bc", "é😀", "é0"];
}
