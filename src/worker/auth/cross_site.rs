//! Whether a request comes from a page of this very origin. Browsers say so themselves, and no
//! script can change it.

use http::Uri;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A page of ours.
    SameOrigin,
    /// A page of somebody else's.
    CrossSite,
    /// The request does not say: no browser of today sent it.
    Unsaid,
}

/// By `Sec-Fetch-Site` where there is one, else by `Origin`.
pub(crate) fn source(sec_fetch_site: Option<&str>, origin: Option<&str>, url: &str) -> Source {
    let is_ours = match (sec_fetch_site, origin) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin_of(url).is_some_and(|own| own == origin),
        (None, None) => return Source::Unsaid,
    };
    if is_ours { Source::SameOrigin } else { Source::CrossSite }
}

/// Scheme, host and port of a URL that a browser or `Request` has normalised.
fn origin_of(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    Some(format!("{}://{}", url.scheme()?, url.authority()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://edge.example:8443/api/session?x=https://evil.example/";

    #[test]
    fn sec_fetch_site_decides_where_it_is_sent() {
        assert_eq!(source(Some("same-origin"), None, URL), Source::SameOrigin);
        for other in ["same-site", "cross-site", "none", "", "same-origin, cross-site"] {
            assert_eq!(
                source(Some(other), Some("https://edge.example:8443"), URL),
                Source::CrossSite,
                "{other}"
            );
        }
    }

    #[test]
    fn without_it_the_origin_must_be_ours_to_the_letter() {
        assert_eq!(source(None, Some("https://edge.example:8443"), URL), Source::SameOrigin);
        for other in [
            "null",
            "",
            "http://edge.example:8443",
            "https://edge.example",
            "https://edge.example:8443.evil.example",
            "https://evil.example",
        ] {
            assert_eq!(source(None, Some(other), URL), Source::CrossSite, "{other}");
        }
        assert_eq!(source(None, None, URL), Source::Unsaid);
    }

    #[test]
    fn an_origin_is_all_before_the_path() {
        assert_eq!(origin_of("http://127.0.0.1:8787/").as_deref(), Some("http://127.0.0.1:8787"));
        assert_eq!(origin_of("https://edge.example").as_deref(), Some("https://edge.example"));
        assert_eq!(origin_of("https://edge.example?x").as_deref(), Some("https://edge.example"));
        assert_eq!(origin_of("/api"), None);
    }
}
