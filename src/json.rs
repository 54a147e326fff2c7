//! Reading Payple's JSON: strict about what JSON is, lenient about what a scalar is, and borrowed where it can be.
//!
//! Payple documents every scalar as a JSON string, and sibling calls mix numbers in: both are read everywhere.
//! Fields are added over time: unknown ones are passed over. hifijson knows the grammar of strings and numbers; the
//! order in which they may come is told here, once, and not once for every type as serde would (docs/decisions/0010).

use std::borrow::Cow;

use hifijson::token::Lex as _;
use hifijson::{SliceLexer, num::Lex as _, num::LexWrite as _, str::Lex as _, str::LexAlloc as _};

/// A JSON text, read from its beginning to its end and only once.
///
/// What nearly every reply consists of – plain strings, fields in the documented order – is read here, many bytes at a
/// time; hifijson reads the rest, and finds what is wrong.
pub(crate) struct Json<'a> {
    bytes: &'a [u8],
    /// The beginning of `bytes` that is UTF-8: all of it, mostly.
    text: &'a str,
    at: usize,
}

/// Why a text cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It ends too early.
    Early,
    /// It is not JSON.
    Syntax,
    /// It is JSON of another form than the spec describes.
    Form,
}

/// Reads a text as one JSON value with `read`. What is wrong with it is told without repeating any of it.
pub(crate) fn read<'a, T>(
    bytes: &'a [u8],
    read: impl FnOnce(&mut Json<'a>) -> Result<T, Fault>,
) -> Result<T, String> {
    let bytes = without_mark(bytes);
    let mut json = Json { bytes, text: utf8_beginning(bytes), at: 0 };
    let value = read(&mut json).and_then(|value| json.end().map(|()| value));
    value.map_err(|fault| describe(fault, bytes, json.rest().len()))
}

impl<'a> Json<'a> {
    /// The first byte of the value that comes, which tells its form.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Result<u8, Fault> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.pass(1),
                Some(&byte) => return Ok(byte),
                None => return Err(Fault::Early),
            }
        }
    }

    /// Fills one text per name from an object. `other` takes the value of every other field; it gets the field's place
    /// in `names` where it has one there, but no text.
    ///
    /// One of the named that is there twice leaves open which is meant, and is refused.
    pub(crate) fn fields(
        &mut self,
        names: &[&str],
        texts: &mut [Text<'a>],
        other: &mut Other<'_, 'a>,
    ) -> Result<(), Fault> {
        let mut seen = 0_u32;
        let mut is_first = true;
        // The field that comes if they come in order.
        let mut expected = 0;
        self.open(b'{')?;
        while self.another(b'}', &mut is_first)? {
            let next = self.peek()?;
            let at = match names.get(expected) {
                Some(name) if self.pass_key(name) => Some(expected),
                _ if next == b'"' => self.key(names)?,
                _ => return Err(Fault::Syntax),
            };
            if let Some(at) = at {
                expected = at.saturating_add(1);
            }
            let bit = at
                .and_then(|at| 1_u32.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)))
                .unwrap_or(0);
            if seen & bit != 0 {
                return Err(Fault::Form);
            }
            seen |= bit;
            match at.and_then(|at| texts.get_mut(at)) {
                Some(text) => *text = self.text()?,
                None => other(self, at)?,
            }
        }
        Ok(())
    }

    /// Passes over a key, colon included, if it is `name` as plainly as it can be written.
    #[inline(always)]
    fn pass_key(&mut self, name: &str) -> bool {
        let rest = self
            .rest()
            .split_first()
            .filter(|(quote, _)| **quote == b'"')
            .and_then(|(_, rest)| without_prefix(rest, name.as_bytes()));
        let is_it = matches!(rest, Some([b'"', b':', ..]));
        if is_it {
            self.pass(name.len().wrapping_add(3));
        }
        is_it
    }

    /// Any key, colon included: its place in `names`.
    fn key(&mut self, names: &[&str]) -> Result<Option<usize>, Fault> {
        let key = self.string()?;
        if self.peek()? != b':' {
            return Err(Fault::Syntax);
        }
        self.pass(1);
        Ok(names.iter().position(|name| *name == key))
    }

    /// Reads a list, one `item` after the other.
    pub(crate) fn list(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut is_first = true;
        self.open(b'[')?;
        while self.another(b']', &mut is_first)? {
            item(self)?;
        }
        Ok(())
    }

    /// Reads any value as a text.
    pub(crate) fn text(&mut self) -> Result<Text<'a>, Fault> {
        match self.peek()? {
            b'"' => self.string().map(Text::Filled),
            b'n' => self.skip().map(|()| Text::Absent),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.skip().map(|()| Text::Unreadable),
        }
    }

    /// Passes over any value.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        self.skip_nested(MAX_DEPTH)
    }

    fn skip_nested(&mut self, depth: u32) -> Result<(), Fault> {
        let deeper = || depth.checked_sub(1).ok_or(Fault::Form);
        match self.peek()? {
            b'"' => self.slowly(|lexer| lexer.discarded().str_ignore()).map_err(|_| self.syntax()),
            b'-' | b'0'..=b'9' => self
                .slowly(|lexer| lexer.num_ignore().validate())
                .map(drop)
                .map_err(|_| self.syntax()),
            b'[' => {
                let depth = deeper()?;
                self.list(&mut |json| json.skip_nested(depth))
            }
            b'{' => {
                let depth = deeper()?;
                self.fields(&[], &mut [], &mut |json, _| json.skip_nested(depth))
            }
            _ => self.slowly(|lexer| lexer.null_or_bool()).map(drop).ok_or_else(|| self.syntax()),
        }
    }

    /// A string, from its opening quote.
    #[inline(always)]
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let begin = self.at.wrapping_add(1);
        let end = plain_end(self.bytes, begin);
        if self.bytes.get(end) == Some(&b'"')
            && let Some(text) = self.text.get(begin..end)
        {
            self.at = end.wrapping_add(1);
            return Ok(Cow::Borrowed(text));
        }
        self.slowly(|lexer| lexer.discarded().str_string()).map_err(|_| self.syntax())
    }

    /// An integer, as its digits; it is as exact as Payple wrote it. Nothing else is taken for one.
    fn number(&mut self) -> Result<Text<'a>, Fault> {
        let (digits, parts) =
            self.slowly(|lexer| lexer.num_bytes().validated()).map_err(|_| self.syntax())?;
        let digits = str::from_utf8(digits).map_err(|_| Fault::Syntax)?;
        let is_exact =
            parts.is_int() && digits.strip_prefix('-').unwrap_or(digits).parse::<u64>().is_ok();
        Ok(if is_exact { Text::Filled(Cow::Borrowed(digits)) } else { Text::Unreadable })
    }

    /// The beginning of an object or a list.
    fn open(&mut self, begin: u8) -> Result<(), Fault> {
        if self.peek()? != begin {
            return Err(Fault::Form);
        }
        self.pass(1);
        Ok(())
    }

    /// Whether one more item comes before `end`.
    #[inline(always)]
    fn another(&mut self, end: u8, is_first: &mut bool) -> Result<bool, Fault> {
        let next = self.peek()?;
        if next == end {
            self.pass(1);
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            if next != b',' {
                return Err(Fault::Syntax);
            }
            self.pass(1);
        }
        Ok(true)
    }

    fn end(&mut self) -> Result<(), Fault> {
        if self.peek().is_err() { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// Has hifijson read what comes.
    fn slowly<T>(&mut self, read: impl FnOnce(&mut SliceLexer<'a>) -> T) -> T {
        let mut lexer = SliceLexer::new(self.rest());
        let value = read(&mut lexer);
        self.at = self.bytes.len().saturating_sub(lexer.as_slice().len());
        value
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes that are known to be there.
    fn pass(&mut self, bytes: usize) {
        self.at = self.at.wrapping_add(bytes);
    }

    fn syntax(&self) -> Fault {
        if self.rest().is_empty() { Fault::Early } else { Fault::Syntax }
    }
}

/// Where a run of plain characters that begins at `at` ends: at a quote, a backslash, a control character or the end.
#[inline(always)]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    // Eight bytes at a time. A byte becomes zero where it is what is looked for, and what borrows at a subtraction sets
    // its highest bit; beyond the first such byte that may be wrong, but the first is all that is asked for.
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        let quote = (eight ^ EACH_BYTE.wrapping_mul(0x22)).wrapping_sub(EACH_BYTE);
        let backslash = (eight ^ EACH_BYTE.wrapping_mul(0x5c)).wrapping_sub(EACH_BYTE);
        let control = eight.wrapping_sub(EACH_BYTE.wrapping_mul(0x20));
        let found = (quote | backslash | control) & !eight & EACH_BYTE.wrapping_mul(0x80);
        if found != 0 {
            let place = found.trailing_zeros().wrapping_shr(3);
            return at.wrapping_add(usize::try_from(place).unwrap_or(0));
        }
        at = at.wrapping_add(8);
    }
    let left = bytes.get(at..).unwrap_or_default();
    at.wrapping_add(
        left.iter()
            .position(|&byte| matches!(byte, b'"' | b'\\') || byte < 0x20)
            .unwrap_or(left.len()),
    )
}

/// `strip_prefix` of the standard library, which calls a function that compares byte by byte: keys are compared very often.
#[inline(always)]
fn without_prefix<'a>(mut bytes: &'a [u8], mut prefix: &[u8]) -> Option<&'a [u8]> {
    while let (Some((left, bytes_after)), Some((right, prefix_after))) =
        (bytes.split_first_chunk(), prefix.split_first_chunk())
    {
        if u64::from_le_bytes(*left) != u64::from_le_bytes(*right) {
            return None;
        }
        (bytes, prefix) = (bytes_after, prefix_after);
    }
    let (begin, rest) = bytes.split_at_checked(prefix.len())?;
    begin.iter().zip(prefix).all(|(left, right)| left == right).then_some(rest)
}

/// Whether two texts are the same, for the same reason.
#[inline(always)]
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    left.len() == right.len() && without_prefix(left.as_bytes(), right.as_bytes()).is_some()
}

/// 1 in each of eight bytes.
const EACH_BYTE: u64 = 0x0101_0101_0101_0101;

fn utf8_beginning(bytes: &[u8]) -> &str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) => bytes
            .get(..fault.valid_up_to())
            .and_then(|text| str::from_utf8(text).ok())
            .unwrap_or_default(),
    }
}

/// Takes the value of a field.
pub(crate) type Other<'f, 'a> = dyn FnMut(&mut Json<'a>, Option<usize>) -> Result<(), Fault> + 'f;

/// The bytes without a UTF-8 byte order mark and leading white space.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

fn describe(fault: Fault, bytes: &[u8], left: usize) -> String {
    let what = match fault {
        Fault::Early => "ends too early",
        Fault::Syntax => "is not JSON",
        Fault::Form => "is not of the form the spec describes",
    };
    let read = bytes.get(..bytes.len().saturating_sub(left)).unwrap_or_default();
    let line = read.iter().filter(|&&b| b == b'\n').count().saturating_add(1);
    let column = read.iter().rev().take_while(|&&b| b != b'\n').count();
    format!("{what} (line {line}, column {column})")
}

/// A documented string that may arrive as an integer, empty, `null` or not at all.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// A string, or the digits of an integer.
    Filled(Cow<'a, str>),
    /// A fraction, a truth value, a list or an object: no text, and never taken for one.
    Unreadable,
}

impl Text<'_> {
    /// The text, or `""`.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Filled(text) => text,
            Self::Absent | Self::Unreadable => "",
        }
    }

    /// The text, where there is any.
    pub(crate) fn filled(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }

    /// The same, owned.
    pub(crate) fn to_filled(&self) -> Option<String> {
        self.filled().map(str::to_owned)
    }
}

/// How deep what is passed over may be nested: deeper than anything Payple sends, and far from the stack's end.
const MAX_DEPTH: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as it is, anything else as a word in brackets.
    fn text(json: &str) -> Result<String, String> {
        let text = read(json.as_bytes(), Json::text)?;
        Ok(match text {
            Text::Absent => "(absent)".to_owned(),
            Text::Filled(text) => text.into_owned(),
            Text::Unreadable => "(unreadable)".to_owned(),
        })
    }

    #[test]
    fn a_scalar_may_be_a_string_a_number_or_nothing() {
        assert_eq!(text("\"60\"").as_deref(), Ok("60"));
        assert_eq!(text("60").as_deref(), Ok("60"));
        assert_eq!(text("-1").as_deref(), Ok("-1"));
        assert_eq!(text("null").as_deref(), Ok("(absent)"));
        assert_eq!(text("\"a\\/b\\u00e9\\ud83d\\ude00\\n\"").as_deref(), Ok("a/bé😀\n"));
        assert_eq!(text(" \t\r\n\"가\" ").as_deref(), Ok("가"));
    }

    #[test]
    fn what_is_no_text_is_never_taken_for_one() {
        for unreadable in [
            "1.5",
            "1000.0",
            "1e3",
            "1E999",
            "true",
            "false",
            "[1,[2]]",
            "{\"a\":{}}",
            "99999999999999999999",
        ] {
            assert_eq!(text(unreadable).as_deref(), Ok("(unreadable)"), "{unreadable}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for wrong in [
            "nul",
            "nulL",
            "tru",
            "True",
            "01",
            "-",
            "+1",
            ".5",
            "1.",
            "1e",
            "0x1",
            "NaN",
            "'a'",
            "\"\u{1}\"",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"a",
            "\"a\\",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "{\"a\" 1}",
            "{\"a\":1",
            "1 2",
            "1,",
            "",
            " ",
            "\u{feff}\u{feff}1",
            "/**/1",
        ] {
            assert!(text(wrong).is_err(), "{wrong}");
        }
        assert!(read(b"\"\xff\"", |json| json.text().map(drop)).is_err());
        assert!(read(b"\"\xed\xa0\x80\"", |json| json.text().map(drop)).is_err());
    }

    #[test]
    fn a_plain_run_ends_at_the_first_byte_that_is_not_plain() {
        let text = "0123456789 가나다 abcdefg";
        for place in 0..text.len() {
            for byte in 0..=u8::MAX {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] = byte;
                let is_plain = byte >= b' ' && byte != b'"' && byte != b'\\';
                for begin in [0, place / 2, place] {
                    assert_eq!(
                        plain_end(&bytes, begin),
                        if is_plain { bytes.len() } else { place },
                        "{byte} at {place} from {begin}"
                    );
                }
            }
        }
    }

    #[test]
    fn only_a_key_as_plain_as_can_be_is_passed_over_at_once() {
        let passed = |json: &str| {
            let mut json = Json { bytes: json.as_bytes(), text: json, at: 0 };
            (json.pass_key("total"), json.at)
        };

        assert_eq!(passed(r#""total":1"#), (true, 8));
        for other in [
            r#""total" :1"#,
            r#""totals":1"#,
            r#""tota":1"#,
            r#""tot\u0061l":1"#,
            r#"'total":1"#,
            r#""total"#,
            "",
            "\"",
        ] {
            assert_eq!(passed(other), (false, 0), "{other}");
        }
    }

    #[test]
    fn what_comes_before_the_first_fault_of_utf8_is_text() {
        assert_eq!(utf8_beginning("a가".as_bytes()), "a가");
        assert_eq!(utf8_beginning(b"a\xea\xb0\x80\xffb"), "a가");
        assert_eq!(utf8_beginning(b"\xff"), "");
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));

        assert_eq!(text(&nested(64)).as_deref(), Ok("(unreadable)"));
        assert!(text(&nested(65)).is_err());
        assert!(text(&"{\"a\":[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn a_byte_order_mark_and_white_space_are_passed_over() {
        for body in [&b"{}"[..], b"\xef\xbb\xbf{}", b" \r\n{}", b"\n\xef\xbb\xbf \n{}"] {
            assert_eq!(without_mark(body), b"{}");
        }
    }

    #[test]
    fn a_fault_tells_where_it_is_and_repeats_nothing() {
        let fault = |json: &str| {
            read(json.as_bytes(), |json| json.fields(&["a"], &mut [], &mut |json, _| json.skip()))
                .unwrap_err()
        };

        assert_eq!(fault("{\n \"b\":1, canary}"), "is not JSON (line 2, column 8)");
        assert_eq!(fault("{\"b\":"), "ends too early (line 1, column 5)");
        assert_eq!(fault("[]"), "is not of the form the spec describes (line 1, column 0)");
        assert_eq!(
            fault("{\"a\":1,\"a\":2}"),
            "is not of the form the spec describes (line 1, column 11)"
        );
    }
}
