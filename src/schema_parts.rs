//! Parts of schemas that the models themselves name: what schemars cannot know of a field.
//!
//! Of builds with the feature `schema` alone.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::money::MAX_EXACT;

/// Takes `null` away from what a field may be.
pub(crate) fn without_null(property: &mut Value) {
    let Value::Object(schema) = property else { return };
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(only)] = choices.as_mut_slice() {
            let only = std::mem::take(only);
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
}

/// Of a field that may be left out, but must not be `null`.
pub(crate) fn never_null(schema: &mut Schema) {
    let mut value = schema.clone().to_value();
    without_null(&mut value);
    if let Ok(without) = value.try_into() {
        *schema = without;
    }
}

/// What a schema says of fields of which at least one must be there, and not `null`.
pub(crate) fn at_least_one_of(names: &[&str]) -> Value {
    let given = |name: &&str| json!({ "required": [name], "properties": { *name: { "not": { "type": "null" } } } });
    names.iter().map(given).collect()
}

/// An amount or a count in a question.
pub(crate) struct ExpectedNumber;

impl JsonSchema for ExpectedNumber {
    fn schema_name() -> Cow<'static, str> {
        "ExpectedNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number or a text, at most 9007199254740991 and of digits alone: `1000` or `\"1000\"`. `1000.0` and `1e3` are refused, although JSON Schema counts them as integers: no amount passes through a float.",
            "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": MAX_EXACT },
                { "type": "string", "pattern": "^[0-9]+$" },
            ],
        })
    }
}

/// A text in a question that a list may be matched by.
pub(crate) struct ExpectedKey;

impl JsonSchema for ExpectedKey {
    fn schema_name() -> Cow<'static, str> {
        "ExpectedKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        text_or_digits("A text that is not empty; an integer stands for its digits.", 1)
    }
}

/// Another text in a question.
pub(crate) struct ExpectedText;

impl JsonSchema for ExpectedText {
    fn schema_name() -> Cow<'static, str> {
        "ExpectedText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        text_or_digits("A text; an integer stands for its digits, and an empty text for none.", 0)
    }
}

fn text_or_digits(description: &str, min_length: u8) -> Schema {
    json_schema!({
        "description": description,
        "anyOf": [
            { "type": "string", "minLength": min_length },
            { "type": "integer", "minimum": 0_i64.saturating_sub_unsigned(MAX_EXACT), "maximum": MAX_EXACT },
        ],
    })
}

/// A key of Payple's: no white space, no control characters.
pub(crate) const IDENTIFIER: &str = r"^[^\s\u0000-\u001f\u007f-\u009f]+$";
/// A day or a moment in Korea.
pub(crate) const MOMENT: &str = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?\+09:00)?$";
