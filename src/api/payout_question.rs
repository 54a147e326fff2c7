//! The body of a question about a payout group, read strictly.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

#[cfg(feature = "schema")]
use super::expectation::ExpectationInput;
use super::expectation::read_expectation;
use crate::error::Error;
use crate::json;
use crate::payout::{Expectation, GroupKey};

/// Which group to look up, and what to compare it with.
#[derive(Debug)]
pub struct PayoutQuestion {
    /// 실행 그룹 키.
    pub group_key: GroupKey,
    /// What the company means to pay, where the group is to be compared with it.
    pub expect: Option<Expectation>,
}

impl PayoutQuestion {
    /// Reads `{ groupKey, expect? }`, and nothing else: a field misspelt would be a comparison left
    /// out.
    ///
    /// For the same reason `"expect": null` is an error.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`], which names the field and repeats no value.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let wrong = |what: String| Error::invalid_input(format!("the body must be {FORM}: {what}"));
        let input: Input<'_> = json::parse_object(json).map_err(|fault| {
            wrong(match json::unknown_field(json, &FIELDS) {
                Some(name) => format!("it has a field \"{name}\""),
                None => format!("it {fault}"),
            })
        })?;
        let group_key = match &input.group_key {
            None => "",
            Some(Value::String(text)) => text,
            // A number is no key, though Payple's own texts are read as leniently as that.
            Some(_) => return Err(wrong("groupKey is not a string".to_owned())),
        };
        Ok(Self {
            group_key: GroupKey::new(group_key)?,
            expect: input
                .expect
                .map(|expect| read_expectation(expect.get().as_bytes()))
                .transpose()?,
        })
    }
}

/// Asks for the payout requests under one group key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PayoutQuestion"))]
pub(crate) struct Input<'a> {
    /// 실행 그룹 키 (`group_key`).
    #[cfg_attr(
        feature = "schema",
        schemars(!default, required, with = "String", length(min = 1, max = 64)),
        schemars(regex(pattern = crate::schema_parts::IDENTIFIER)),
        schemars(extend("examples" = ["Q0RSSkYzWUI3"]))
    )]
    #[serde(default, deserialize_with = "present")]
    group_key: Option<Value>,
    /// What you mean to pay: the review then says where the group differs from it. 지급 예정 내역.
    #[cfg_attr(
        feature = "schema",
        schemars(!default, with = "Option<ExpectationInput<'_>>", transform = crate::schema_parts::never_null)
    )]
    #[serde(borrow, default, deserialize_with = "present")]
    expect: Option<&'a RawValue>,
}

/// Reads a field that is there, so that `null` differs from absent.
fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

const FIELDS: [&str; 2] = ["groupKey", "expect"];
const FORM: &str = r#"{"groupKey": "…", "expect"?: {…}}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn read(json: &str) -> Result<PayoutQuestion, String> {
        PayoutQuestion::from_json(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind, ErrorKind::InvalidInput);
            error.message.to_string()
        })
    }

    #[test]
    fn a_question_may_come_with_an_expectation() {
        let plain = read(r#"{"groupKey":"G"}"#).unwrap();
        assert_eq!((plain.group_key.as_str(), plain.expect.is_none()), ("G", true));

        let with = read(r#"{"expect":{"total":1},"groupKey":"G"}"#).unwrap();
        assert_eq!(with.expect.and_then(|expect| expect.total()), crate::money::Won::new(1));
    }

    #[test]
    fn no_question_is_answered_by_half() {
        for (json, fault) in [
            (
                r#"{"groupKey":"G","expct":{"total":1}}"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it has a field "expct""#,
            ),
            (r#"{"groupKey":"G","expect":null}"#, "expect is not an object"),
            (
                r#"{"groupKey":"G","expect":{"requests":[{"amount":"canary"}]}}"#,
                "expect.requests[0].amount is not a whole amount of won",
            ),
            (r#"{"expect":{"total":1}}"#, "groupKey is empty"),
            (
                r#"{"groupKey":1}"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: groupKey is not a string"#,
            ),
            (
                r#"["canary"]"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it is not a JSON object"#,
            ),
            (
                r#"{"groupKey":"G","groupKey":"H"}"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it is not of the form the specification describes (line 1, column 26)"#,
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), fault, "{json}");
        }
    }
}
