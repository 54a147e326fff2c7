//! Cloudflare Access' assertion (`Cf-Access-Jwt-Assertion`): read strictly and checked, all but its
//! signature.
//!
//! One algorithm is known, RS256. A header that asks for another one, or for extensions (`crit`),
//! is refused unread: what is not understood cannot be trusted.

use base64ct::{Base64UrlUnpadded, Encoding};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::identity::Kind;
use crate::json;
use crate::worker::settings::Access;

/// An assertion of the right form for the right application in its time. Who made it is not known
/// before its signature is checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assertion<'a> {
    /// Names the key that it claims to be signed with.
    pub(crate) key_id: String,
    /// What is signed.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
    pub(crate) kind: Kind,
    /// The e-mail address of a person, or the name of a program.
    pub(crate) subject: String,
    pub(crate) groups: Vec<String>,
    pub(crate) expires_at_s: u64,
}

impl<'a> Assertion<'a> {
    /// Reads and checks everything but the signature.
    pub(crate) fn check(text: &'a str, access: &Access, now_s: u64) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = read(header)?;
        let claims: Claims = read(claims)?;
        let is_trusted = header.alg == "RS256" && !header.crit && !header.b64;
        let is_for_us = claims.iss == access.issuer && claims.aud.contains(&access.audience);
        let has_begun = claims.nbf.is_none_or(|nbf| nbf <= now_s.saturating_add(CLOCK_SKEW_S));
        let expires_at_s = claims.exp;
        let is_in_time = has_begun && now_s < expires_at_s.saturating_add(CLOCK_SKEW_S);
        if !(is_trusted && is_for_us && is_in_time) {
            return None;
        }
        let signature = decode(signature)?;
        let (kind, subject) = [
            (Kind::Person, claims.email),
            (Kind::Program, claims.common_name),
            (Kind::Person, claims.sub),
        ]
        .into_iter()
        .find_map(|(kind, name)| Some((kind, name.filter(|name| !name.is_empty())?)))?;
        let mut groups = group_names(&claims.groups);
        groups.extend(claims.custom.get("groups").map(group_names).unwrap_or_default());
        Some(Self { key_id: header.kid, signed, signature, kind, subject, groups, expires_at_s })
    }
}

/// What is missing or of another type makes the whole assertion unreadable.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
    /// RFC 7797: another form of what is signed.
    #[serde(default, deserialize_with = "is_there")]
    b64: bool,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: u64,
    nbf: Option<u64>,
    sub: Option<String>,
    email: Option<String>,
    /// Of a service token.
    common_name: Option<String>,
    #[serde(default)]
    groups: Value,
    /// Claims of the identity provider that Access is told to pass on.
    #[serde(default)]
    custom: Value,
}

/// The names of groups, which identity providers give as texts or as objects; what is neither names
/// none.
pub(crate) fn group_names(groups: &Value) -> Vec<String> {
    let name = |group: &Value| match group {
        Value::Object(group) => group.get("name").or_else(|| group.get("email")).cloned(),
        group => Some(group.clone()),
    };
    groups
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|group| Some(name(group)?.as_str()?.to_owned()))
        .collect()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

/// Whether a field is there, whatever it holds.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Reads a part as an object; a field that is there twice makes it none.
fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    json::parse_object(&decode(part)?).ok()
}

fn decode(part: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(part).ok()
}

/// Access' own are about 1 KB; large claims of an identity provider may come on top.
const MAX_BYTES: usize = 16 * 1024;
const CLOCK_SKEW_S: u64 = 30;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW_S: u64 = 1_800_000_000;

    fn access() -> Access {
        Access {
            issuer: "https://team.cloudflareaccess.com".to_owned(),
            audience: "tag".to_owned(),
        }
    }

    fn header() -> Value {
        json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" })
    }

    fn claims() -> Value {
        json!({
            "iss": "https://team.cloudflareaccess.com", "aud": ["other", "tag"], "exp": NOW_S + 60, "nbf": NOW_S - 60, "iat": NOW_S - 60,
            "email": "clerk@shop.example", "sub": "7335d417", "type": "app"
        })
    }

    fn changed(mut value: Value, name: &str, to: &Value) -> Value {
        value[name] = to.clone();
        value
    }

    fn encoded(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        format!(
            "{}.{}.{}",
            part(header),
            part(claims),
            Base64UrlUnpadded::encode_string(b"signature")
        )
    }

    fn passes(header: &Value, claims: &Value) -> bool {
        Assertion::check(&encoded(header, claims), &access(), NOW_S).is_some()
    }

    #[test]
    fn a_good_assertion_names_its_subject_and_its_key() {
        let text = encoded(&header(), &claims());
        let assertion = Assertion::check(&text, &access(), NOW_S).unwrap();

        assert_eq!(
            (assertion.key_id.as_str(), assertion.subject.as_str()),
            ("k1", "clerk@shop.example")
        );
        assert_eq!(
            (assertion.signature.as_slice(), assertion.expires_at_s),
            (&b"signature"[..], NOW_S + 60)
        );
        assert!(text.starts_with(assertion.signed) && text.len() > assertion.signed.len());
    }

    #[test]
    fn a_program_is_named_by_its_service_token() {
        let program = changed(
            changed(changed(claims(), "email", &Value::Null), "sub", &json!("")),
            "common_name",
            &json!("erp.access"),
        );
        let text = encoded(&header(), &program);

        assert_eq!(
            Assertion::check(&text, &access(), NOW_S).map(|a| (a.kind, a.subject)),
            Some((Kind::Program, "erp.access".to_owned()))
        );
        assert!(
            !passes(&header(), &changed(program, "common_name", &Value::Null)),
            "nobody in particular is nobody"
        );
    }

    #[test]
    fn groups_are_read_as_identity_providers_give_them() {
        for (groups, names) in [
            (json!(["finance", "auditors"]), &["finance", "auditors"][..]),
            (
                json!([{ "id": "1", "name": "finance" }, { "email": "g@shop.example" }]),
                &["finance", "g@shop.example"],
            ),
            (json!([1, null, {}, { "name": 1 }, ["x"]]), &[]),
            (json!("finance"), &[]),
            (json!({ "finance": true }), &[]),
        ] {
            let text = encoded(&header(), &changed(claims(), "groups", &groups));
            let found = Assertion::check(&text, &access(), NOW_S).unwrap();
            assert_eq!(found.groups, names, "{groups}");
            let custom = json!({ "groups": groups });
            let text = encoded(&header(), &changed(claims(), "custom", &custom));
            assert_eq!(Assertion::check(&text, &access(), NOW_S).unwrap().groups, names);
        }
    }

    #[test]
    fn another_algorithm_is_refused() {
        for alg in ["none", "None", "HS256", "RS384", "ES256", "rs256", ""] {
            assert!(!passes(&changed(header(), "alg", &json!(alg)), &claims()), "{alg}");
        }
        for value in [json!(null), json!(["RS256"]), json!(256)] {
            assert!(!passes(&changed(header(), "alg", &value), &claims()));
        }
    }

    #[test]
    fn an_extension_is_refused() {
        assert!(!passes(&changed(header(), "crit", &json!(["exp"])), &claims()));
        assert!(!passes(&changed(header(), "crit", &json!([])), &claims()));
        assert!(!passes(&changed(header(), "b64", &json!(false)), &claims()));
    }

    #[test]
    fn issuer_and_audience_must_be_ours_to_the_letter() {
        for iss in [
            "https://evil.cloudflareaccess.com",
            "https://team.cloudflareaccess.com/",
            "team.cloudflareaccess.com",
            "",
        ] {
            assert!(!passes(&header(), &changed(claims(), "iss", &json!(iss))), "{iss}");
        }
        assert!(passes(&header(), &changed(claims(), "aud", &json!("tag"))));
        for aud in
            [json!("other"), json!([]), json!(["TAG", "tag2"]), json!(null), json!({ "tag": true })]
        {
            assert!(!passes(&header(), &changed(claims(), "aud", &aud)), "{aud}");
        }
    }

    #[test]
    fn it_is_good_in_its_time_with_thirty_seconds_to_spare() {
        for (name, value, good) in [
            ("exp", json!(NOW_S - 29), true),
            ("exp", json!(NOW_S - 30), false),
            ("exp", json!(null), false),
            ("exp", json!("9999999999"), false),
            ("exp", json!(-1), false),
            ("nbf", json!(NOW_S + 30), true),
            ("nbf", json!(NOW_S + 31), false),
            ("nbf", json!(null), true),
            ("nbf", json!("0"), false),
        ] {
            assert_eq!(passes(&header(), &changed(claims(), name, &value)), good, "{name} {value}");
        }
    }

    #[test]
    fn what_is_not_three_parts_of_base64url_is_nothing() {
        let good = encoded(&header(), &claims());
        for text in [
            String::new(),
            "..".to_owned(),
            good.replace('.', ""),
            format!("{good}."),
            format!("{good}="),
            format!(" {good}"),
            format!(".{good}"),
            good.replacen('.', "..", 1),
            format!("{good}{}", "A".repeat(MAX_BYTES)),
        ] {
            assert_eq!(Assertion::check(&text, &access(), NOW_S), None);
        }
        let list = Base64UrlUnpadded::encode_string(br#"["RS256","k1",null,null]"#);
        assert_eq!(
            Assertion::check(
                &good.replacen(good.split('.').next().unwrap(), &list, 1),
                &access(),
                NOW_S
            ),
            None
        );
    }
}
