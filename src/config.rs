//! Who asks: environment, credentials, Referer, origins. Each is checked once, here, and is then a
//! type.

use std::net::Ipv4Addr;

use http::{HeaderValue, Uri};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::error::Error;
use crate::identifier;
use crate::secret::Secret;

/// Everything that the two services need to know about the caller.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Test or live.
    pub environment: Environment,
    /// The pair for billing keys, and for payouts where the hub has none of its own.
    pub credentials: Credentials,
    /// The hub's own pair, where it differs.
    pub hub_credentials: Option<Credentials>,
    /// The domain registered with Payple; live billing-key look-ups need it.
    pub referer: Option<Referer>,
    /// Where the hub answers, if not at its official address.
    pub hub_origin: Option<Origin>,
    /// Where cpay answers, if not at its official address.
    pub cpay_origin: Option<Origin>,
}

impl Config {
    /// The least that is needed; the rest is `None`.
    pub fn new(environment: Environment, credentials: Credentials) -> Self {
        Self {
            environment,
            credentials,
            hub_credentials: None,
            referer: None,
            hub_origin: None,
            cpay_origin: None,
        }
    }
}

/// Payple's environments: `test` and `live`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[derive(Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Environment {
    /// Payple's TEST: no money moves. 테스트.
    Test,
    /// Payple's REAL. 운영.
    Live,
}

impl Environment {
    /// Reads `test` or `live`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        text.parse().map_err(|_| Error::invalid_config("environment must be \"test\" or \"live\""))
    }

    /// The name that users meet.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// One pair of partner id and key.
#[derive(Debug, Clone)]
pub struct Credentials {
    cst_id: Secret,
    cust_key: Secret,
}

impl Credentials {
    /// Checks the pair: both 1 to 255 characters, no white space, no control characters.
    ///
    /// The spec page says `cst_id` aN(8), newer pages 12 and 255, so length is not narrowed
    /// further.
    pub fn new(cst_id: &str, cust_key: &str) -> Result<Self, Error> {
        let secret = |name, value: &str| {
            identifier::check(name, value, MAX_CREDENTIAL_CHARS).map_err(Error::invalid_config)?;
            Ok(Secret::new(value.to_owned()))
        };
        Ok(Self { cst_id: secret("cstId", cst_id)?, cust_key: secret("custKey", cust_key)? })
    }

    /// The partner id (`cst_id`), for the request that carries it.
    pub fn reveal_cst_id(&self) -> &str {
        self.cst_id.reveal()
    }

    /// The partner key (`custKey`), for the request that carries it.
    pub fn reveal_cust_key(&self) -> &str {
        self.cust_key.reveal()
    }

    /// What must not be repeated from a reply.
    pub(crate) fn secrets(&self) -> [&str; 2] {
        [self.reveal_cust_key(), self.reveal_cst_id()]
    }

    /// Payple's public pair for test, which stands in its documents and is no secret.
    fn are_the_public_test_pair(&self) -> bool {
        self.reveal_cst_id() == "test" && self.reveal_cust_key() == "abcd1234567890"
    }
}

/// The domain registered with Payple, with its scheme, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referer(HeaderValue);

impl Referer {
    /// Checks that `text` is an `http` or `https` address of visible ASCII with a host and no
    /// user-info.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let value = web_address(text)
            .filter(|_| text.len() <= MAX_REFERER_BYTES)
            .and_then(|_| HeaderValue::from_str(text).ok());
        value.map(Self).ok_or_else(|| {
            Error::invalid_config(
                "referer must be a full address with scheme, such as https://shop.example",
            )
        })
    }

    /// The address, as it was given.
    pub(crate) fn header_value(&self) -> &HeaderValue {
        &self.0
    }
}

/// Scheme, host and port; no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    is_https: bool,
    is_loopback: bool,
}

impl Origin {
    /// Checks an origin such as `https://relay.example:8443` or `http://127.0.0.1:8788`.
    ///
    /// Whether plain `http` may be used is for `Origin::check_for`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.to_ascii_lowercase();
        Self::whole(text.strip_suffix('/').unwrap_or(&text)).ok_or_else(|| {
            Error::invalid_config(
                "an origin must be https://host[:port] or http://host[:port], without a path",
            )
        })
    }

    /// The origin that a text is from its first to its last character.
    fn whole(text: &str) -> Option<Self> {
        let uri = web_address(text)?;
        let (scheme, rest) = text.split_once("://")?;
        (rest == uri.authority()?.as_str()).then(|| Self {
            text: text.to_owned(),
            is_https: scheme == "https",
            is_loopback: uri.host().is_some_and(is_loopback),
        })
    }

    /// The origin without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether credentials may be sent there: over TLS, within this machine, or where they are no
    /// secret, which is Payple's public pair in test.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`].
    pub(crate) fn check_for(
        &self,
        environment: Environment,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        let is_public = environment == Environment::Test && credentials.are_the_public_test_pair();
        if self.is_https || self.is_loopback || is_public {
            return Ok(());
        }
        Err(Error::invalid_config(
            "an origin must be https, unless it is a loopback address, or the environment is test and the credentials are Payple's public test pair",
        ))
    }

    /// One of Payple's own, known to be well formed.
    pub(crate) fn official(text: &'static str) -> Self {
        Self { text: text.to_owned(), is_https: true, is_loopback: false }
    }
}

/// Reads an `http` or `https` address of visible ASCII: no user-info, and nothing that URL parsers
/// disagree about in its host.
fn web_address(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    // `Uri` takes more than all URL parsers agree about.
    let host = uri.host()?;
    let port = uri.authority()?.as_str().strip_prefix(host)?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_plain = text.bytes().all(|b| b.is_ascii_graphic());
    (is_web && is_plain && is_host(host) && is_port(port)).then_some(uri)
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
            !host.is_empty() && host.bytes().all(is_plain)
        }
    }
}

/// A colon and a number, or nothing.
fn is_port(port: &str) -> bool {
    let is_number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok();
    port.is_empty() || port.strip_prefix(':').is_some_and(is_number)
}

/// Whether a host, in lower case, is this machine, in the one form in which all parsers read it.
fn is_loopback(host: &str) -> bool {
    host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host == "[::1]"
        || host == "localhost"
}

const MAX_CREDENTIAL_CHARS: usize = 255;
const MAX_REFERER_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn credentials_are_not_shown() {
        let pair = Credentials::new("canary-id", "canary-key").unwrap();

        assert!(!format!("{pair:?}").contains("canary"));
        assert_eq!((pair.reveal_cst_id(), pair.reveal_cust_key()), ("canary-id", "canary-key"));
    }

    #[test]
    fn a_malformed_credential_is_named_but_not_repeated() {
        for (id, key, named) in [
            ("", "k", "cstId"),
            ("i", "", "custKey"),
            ("i", "canary\n", "custKey"),
            ("can ary", "k", "cstId"),
        ] {
            let error = Credentials::new(id, key).unwrap_err();
            assert_eq!(error.kind, ErrorKind::InvalidConfig);
            assert!(error.message.contains(named) && !error.message.contains("canary"), "{error}");
        }
        assert!(Credentials::new(&"i".repeat(256), "k").is_err());
        assert!(Credentials::new(&"i".repeat(255), "k").is_ok());
    }

    #[test]
    fn a_referer_is_a_full_address() {
        for good in ["https://shop.example", "http://localhost:8080", "https://shop.example/pay"] {
            assert!(Referer::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "shop.example",
            "",
            "ftp://shop.example",
            "https://",
            "https://가게.example",
            "https://shop.example\r\nX: 1",
            "https://u:p@shop.example",
        ] {
            assert!(Referer::parse(bad).is_err(), "{bad}");
        }
        let long = |bytes: usize| format!("https://shop.example/{}", "p".repeat(bytes - 21));
        assert!(Referer::parse(&long(2_048)).is_ok());
        assert!(Referer::parse(&long(2_049)).is_err());
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for good in [
            "https://relay.example",
            "HTTPS://Relay.Example:8443/",
            "https://[2001:db8::1]:1",
            "http://127.0.0.1:8788",
            "http://LocalHost:1",
            "http://[::1]:8788",
        ] {
            assert!(Origin::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "https://relay.example/path",
            "https://u@relay.example",
            "relay.example",
            "https://relay.example?x",
            "https://relay.example#x",
            "https://relay.example//",
            "https://relay.example:",
            "https://relay.example:+1",
            "https://relay.example:65536",
            "https://relay.example\\@evil.example",
            "https://[::1",
            "https://[::1]]",
            "https://[relay]",
            "https:/relay.example",
            "https:relay.example",
            "://relay.example",
            "https://",
            "https:///",
            "https://:443",
            "http://127.0.0.+1",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_or_for_what_is_no_secret() {
        let public = Credentials::new("test", "abcd1234567890").unwrap();
        let own = Credentials::new("shop", "abcd1234567890").unwrap();
        let may_be_used = |origin: &str, environment, credentials| {
            Origin::parse(origin).unwrap().check_for(environment, credentials).is_ok()
        };
        for near in [
            "http://127.0.0.1:8788",
            "http://127.9.9.9:1",
            "http://LocalHost:1",
            "http://[::1]:8788",
        ] {
            assert!(may_be_used(near, Environment::Live, &own), "{near}");
        }
        assert!(may_be_used("https://relay.example", Environment::Live, &own));
        for far in [
            "http://relay.example",
            "http://sandbox:8788",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1.",
            "http://127.0.0",
            "http://127.0.0.256",
            "http://127.0.0.01",
            "http://127.0..1",
            "http://10.0.0.1",
            "http://[::2]",
            "http://localhost.evil.example",
        ] {
            assert!(!may_be_used(far, Environment::Live, &public), "{far}");
            assert!(!may_be_used(far, Environment::Test, &own), "{far}");
            assert!(may_be_used(far, Environment::Test, &public), "{far}");
        }
        assert!(Origin::parse("http://127.9.9.9:1").is_ok_and(|o| o.is_loopback()));
        assert!(Origin::parse("https://relay.example").is_ok_and(|o| !o.is_loopback()));
    }

    #[test]
    fn an_environment_is_test_or_live_and_nothing_else() {
        assert_eq!(Environment::parse("test"), Ok(Environment::Test));
        assert_eq!(Environment::parse("live"), Ok(Environment::Live));
        for wrong in ["", "TEST", "real", "live "] {
            assert_eq!(Environment::parse(wrong).unwrap_err().kind, ErrorKind::InvalidConfig);
        }
        assert_eq!(
            (Environment::Test.name(), Environment::Live.to_string().as_str()),
            ("test", "live")
        );
    }
}
