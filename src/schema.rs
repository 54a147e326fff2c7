//! The shapes that users meet, as JSON Schema: the one source of `openapi.json` and of the
//! TypeScript models.
//!
//! Of builds with the feature `schema` alone; `npm run schema` writes what comes of it
//! (docs/decisions/0031).

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::api::{
    AccessRecords, AccessRecordsQuestion, AccessSummary, Action, BillingKeyQuestion,
    BillingKeyResults, BillingKeysQuestion, Health, PayoutQuestionInput, Problem, Session, SignIn,
};
use crate::billing_key::BillingKey;
use crate::payout::{Fingerprint, PayoutRequestGroup};
use crate::schema_parts::without_null;
use crate::time::KoreanTime;

/// Every schema by its name, as `components.schemas` of an OpenAPI description has them.
pub fn schemas() -> Map<String, Value> {
    let mut answers = generator(SchemaSettings::for_serialize);
    answers.subschema_for::<PayoutRequestGroup>();
    answers.subschema_for::<BillingKey>();
    answers.subschema_for::<BillingKeyResults>();
    answers.subschema_for::<Session>();
    answers.subschema_for::<Health>();
    answers.subschema_for::<AccessRecords>();
    answers.subschema_for::<AccessSummary>();
    answers.subschema_for::<Problem>();
    let mut schemas = Map::new();
    for (name, mut schema) in answers.take_definitions(true) {
        leave_null_out(&mut schema);
        for (name, mut schema) in one_for_each_tag(name, schema) {
            close(&mut schema);
            schemas.insert(name, schema);
        }
    }
    let mut questions = generator(SchemaSettings::for_deserialize);
    questions.subschema_for::<PayoutQuestionInput<'_>>();
    questions.subschema_for::<BillingKeyQuestion<'_>>();
    questions.subschema_for::<BillingKeysQuestion>();
    questions.subschema_for::<SignIn<'_>>();
    questions.subschema_for::<Action<'_>>();
    questions.subschema_for::<AccessRecordsQuestion<'_>>();
    for (name, schema) in questions.take_definitions(true) {
        schemas.entry(name).or_insert(schema);
    }
    schemas.values_mut().for_each(tidy);
    schemas
}

fn generator(contract: impl Fn(SchemaSettings) -> SchemaSettings) -> SchemaGenerator {
    contract(SchemaSettings::draft2020_12())
        .with(|settings| {
            settings.definitions_path = DEFINITIONS_PATH.into();
            settings.meta_schema = None;
        })
        .into_generator()
}

/// Takes away what schemars knows only of Rust.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(schema) => {
            if schema.get("format").and_then(Value::as_str).is_some_and(is_of_rust) {
                schema.remove("format");
            }
            if let Some(description) = schema.get_mut("description")
                && let Some(text) = description.as_str()
            {
                *description = unwrapped(text).into();
            }
            schema.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

/// In an answer, a field without a value is left out, and never `null`.
fn leave_null_out(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(leave_null_out),
        Value::Object(schema) => {
            let required = schema.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| {
                required.as_array().is_some_and(|names| names.iter().any(|n| n == name))
            };
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                for (name, property) in properties {
                    if !is_required(name) {
                        without_null(property);
                    }
                }
            }
            schema.values_mut().for_each(leave_null_out);
        }
        _ => {}
    }
}

/// A struct with a tagged enum flattened into it, as a union of objects with a name each; any other
/// schema as it is.
///
/// `BillingKey` with the tag `card` becomes `CardBillingKey`.
fn one_for_each_tag(name: String, schema: Value) -> Vec<(String, Value)> {
    let Value::Object(mut common) = schema else { return vec![(name, schema)] };
    let variants = match (common.contains_key("properties"), common.remove("oneOf")) {
        (true, Some(Value::Array(variants))) => variants,
        (_, variants) => {
            common.extend(variants.map(|variants| ("oneOf".to_owned(), variants)));
            return vec![(name, common.into())];
        }
    };
    let (mut choices, mut mapping, mut schemas) = (Vec::new(), Map::new(), Vec::new());
    for mut variant in variants {
        let tag =
            variant.pointer(TAG_POINTER).and_then(Value::as_str).unwrap_or_default().to_owned();
        for part in ["properties", "required"] {
            match (variant.get_mut(part), common.get(part)) {
                (Some(Value::Object(own)), Some(Value::Object(all))) => own.extend(all.clone()),
                (Some(Value::Array(own)), Some(Value::Array(all))) => own.extend(all.clone()),
                _ => {}
            }
        }
        let of_tag = format!(
            "{}{}{name}",
            tag.get(..1).unwrap_or_default().to_uppercase(),
            tag.get(1..).unwrap_or_default()
        );
        let path = format!("#{DEFINITIONS_PATH}/{of_tag}");
        choices.push(json!({ "$ref": path }));
        mapping.insert(tag, path.into());
        schemas.push((of_tag, variant));
    }
    let union = json!({
        "description": common.get("description"),
        "oneOf": choices,
        "discriminator": { "propertyName": TAG, "mapping": mapping },
    });
    schemas.insert(0, (name, union));
    schemas
}

/// An answer has no field that is not described: what the Worker answers is tested against this.
fn close(schema: &mut Value) {
    if let Value::Object(schema) = schema
        && schema.contains_key("properties")
    {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}

fn is_of_rust(format: &str) -> bool {
    matches!(format, "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "int64")
}

/// A comment's lines as one, paragraphs apart.
fn unwrapped(text: &str) -> String {
    text.split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

impl JsonSchema for KoreanTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "KoreanTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+09:00$" })
    }
}

impl JsonSchema for Fingerprint {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fingerprint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^v1:[0-9a-f]{64}$" })
    }
}

const TAG: &str = "type";
const TAG_POINTER: &str = "/properties/type/const";
const DEFINITIONS_PATH: &str = "/components/schemas";
