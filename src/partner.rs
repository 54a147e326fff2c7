//! Who asks: environment, credentials, Referer, origins. Each is checked once, here, and is then a type.

use std::fmt;

use crate::error::{Error, Kind};
use crate::secret::Secret;

/// Everything the two services need to know about the caller.
#[derive(Debug, Clone)]
pub struct Partner {
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

/// Payple's two worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Payple's TEST: no money moves.
    Test,
    /// Payple's REAL.
    Live,
}

impl Environment {
    /// Reads `test` or `live`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            _ => Err(invalid("environment must be \"test\" or \"live\"")),
        }
    }

    /// The name that users meet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
    /// The spec page says `cst_id` aN(8), newer pages 12 and 255, so length is not narrowed further.
    pub fn new(cst_id: &str, cust_key: &str) -> Result<Self, Error> {
        let check =
            |name: &'static str, value: &str| match identifier_fault(value, MAX_CREDENTIAL_CHARS) {
                None => Ok(Secret::new(value.to_owned())),
                Some(fault) => Err(invalid(format!("{name} {fault}"))),
            };
        Ok(Self { cst_id: check("cstId", cst_id)?, cust_key: check("custKey", cust_key)? })
    }

    /// The partner id (`cst_id`), for the request that carries it.
    pub fn reveal_cst_id(&self) -> &str {
        self.cst_id.reveal()
    }

    /// The partner key (`custKey`), for the request that carries it.
    pub fn reveal_cust_key(&self) -> &str {
        self.cust_key.reveal()
    }
}

/// The domain registered with Payple, with its scheme, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referer(String);

impl Referer {
    /// Checks that `text` is an `http` or `https` address of visible ASCII with a host and no user-info.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match Address::parse(text) {
            Some(_) if text.len() <= MAX_REFERER_BYTES => Ok(Self(text.to_owned())),
            _ => Err(invalid(
                "referer must be a full address with scheme, such as https://shop.example",
            )),
        }
    }

    /// The address, as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Scheme, host and port; no path. `https`, or `http` to this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    loopback: bool,
}

impl Origin {
    /// Checks an origin such as `https://relay.example:8443` or `http://127.0.0.1:8788`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match Address::parse(text) {
            Some(Address { is_https, host, path: "" | "/" }) if is_https || is_loopback(host) => {
                Ok(Self {
                    text: text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase(),
                    loopback: is_loopback(host),
                })
            }
            _ => Err(invalid(
                "an origin must be https://host[:port], or http:// to a loopback address, without a path",
            )),
        }
    }

    /// The origin without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// One of Payple's own, known to be well formed.
    pub(crate) fn official(text: &'static str) -> Self {
        Self { text: text.to_owned(), loopback: false }
    }
}

/// What is wrong with an opaque identifier, in words that do not repeat it.
pub(crate) fn identifier_fault(value: &str, max_chars: usize) -> Option<String> {
    if value.is_empty() {
        Some("is empty".to_owned())
    } else if value.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("contains white space or control characters".to_owned())
    } else if value.chars().count() > max_chars {
        Some(format!("is longer than {max_chars} characters"))
    } else {
        None
    }
}

/// An `http` or `https` address of visible ASCII: no user-info, and nothing that URL parsers disagree about in its host.
struct Address<'a> {
    is_https: bool,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    host: &'a str,
    /// What comes after host and port: empty, or from the first `/`, `?` or `#`.
    path: &'a str,
}

impl<'a> Address<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_at_checked(text.find(':')?)?;
        let rest = rest.strip_prefix("://")?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        let (authority, path) =
            rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len()))?;
        let host_end = authority
            .find(']')
            .map_or_else(|| authority.find(':'), |bracket| bracket.checked_add(1))
            .unwrap_or(authority.len());
        let (host, port) = authority.split_at_checked(host_end)?;
        let is_address =
            (is_https || scheme.eq_ignore_ascii_case("http")) && is_host(host) && is_port(port);
        (is_address && text.bytes().all(|b| b.is_ascii_graphic())).then_some(Self {
            is_https,
            host,
            path,
        })
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ip) => {
            !ip.is_empty() && ip.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        }
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    }
}

/// A colon and a number, or nothing.
fn is_port(port: &str) -> bool {
    let is_number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok();
    port.is_empty() || port.strip_prefix(':').is_some_and(is_number)
}

/// Whether a host is this machine, in the one form in which all parsers read it.
fn is_loopback(host: &str) -> bool {
    let mut parts = host.split('.');
    let is_byte = |part: &str| {
        part.len() <= 3 && !(part.len() > 1 && part.starts_with('0')) && part.parse::<u8>().is_ok()
    };
    let is_127 = parts.next() == Some("127")
        && parts.by_ref().take(3).filter(|part| is_byte(part)).count() == 3
        && parts.next().is_none();
    is_127 || host == "[::1]" || host.eq_ignore_ascii_case("localhost")
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::InvalidConfig, message)
}

const MAX_CREDENTIAL_CHARS: usize = 255;
const MAX_REFERER_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(error.kind(), Kind::InvalidConfig);
            assert!(
                error.message().contains(named) && !error.message().contains("canary"),
                "{error}"
            );
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
    fn an_origin_is_https_or_this_machine() {
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
            "http://relay.example",
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
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1.",
            "http://127.0.0",
            "http://127.0.0.256",
            "http://127.0.0.01",
            "http://127.0..1",
            "http://127.0.0.+1",
            "http://10.0.0.1",
            "http://[::2]",
            "http://localhost.evil.example",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
        assert!(Origin::parse("http://127.9.9.9:1").is_ok_and(|o| o.is_loopback()));
        assert!(Origin::parse("https://relay.example").is_ok_and(|o| !o.is_loopback()));
    }
}
