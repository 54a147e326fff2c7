//! Where to ask: `PCD_PAY_HOST` + `PCD_PAY_URL` of the authentication's reply, trusted no further
//! than our own host.
//!
//! Credentials are sent to an address that a server supplied. So the address must be the configured
//! service's own, to the letter, and what is kept of it is its path and query alone.

use serde::{Deserialize, Serialize};

/// The path and query of the look-up, beginning with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct LookupPath(String);

impl LookupPath {
    /// Joins the parts of an authentication's reply; `ours` are the origins that may stand in it.
    /// `None` where the address is not our own service's, or cannot be read.
    ///
    /// The join is what the spec asks for; `return_url`, which should equal it, serves where a part
    /// is missing.
    pub(super) fn join(
        host: Option<&str>,
        url: Option<&str>,
        return_url: Option<&str>,
        ours: &[&str],
    ) -> Option<Self> {
        let is_ours = |host| matches!(after_our_origin(host, ours), Some("" | "/"));
        let path = match (host, url) {
            (Some(host), Some(_)) if !is_ours(host) => return None,
            (_, Some(url)) if is_absolute(url) => after_our_origin(url, ours)?,
            (Some(_), Some(url)) => url,
            _ => after_our_origin(return_url?, ours)?,
        };
        // A slash where there is none: both joins would come to the same address.
        format!("/{}", path.strip_prefix('/').unwrap_or(path)).try_into().ok()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a path and query.
impl TryFrom<String> for LookupPath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        // Visible ASCII without what URL parsers disagree about.
        let plain = path.bytes().all(|b| {
            b.is_ascii_graphic() && !matches!(b, b'\\' | b'#' | b'<' | b'>' | b'"' | b'`')
        });
        let script = path.split_once('?').map_or(path.as_str(), |(script, _query)| script);
        let valid = plain && is_payple_script(script) && path.len() <= MAX_PATH_BYTES;
        valid.then_some(Self(path)).ok_or("a path that is none of Payple's scripts")
    }
}

/// Whether a path is one of those that Payple's authentication has been seen to return: a script
/// below `/php/`, such as `/php/cPayUser/api/cPayUserAct.php` and `/php/PayChkAct.php`. So it has
/// no dot segment, no empty one, which could name a host, and nothing that is percent-encoded.
fn is_payple_script(path: &str) -> bool {
    let Some(script) = path.strip_prefix("/php/").and_then(|rest| rest.strip_suffix(".php")) else {
        return false;
    };
    script.split('/').all(|segment| {
        !segment.is_empty()
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    })
}

/// Whether a URL names a scheme and a host.
fn is_absolute(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

/// What stands behind one of our origins in a URL: nothing, or from the first `/` on.
///
/// Compared as text, so that nothing can be smuggled into it: no user-info, other port, trailing
/// dot or other scheme.
fn after_our_origin<'a>(url: &'a str, ours: &[&str]) -> Option<&'a str> {
    ours.iter().find_map(|origin| {
        let (start, rest) = url.split_at_checked(origin.len())?;
        let default_port = if origin.starts_with("https:") { ":443" } else { "" };
        let rest = rest.strip_prefix(default_port).unwrap_or(rest);
        let is_whole = rest.is_empty() || rest.starts_with('/');
        (start.eq_ignore_ascii_case(origin) && is_whole).then_some(rest)
    })
}

const MAX_PATH_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: [&str; 1] = ["https://democpay.payple.kr"];
    const PATH: &str = "/php/cPayUser/api/cPayUserAct.php?ACT_=PUSERINFO";

    fn joined(host: &str, url: &str, return_url: &str) -> Option<String> {
        let filled = |text: &'static str| (!text.is_empty()).then_some(text);
        let leak = |text: &str| filled(Box::leak(text.to_owned().into_boxed_str()));
        LookupPath::join(leak(host), leak(url), leak(return_url), &OURS)
            .map(|path| path.as_str().to_owned())
    }

    #[test]
    fn joins_host_and_url_plainly() {
        assert_eq!(joined("https://democpay.payple.kr", PATH, "").as_deref(), Some(PATH));
        assert_eq!(joined("https://democpay.payple.kr/", PATH, "").as_deref(), Some(PATH));
        assert_eq!(joined("https://DEMOCPAY.payple.kr:443", PATH, "").as_deref(), Some(PATH));
        assert_eq!(
            joined("https://democpay.payple.kr", "php/x.php?a=%2F&b=https://x", "").as_deref(),
            Some("/php/x.php?a=%2F&b=https://x")
        );
        assert_eq!(
            joined("https://democpay.payple.kr", "/php/PayChkAct.php", "").as_deref(),
            Some("/php/PayChkAct.php")
        );
    }

    #[test]
    fn an_absolute_url_must_be_on_our_host_too() {
        let absolute = format!("https://democpay.payple.kr{PATH}");
        assert_eq!(joined("https://democpay.payple.kr", &absolute, "").as_deref(), Some(PATH));
        assert_eq!(joined("", &absolute, "").as_deref(), Some(PATH));
        assert!(joined("https://democpay.payple.kr", "https://evil.example/x", "").is_none());
        assert!(joined("https://evil.example", &absolute, "").is_none());
    }

    #[test]
    fn return_url_serves_where_a_part_is_missing() {
        let whole = format!("https://democpay.payple.kr{PATH}");
        assert_eq!(joined("", PATH, &whole).as_deref(), Some(PATH));
        assert_eq!(joined("https://democpay.payple.kr", "", &whole).as_deref(), Some(PATH));
        assert!(joined("", "", "https://evil.example/x").is_none());
        assert!(joined("", "", "https://democpay.payple.kr").is_none());
        assert!(joined("", "", "").is_none());
    }

    #[test]
    fn the_join_wins_over_a_return_url_elsewhere() {
        assert_eq!(
            joined("https://democpay.payple.kr", PATH, "https://testcpay.payple.kr/x").as_deref(),
            Some(PATH)
        );
    }

    #[test]
    fn no_other_address_is_ever_followed() {
        for host in [
            "https://evil.example",
            "http://democpay.payple.kr",
            "https://cpay.payple.kr",
            "https://democpay.payple.kr@evil.example",
            "https://user:pass@democpay.payple.kr",
            "https://democpay.payple.kr:8443",
            "https://democpay.payple.kr:443:443",
            "https://democpay.payple.kr.",
            "https://democpay.payple.kr.evil.example",
            // As long as ours.
            "https://democpay.paypIe.kr",
            "https://xn--democpay-abc.payple.kr",
            "https://dеmocpay.payple.kr",
            "https://[::1]",
            "https:/democpay.payple.kr",
            "//democpay.payple.kr",
            "democpay.payple.kr",
            "https://democpay.payple.kr\\@evil.example",
            " https://democpay.payple.kr",
        ] {
            assert!(joined(host, PATH, "").is_none(), "{host}");
            assert!(joined("", "", &format!("{host}{PATH}")).is_none(), "{host} as return_url");
        }
        for host in ["https://democpay.payple.kr/path", "https://democpay.payple.kr//"] {
            assert!(joined(host, PATH, "").is_none(), "{host} is no bare host");
        }
    }

    #[test]
    fn only_a_script_of_payple_is_asked() {
        for url in [
            "/",
            "/php/",
            "/php/.php",
            "/php/a",
            "/phpx/a.php",
            "/PHP/a.php",
            "/admin/a.php",
            "/index.php?ACT_=PAYM",
            "/php/../admin/a.php",
            "/php/./a.php",
            "/php/%2e%2e/admin/a.php",
            "/php/..%2fadmin/a.php",
            "/php//a.php",
            "/php/a.php/",
            "/php/a.php/b",
            "/php/a.b.php",
            "/php/a;b.php",
            "php:/x.php",
        ] {
            assert!(joined("https://democpay.payple.kr", url, "").is_none(), "{url}");
        }
    }

    #[test]
    fn a_path_cannot_become_a_host() {
        for url in [
            "@evil.example/x",
            ".evil.example/x",
            ":8443/x",
            "?x",
            "//evil.example/x",
            "/\\evil.example",
            "/a b",
            "/a\nb",
            "/가",
            "/a#b",
            &format!("/{}", "a".repeat(2048)),
        ] {
            assert!(joined("https://democpay.payple.kr", url, "").is_none(), "{url}");
        }
    }
}
