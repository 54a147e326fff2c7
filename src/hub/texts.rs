//! Many texts in two strings.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::json::is_same;

/// Texts one after the other; a [`Span`] tells where each stands.
///
/// Those of ASCII alone stand apart: a character of theirs is one place wherever they are handed on to.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    ascii: String,
    wide: String,
    /// Texts that were put to be found again, by their hash: one place for each, where the last that came stands.
    shared: Vec<Span>,
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
        Self {
            ascii: String::with_capacity(ascii),
            wide: String::with_capacity(wide),
            ..Self::default()
        }
    }

    /// Keeps a text; where it repeats `last`, once. `None` where there is no room left.
    pub(super) fn put(&mut self, text: &str, last: Option<Span>) -> Option<Span> {
        if text.is_empty() {
            return Some(Span::default());
        }
        if let Some(span) = last.filter(|&span| is_same(self.at(span), text)) {
            return Some(span);
        }
        let (kept, mark) =
            if text.is_ascii() { (&mut self.ascii, 0) } else { (&mut self.wide, WIDE) };
        let start = kept.len();
        kept.push_str(text);
        let end = u32::try_from(kept.len()).ok().filter(|end| end & WIDE == 0)?;
        Some(Span { start: u32::try_from(start).ok()? | mark, end })
    }

    /// Keeps a text that comes again and again among others; mostly once.
    pub(super) fn put_shared(&mut self, text: &str) -> Option<Span> {
        let place = usize::try_from(hash(text) & SHARED_MASK).unwrap_or(0);
        if self.shared.is_empty() {
            self.shared.resize(
                usize::try_from(SHARED_MASK).unwrap_or(0).saturating_add(1),
                Span::default(),
            );
        }
        let span = self.put(text, self.shared.get(place).copied())?;
        if let Some(shared) = self.shared.get_mut(place) {
            *shared = span;
        }
        Some(span)
    }

    /// The text at `span`.
    #[inline(always)]
    pub(super) fn at(&self, span: Span) -> &str {
        let position = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
        let kept = if span.is_wide() { &self.wide } else { &self.ascii };
        kept.get(position(span.start & !WIDE)..position(span.end)).unwrap_or_default()
    }

    /// The texts of ASCII alone.
    #[cfg(feature = "npm")]
    pub(super) fn ascii(&self) -> &str {
        &self.ascii
    }

    /// Room for all others as JavaScript has them.
    #[cfg(feature = "npm")]
    pub(super) fn room_for_wide(&self) -> Vec<u16> {
        // Two bytes or more for each unit.
        Vec::with_capacity(self.wide.len().div_ceil(2))
    }

    /// Where a text begins and ends for JavaScript: in `ascii`, or, with [`WIDE`] in the beginning, in `wide`, to the end
    /// of which it is added.
    #[cfg(feature = "npm")]
    pub(super) fn place(&self, span: Span, wide: &mut Vec<u16>) -> [u32; 2] {
        if !span.is_wide() {
            return [span.start, span.end];
        }
        let start = wide.len();
        wide.extend(self.at(span).encode_utf16());
        // Far below the highest bit, as the bytes are.
        let units = |units: usize| u32::try_from(units).unwrap_or(0);
        [units(start) | WIDE, units(wide.len())]
    }
}

/// The hash of a text; of 32 bits where pointers are.
#[inline(never)]
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Span {
    fn is_wide(self) -> bool {
        self.start & WIDE != 0
    }
}

const WIDE: u32 = 1 << 31;
/// Of the hashes: as many recipients as most groups have are told apart.
const SHARED_MASK: u64 = 0x7ff;

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
    fn what_there_is_room_for_is_not_moved() {
        let mut texts = Texts::with_room(3, 5);
        let places = (texts.ascii.as_ptr(), texts.wide.as_ptr());
        for text in ["a", "bc", "가", "é"] {
            texts.put(text, None).unwrap();
        }

        assert_eq!((texts.ascii.as_str(), texts.wide.as_str()), ("abc", "가é"));
        assert_eq!((texts.ascii.as_ptr(), texts.wide.as_ptr()), places);
    }

    #[test]
    fn what_repeats_is_kept_once() {
        let mut texts = Texts::default();
        let first = texts.put("가", None);

        assert!(texts.put("가", first) == first && texts.put("나", first) != first);
        assert_eq!((texts.ascii.as_str(), texts.wide.as_str()), ("", "가나"));
    }

    #[test]
    fn what_comes_again_among_others_is_found() {
        let mut texts = Texts::default();
        let first = texts.put_shared("a");

        assert!(texts.put_shared("b") != first && texts.put_shared("a") == first);
        for other in 0..10_000 {
            let span = texts.put_shared(&other.to_string()).unwrap();
            assert_eq!(texts.at(span), other.to_string());
        }
    }

    #[cfg(feature = "npm")]
    #[test]
    fn places_are_counted_as_javascript_counts() {
        let mut texts = Texts::default();
        let spans = SAMPLES.map(|text| texts.put(text, None).unwrap());
        let mut wide = texts.room_for_wide();
        let room = wide.capacity();
        let places = spans.map(|span| texts.place(span, &mut wide));

        assert_eq!(places, [[0, 1], [WIDE, 1], [0, 0], [1, 3], [WIDE | 1, 4], [WIDE | 4, 6]]);
        assert_eq!(String::from_utf16(&wide).ok().as_deref(), Some("가é😀é0"));
        assert_eq!(wide.capacity(), room);
    }

    const SAMPLES: [&str; 6] = ["a", "가", "", "bc", "é😀", "é0"];
}
