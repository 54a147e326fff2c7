//! Reads the Worker's answers into the models before a caller sees them.
//!
//! Page and Worker may be of different versions, and an amount that is no whole number must never
//! be shown: what does not read as the model is no answer. serde_json reads the text itself, so
//! that no amount goes through a float on its way to the check.

use std::fmt::{self, Write};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::error::Category;

/// Reads an answer. The error completes a sentence, "the reply {error}", names the field and
/// repeats no value.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| describe(text, &error))
}

/// In words of ours: serde's may repeat a value.
fn describe(text: &str, error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        return "is not JSON".to_owned();
    }
    let words = error.to_string();
    let field_after = |what: &str| {
        words.strip_prefix(what).and_then(|rest| rest.split_once('`')).map(|(field, _)| field)
    };
    let read = read_until(text, error.line(), error.column());
    let path = path_to_end(read);
    if let Some(field) = field_after("missing field `") {
        // Reading stopped behind the object that lacks it.
        let dot = if path.is_empty() { "" } else { "." };
        return format!("lacks {path}{dot}{field}");
    }
    if let Some(field) = field_after("duplicate field `") {
        return format!("has {field} twice");
    }
    match (path.as_str(), read.strip_suffix(b"}")) {
        // The whole, or a model's own refusal of the fields beside each other.
        ("", _) => "is not of the form that is described".to_owned(),
        // A model's own refusal of the last field of an object is told behind that object.
        (_, Some(read)) => format!("has a {} that is not as described", path_to_end(read)),
        (path, None) => format!("has a {path} that is not as described"),
    }
}

/// What had been read at a place that serde_json names, in bytes.
fn read_until(text: &str, line: usize, column: usize) -> &[u8] {
    let lines_before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let end = lines_before.map(str::len).sum::<usize>().saturating_add(column);
    text.as_bytes().get(..end).unwrap_or(text.as_bytes())
}

/// The way to the value that is read last, such as `requests[3].amount`. A wrapper that tracks the
/// way beside each model (serde_path_to_error) would be a tenth of the module.
fn path_to_end(read: &[u8]) -> String {
    let mut path = Vec::new();
    // Ends in an error, as the text does in the middle; or not at all, where it is whole.
    let _ = Walk(&mut path).deserialize(&mut serde_json::Deserializer::from_slice(read));
    let mut shown = String::new();
    for step in path {
        // Writing to a text does not fail.
        let _ = match step {
            Step::Item(place) => write!(shown, "[{place}]"),
            Step::Field(name) if shown.is_empty() => write!(shown, "{name}"),
            Step::Field(name) => write!(shown, ".{name}"),
        };
    }
    shown
}

enum Step {
    Field(String),
    Item(usize),
}

/// Reads any value, and keeps the way to the last one that was begun and whose surroundings have
/// not ended.
struct Walk<'p>(&'p mut Vec<Step>);

/// A value within another, which is `depth` steps deep.
struct Inner<'p> {
    path: &'p mut Vec<Step>,
    depth: usize,
    step: Step,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> DeserializeSeed<'de> for Inner<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.path.truncate(self.depth);
        self.path.push(self.step);
        Walk(self.path).deserialize(deserializer)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let depth = self.0.len();
        for place in 0.. {
            let item = Inner { path: self.0, depth, step: Step::Item(place) };
            if list.next_element_seed(item)?.is_none() {
                self.0.truncate(depth);
                return Ok(());
            }
        }
        Err(A::Error::custom("a list without an end"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let depth = self.0.len();
        while let Some(name) = map.next_key()? {
            map.next_value_seed(Inner { path: self.0, depth, step: Step::Field(name) })?;
        }
        self.0.truncate(depth);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::billing_key::BillingKey;
    use crate::payout::PayoutRequestGroup;

    /// In the order in which it is written.
    const GROUP: &str = r#"{"groupKey":"G","total":1000,"count":1,"requests":[{"cstId":"test","groupKey":"G",
        "billingTranId":"B","printContent":"정산","amount":1000,"remainingLimit":-500,
        "requestedAt":"2021-10-26T10:55:03+09:00","requestedAtRaw":"2021-10-26 10:55:03"}],"review":{"consistent":true,
        "computedTotal":1000,"computedCount":1,"findings":[],"expectation":{"matched":1,"missing":0,"unexpected":0,
        "different":0,"ambiguous":0,"matchedTotal":0,"missingTotal":0,"unexpectedTotal":0,"differentTotal":0,
        "differentExpectedTotal":7}},"fingerprint":"v1:0000000000000000000000000000000000000000000000000000000000000000",
        "code":"A0000","message":"처리 성공"}"#;

    fn fault(part: &str, instead: &str) -> String {
        let text = GROUP.replacen(part, instead, 1);
        assert!(text != GROUP, "{part}");
        read::<PayoutRequestGroup>(&text).unwrap_err()
    }

    #[test]
    fn an_answer_is_read_whatever_else_it_holds() {
        let more = GROUP.replacen('{', r#"{"ofTomorrow":[1],"#, 1);
        let read: PayoutRequestGroup = read(&more).unwrap();
        let value: Value = serde_json::from_str(GROUP).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
    }

    #[test]
    fn what_is_not_as_described_is_named_and_not_repeated() {
        for (part, instead, named) in [
            (":1000", r#":"canary""#, "total"),
            (":1000", ":1000.0", "total"),
            (":1000", ":-1", "total"),
            (":1000", ":9007199254740992", "total"),
            (r#""amount":1000"#, r#""amount":1e3"#, "requests[0].amount"),
            ("-500", "-500.5", "requests[0].remainingLimit"),
            (r#""2021-10-26T10:55:03+09:00""#, "null", "requests[0].requestedAt"),
            ("2021-10-26T", "2021-13-26T", "requests[0].requestedAt"),
            ("true", r#""yes""#, "review.consistent"),
            (r#""findings":[]"#, r#""findings":[{"kind":"canary"}]"#, "review.findings[0].kind"),
            (
                "differentExpectedTotal\":7",
                "differentExpectedTotal\":9007199254740992",
                "review.expectation.differentExpectedTotal",
            ),
            ("v1:", "v2:", "fingerprint"),
        ] {
            assert_eq!(fault(part, instead), format!("has a {named} that is not as described"));
        }
        assert_eq!(fault(r#""cstId":"test","#, ""), "lacks requests[0].cstId");
        assert_eq!(fault(r#""total":1000,"#, ""), "lacks total");
        assert_eq!(fault("{", r#"{"groupKey":"canary","#), "has groupKey twice");
        assert_eq!(
            read::<PayoutRequestGroup>("[]").unwrap_err(),
            "is not of the form that is described"
        );
        for text in ["", "{", "canary", r#"{"total":"#, &format!("{GROUP} canary")] {
            assert_eq!(read::<PayoutRequestGroup>(text).unwrap_err(), "is not JSON", "{text}");
        }
    }

    #[test]
    fn a_billing_key_is_read_by_its_type() {
        let card = json!({
            "type": "card", "card": { "code": "0200", "name": "BC카드", "number": "1111" }, "payerId": "K", "code": "0000",
            "message": "",
        });
        let read_back: BillingKey = read(&card.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&read_back).unwrap(), card);
        for (pointer, value, fault) in [
            ("/type", json!("transfer"), "lacks bank"),
            ("/card", json!({ "code": "" }), "lacks card.name"),
            ("/payerId", json!(""), "has a payerId that is not as described"),
            ("/type", json!("canary"), "is not of the form that is described"),
        ] {
            let mut key = card.clone();
            *key.pointer_mut(pointer).unwrap() = value;
            assert_eq!(read::<BillingKey>(&key.to_string()).unwrap_err(), fault);
        }
    }
}
