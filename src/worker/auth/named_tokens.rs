//! `NAMED_TOKENS`: tokens of programs, and of people where there is no Access, each with a name,
//! roles and an end.
//!
//! The setting holds digests, not tokens. Two of one name may stand side by side, so that a token
//! can be changed without a moment in which neither the old nor the new one is let in.

use serde::Deserialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, UtcOffset};

use super::credential::Credential;
use super::identity::{Identity, Kind, Roles};
use crate::json;

/// The credentials in the setting. The error completes a sentence, "NAMED_TOKENS {error}", and
/// repeats no value.
pub(crate) fn parse(text: &str) -> Result<Vec<Credential>, String> {
    let entries: Vec<Entry> =
        json::parse(text.as_bytes()).map_err(|error| format!("{FORM}: it {error}"))?;
    let mut credentials: Vec<Credential> = Vec::new();
    for (entry, number) in entries.into_iter().zip(1_u32..) {
        let credential = entry.check().map_err(|problem| format!("entry {number}: {problem}"))?;
        let same_name: Vec<_> = credentials
            .iter()
            .filter(|other| other.identity.name == credential.identity.name)
            .collect();
        if same_name.len() > 1 {
            return Err(format!("entry {number}: two others have the same name already"));
        }
        if same_name.iter().any(|other| other.identity.kind != credential.identity.kind) {
            return Err(format!("entry {number}: another of its name is of another kind"));
        }
        if credentials.iter().any(|other| other.digest() == credential.digest()) {
            return Err(format!("entry {number}: another has the same token"));
        }
        credentials.push(credential);
    }
    Ok(credentials)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    kind: Kind,
    sha256: String,
    roles: Roles,
    expires: String,
}

impl Entry {
    fn check(self) -> Result<Credential, &'static str> {
        let is_name = !self.name.is_empty()
            && self.name.chars().count() <= MAX_NAME_CHARS
            && !self.name.chars().any(|c| c.is_whitespace() || c.is_control());
        if !is_name {
            return Err("name must be 1 to 64 characters without white space");
        }
        if self.kind == Kind::Admin {
            return Err("kind must be person or program");
        }
        let sha256 = digest(&self.sha256).ok_or("sha256 must be 64 hexadecimal digits")?;
        if self.roles.is_empty() {
            return Err("roles must name at least one of lookup, export and audit");
        }
        let expires_at_s = expiry(&self.expires)
            .ok_or("expires must be a date such as 2027-12-31, or a time such as 2027-12-31T18:00:00+09:00")?;
        let identity = Identity { kind: self.kind, name: self.name, roles: self.roles };
        Ok(Credential::new(sha256, identity, Some(expires_at_s)))
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok()?;
    Some(digest)
}

/// Seconds since 1970; a date lasts until its end in Korea.
fn expiry(text: &str) -> Option<u64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        // The parser would also take a time without its zone for a date.
        let date = Date::parse(text, &Iso8601::DATE).ok().filter(|_| text.len() == DATE_CHARS)?;
        Some(date.next_day()?.midnight().assume_offset(UtcOffset::from_hms(9, 0, 0).ok()?))
    })?;
    u64::try_from(time.unix_timestamp()).ok()
}

const DATE_CHARS: usize = "2027-12-31".len();
const MAX_NAME_CHARS: usize = 64;
const FORM: &str = "must be a JSON list of {\"name\", \"kind\": \"person\" or \"program\", \"sha256\", \"roles\", \
                    \"expires\"}, as `npm run token -- --name …` prints it";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn entry(changes: Value) -> Value {
        let mut entry = json!({
            "name": "billing-batch", "kind": "program", "sha256": "ab".repeat(32), "roles": ["lookup"],
            "expires": "2027-12-31"
        });
        for (name, value) in changes.as_object().unwrap() {
            entry[name] = value.clone();
        }
        entry
    }

    fn parsed(entries: &[Value]) -> Result<Vec<Credential>, String> {
        parse(&Value::from(entries.to_vec()).to_string())
    }

    #[test]
    fn an_entry_lets_one_token_in_until_its_end() {
        let [credential] = &parsed(&[entry(json!({}))]).unwrap()[..] else { panic!() };
        assert_eq!(credential.digest(), &[0xab; 32]);
        assert_eq!(credential.identity.who(), "program billing-batch");
        // The last second of 2027 in Korea, and the first of 2028.
        assert!(credential.is_valid_at(1_830_265_199) && !credential.is_valid_at(1_830_265_200));

        let timed = entry(json!({ "expires": "2027-12-31T15:00:00Z", "sha256": "AB".repeat(32) }));
        assert!(!parsed(&[timed]).unwrap()[0].is_valid_at(1_830_265_200));
    }

    #[test]
    fn two_of_one_name_may_overlap() {
        let [first, second, third] =
            ["01", "02", "03"].map(|byte| entry(json!({ "sha256": byte.repeat(32) })));
        assert_eq!(parsed(&[first.clone(), second.clone()]).unwrap().len(), 2);
        assert!(parsed(&[first.clone(), second, third]).is_err());
        assert!(parsed(&[first.clone(), first.clone()]).is_err(), "the same token twice");
        let person = entry(json!({ "sha256": "04".repeat(32), "kind": "person" }));
        assert!(parsed(&[first, person]).is_err(), "one name, two kinds");
    }

    #[test]
    fn what_is_malformed_is_told_without_a_value() {
        let canary = "canary";
        for changes in [
            json!({ "name": "" }),
            json!({ "name": "canary canary" }),
            json!({ "name": "canary".repeat(20) }),
            json!({ "name": 1 }),
            json!({ "kind": canary }),
            json!({ "kind": "admin" }),
            json!({ "sha256": canary }),
            json!({ "sha256": "ab".repeat(31) }),
            json!({ "sha256": "ab".repeat(33) }),
            json!({ "sha256": "zz".repeat(32) }),
            json!({ "roles": [] }),
            json!({ "roles": [canary] }),
            json!({ "roles": "lookup" }),
            json!({ "expires": canary }),
            json!({ "expires": "2027-02-30" }),
            json!({ "expires": "2027-12-31T18:00:00" }),
            json!({ "expires": null }),
            json!({ canary: 1 }),
        ] {
            let error = parsed(&[entry(changes.clone())]).unwrap_err();
            assert!(!error.contains(canary), "{error}");
        }
        for text in ["", "canary", "{}", "[[]]", "[{}]"] {
            assert!(!parse(text).unwrap_err().contains(canary));
        }
        assert_eq!(parse("[]"), Ok(Vec::new()));
    }
}
