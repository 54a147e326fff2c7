//! Reading JSON with serde_json: lenient about what a value is, strict about everything else, and
//! silent about content.
//!
//! Payple documents every scalar as a JSON string, and sibling calls mix numbers in: [`Value`]
//! reads both. What is wrong with a text is told in words of ours, with line and column:
//! serde_json's own words may repeat a value.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

/// Reads a whole text as one JSON value. A byte order mark before it is passed over.
///
/// The error completes a sentence: "the reply {error}".
pub(crate) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| describe(&error))
}

/// The same for a text that must be an object: serde would also read a struct from a list.
pub(crate) fn parse_object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    let value: Object<'_, T> = parse(bytes)?;
    let Value::Object(object) = value else { return Err("is not a JSON object".to_owned()) };
    Ok(object)
}

fn describe(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Eof => "ends too early",
        Category::Syntax | Category::Io => "is not JSON",
        Category::Data => "is not of the form the specification describes",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// A value where a documented one may be missing or of another kind: `L` is what a list is read
/// as, `O` what an object is.
#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a, L = IgnoredAny, O = IgnoredAny> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// A string, or the digits of an integer, so that an amount never goes through a float.
    Text(Cow<'a, str>),
    /// A list.
    List(L),
    /// An object.
    Object(O),
    /// A fraction or a truth value: never taken for a text.
    Other,
}

/// A documented string, which may arrive as an integer, empty, `null` or not at all.
pub(crate) type Scalar<'a> = Value<'a>;
/// A documented list.
pub(crate) type List<'a, T> = Value<'a, Vec<T>>;
/// A documented object.
pub(crate) type Object<'a, T> = Value<'a, IgnoredAny, T>;

impl Scalar<'_> {
    /// The text, or `""`.
    pub(crate) fn as_str(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The text, where there is any.
    pub(crate) fn filled(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }

    /// The text of a field that may be missing or empty; what is no text is a fault.
    pub(crate) fn optional(&self, field: &'static str) -> Result<Option<&str>, FieldFault> {
        match self {
            Self::Absent | Self::Text(_) => Ok(self.filled()),
            _ => Err(FieldFault(field, "is not a text")),
        }
    }

    /// The text of a field that must be there and not empty.
    pub(crate) fn required(&self, field: &'static str) -> Result<&str, FieldFault> {
        self.optional(field)?.ok_or(FieldFault(field, "is missing"))
    }
}

/// A field, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldFault(pub(crate) &'static str, pub(crate) &'static str);

impl<'de: 'a, 'a, L, O> Deserialize<'de> for Value<'a, L, O>
where
    L: Deserialize<'de>,
    O: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor(PhantomData))
    }
}

struct ValueVisitor<'a, L, O>(PhantomData<Value<'a, L, O>>);

impl<'de: 'a, 'a, L, O> Visitor<'de> for ValueVisitor<'a, L, O>
where
    L: Deserialize<'de>,
    O: Deserialize<'de>,
{
    type Value = Value<'a, L, O>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Absent)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        L::deserialize(SeqAccessDeserializer::new(list)).map(Value::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        O::deserialize(MapAccessDeserializer::new(object)).map(Value::Object)
    }
}

/// A field of an object that is not among the `known` ones, the alphabetically first; "…" where its
/// name is not of letters and underscores, because it may be a value that was misplaced.
///
/// Asked after reading has failed: serde's own message may repeat a value.
pub(crate) fn unknown_field(bytes: &[u8], known: &[&str]) -> Option<String> {
    let fields: BTreeMap<String, IgnoredAny> = parse(bytes).ok()?;
    let name = fields.into_keys().find(|name| !known.contains(&name.as_str()))?;
    let is_name = name.len() <= MAX_SHOWN_BYTES
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    Some(if is_name { name } else { "…".to_owned() })
}

const MAX_SHOWN_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn scalar(json: &str) -> Result<Scalar<'_>, String> {
        parse(json.as_bytes())
    }

    fn text(text: &str) -> Scalar<'_> {
        Scalar::Text(text.into())
    }

    #[test]
    fn a_scalar_may_be_a_string_a_number_or_nothing() {
        for (json, read) in [
            ("\"60\"", text("60")),
            ("60", text("60")),
            ("-1", text("-1")),
            ("9007199254740993", text("9007199254740993")),
            ("null", Scalar::Absent),
            ("\"a\\/b\\u00e9\\ud83d\\ude00\\n\"", text("a/bé😀\n")),
            (" \t\r\n\"가\" ", text("가")),
        ] {
            assert_eq!(scalar(json), Ok(read), "{json}");
        }
    }

    #[test]
    fn what_is_no_text_is_never_taken_for_one() {
        for json in ["1.5", "1000.0", "1e3", "true", "false", "99999999999999999999"] {
            assert_eq!(scalar(json), Ok(Scalar::Other), "{json}");
        }
        for json in ["1.5", "true", "[1,[2]]", "{\"a\":{}}"] {
            let read = scalar(json).unwrap();
            assert_eq!(read.optional("a"), Err(FieldFault("a", "is not a text")), "{json}");
            assert_eq!(read.as_str(), "", "{json}");
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
            "\"\\ud800\"",
            "\"\\u12\"",
            "\"a",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{a:1}",
            "1 2",
            "",
            " ",
        ] {
            assert!(scalar(wrong).is_err(), "{wrong}");
        }
        assert!(parse::<Scalar<'_>>(b"\"\xff\"").is_err());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_place_and_not_repeated() {
        assert_eq!(scalar("\"canary"), Err("ends too early (line 1, column 7)".to_owned()));
        assert_eq!(scalar("\n canary"), Err("is not JSON (line 2, column 2)".to_owned()));
    }

    #[test]
    fn a_byte_order_mark_and_white_space_are_passed_over() {
        assert_eq!(parse::<Scalar<'_>>(b"\xef\xbb\xbf \"a\"\n"), Ok(text("a")));
    }

    #[test]
    fn nesting_costs_no_stack() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(scalar(&deep), Ok(Scalar::List(IgnoredAny)));
    }

    #[test]
    fn an_object_is_an_object_and_a_list_a_list() {
        #[derive(Deserialize)]
        struct Named<'a> {
            #[serde(borrow, default)]
            a: Scalar<'a>,
        }
        let object = |json: &'static str| parse_object::<Named<'_>>(json.as_bytes());

        assert_eq!(object(r#"{"a":1,"b":[{}]}"#).map(|named| named.a), Ok(text("1")));
        assert_eq!(object("{}").map(|named| named.a), Ok(Scalar::Absent));
        for other in ["[]", "[1]", "null", "7", "\"a\"", "true"] {
            assert_eq!(object(other).err().as_deref(), Some("is not a JSON object"), "{other}");
        }
        assert!(object(r#"{"a":1,"a":1}"#).is_err(), "which of the two is meant is open");

        let list = |json: &'static str| parse::<List<Scalar<'_>>>(json.as_bytes()).unwrap();
        assert!(matches!(list("[1]"), List::List(items) if items.len() == 1));
        assert!(matches!(list("null"), List::Absent));
        for other in ["{}", "7", "\"a\"", "true"] {
            assert!(!matches!(list(other), List::List(_) | List::Absent), "{other}");
        }
    }
}
