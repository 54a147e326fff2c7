//! Cloudflare Access' assertion (`Cf-Access-Jwt-Assertion`): read strictly and checked, all but its signature.
//!
//! One algorithm is known, RS256. A header that asks for another one, or for extensions (`crit`), is refused unread: what
//! is not understood cannot be trusted.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::settings::Access;
use super::strict;
use crate::json::{self, Fault, Json};

/// An assertion of the right form for the right application in its time. Who made it is not known before its signature
/// is checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assertion<'a> {
    /// Names the key that it claims to be signed with.
    pub(super) key_id: String,
    /// What is signed.
    pub(super) signed: &'a str,
    pub(super) signature: Vec<u8>,
    /// The e-mail address of a person, or the name of a program.
    pub(super) subject: String,
    pub(super) expires_at_s: u64,
}

impl<'a> Assertion<'a> {
    /// Reads and checks everything but the signature.
    pub(super) fn check(text: &'a str, access: &Access, now_s: u64) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = Header::read(header)?;
        let claims = Claims::read(claims)?;
        let is_trusted = header.alg? == "RS256" && !header.has_extensions;
        let is_for_us = claims.iss? == access.issuer && claims.aud.contains(&access.audience);
        let has_begun = claims.nbf.is_none_or(|nbf| nbf <= now_s.saturating_add(CLOCK_SKEW_S));
        let expires_at_s = claims.exp?;
        let is_in_time = has_begun && now_s < expires_at_s.saturating_add(CLOCK_SKEW_S);
        if !(is_trusted && is_for_us && is_in_time) {
            return None;
        }
        let signature = decode(signature)?;
        let subject = [claims.email, claims.common_name, claims.sub]
            .into_iter()
            .flatten()
            .find(|name| !name.is_empty())?;
        Some(Self { key_id: header.kid?, signed, signature, subject, expires_at_s })
    }
}

#[derive(Default)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    /// `crit`, or `b64` (RFC 7797), which means another form of what is signed.
    has_extensions: bool,
}

impl Header {
    fn read(part: &str) -> Option<Self> {
        let mut header = Self::default();
        read(&decode(part)?, &["alg", "kid", "crit", "b64"], &mut |json, field| {
            match field {
                Some(0) => header.alg = Some(strict::text(json)?),
                Some(1) => header.kid = Some(strict::text(json)?),
                Some(_) => {
                    header.has_extensions = true;
                    json.skip()?;
                }
                None => json.skip()?,
            }
            Ok(())
        })?;
        Some(header)
    }
}

#[derive(Default)]
struct Claims {
    iss: Option<String>,
    aud: Vec<String>,
    exp: Option<u64>,
    nbf: Option<u64>,
    sub: Option<String>,
    email: Option<String>,
    /// Of a service token.
    common_name: Option<String>,
}

impl Claims {
    fn read(part: &str) -> Option<Self> {
        let mut claims = Self::default();
        read(
            &decode(part)?,
            &["iss", "aud", "exp", "nbf", "sub", "email", "common_name"],
            &mut |json, field| {
                match field {
                    Some(0) => claims.iss = Some(strict::text(json)?),
                    Some(1) => claims.aud = audiences(json)?,
                    Some(2) => claims.exp = Some(strict::number(json)?),
                    Some(3) => claims.nbf = strict::or_null(json, strict::number)?,
                    Some(4) => claims.sub = strict::or_null(json, strict::text)?,
                    Some(5) => claims.email = strict::or_null(json, strict::text)?,
                    Some(6) => claims.common_name = strict::or_null(json, strict::text)?,
                    _ => json.skip()?,
                }
                Ok(())
            },
        )?;
        Some(claims)
    }
}

/// One text, or a list of them.
fn audiences(json: &mut Json<'_>) -> Result<Vec<String>, Fault> {
    let mut audiences = Vec::new();
    let mut push = |json: &mut Json<'_>| strict::text(json).map(|text| audiences.push(text));
    if json.peek()? == b'[' {
        json.list(&mut push)?
    } else {
        push(json)?
    }
    Ok(audiences)
}

/// Reads an object; one of the names that is there twice makes it none.
fn read<'a>(bytes: &'a [u8], names: &[&str], field: &mut json::Other<'_, 'a>) -> Option<()> {
    json::read(bytes, |json| json.fields(names, &mut [], field)).ok()
}

fn decode(part: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(part).ok()
}

/// Access' own are about 1 KB; large claims of an identity provider may come on top.
const MAX_BYTES: usize = 16 * 1024;
const CLOCK_SKEW_S: u64 = 30;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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
            Assertion::check(&text, &access(), NOW_S).map(|a| a.subject),
            Some("erp.access".to_owned())
        );
        assert!(
            !passes(&header(), &changed(program, "common_name", &Value::Null)),
            "nobody in particular is nobody"
        );
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
