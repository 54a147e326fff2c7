//! The question as programs put it to the Worker.

use super::expectation::{Expectation, Reading};
use super::requests::GroupKey;
use crate::error::{Error, Kind};
use crate::json::{self, Fault, Text};

/// Which group to look up, and what to compare it with.
#[derive(Debug)]
pub struct PayoutQuestion {
    /// 실행 그룹 키.
    pub group_key: GroupKey,
    /// What the company means to pay, where the group is to be compared with it.
    pub expect: Option<Expectation>,
}

impl PayoutQuestion {
    /// Reads `{ groupKey, expect? }`, and nothing else: a field misspelt would be a comparison left out.
    ///
    /// For the same reason `"expect": null` is an error.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let invalid = |what: String| Error::new(Kind::InvalidInput, what);
        let (mut group_key, mut expect, mut has_others) = (Text::Absent, None, false);
        json::read(json, |json| {
            json.fields(&["groupKey", "expect"], &mut [], &mut |json, field| match field {
                // A number is no key, though Payple's own are read as leniently as that.
                Some(0) if json.peek()? == b'"' => json.text().map(|text| group_key = text),
                Some(0) => Err(Fault::Form),
                Some(_) => expect.get_or_insert_with(Reading::default).read(json),
                None => {
                    has_others = true;
                    json.skip()
                }
            })
        })
        .map_err(|fault| invalid(format!("the body must be {FORM}: it {fault}")))?;
        if has_others {
            return Err(invalid(format!("the body must be {FORM}: it has other fields")));
        }
        Ok(Self {
            group_key: GroupKey::new(group_key.as_str())?,
            expect: expect.map(Reading::finish).transpose()?,
        })
    }
}

const FORM: &str = r#"{"groupKey": "…", "expect"?: {…}}"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<PayoutQuestion, String> {
        PayoutQuestion::from_json(json.as_bytes()).map_err(|error| {
            assert_eq!(error.kind(), Kind::InvalidInput);
            error.message().to_owned()
        })
    }

    #[test]
    fn a_question_may_come_with_an_expectation() {
        let plain = read(r#"{"groupKey":"G"}"#).unwrap();
        assert_eq!((plain.group_key.as_str(), plain.expect.is_none()), ("G", true));

        let with = read(r#"{"expect":{"total":1},"groupKey":"G"}"#).unwrap();
        assert_eq!(with.expect.and_then(|expect| expect.total()), crate::won::Won::new(1));
    }

    #[test]
    fn no_question_is_answered_by_half() {
        for (json, fault) in [
            (
                r#"{"groupKey":"G","expct":{"total":1}}"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it has other fields"#,
            ),
            (r#"{"groupKey":"G","expect":null}"#, "expect is not an object"),
            (
                r#"{"groupKey":"G","expect":{"requests":[{"amount":"canary"}]}}"#,
                "expect.requests[0].amount is not a whole amount of won",
            ),
            (r#"{"expect":{"total":1}}"#, "groupKey is empty"),
            (
                r#"{"groupKey":1}"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it is not of the form the spec describes (line 1, column 12)"#,
            ),
            (
                r#"["canary"]"#,
                r#"the body must be {"groupKey": "…", "expect"?: {…}}: it is not of the form the spec describes (line 1, column 0)"#,
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), fault, "{json}");
        }
    }
}
