//! Why the Worker gave no answer: problem+json (RFC 9457).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use strum::IntoStaticStr;

use crate::error::{ErrorKind, Phase};

/// Why the Worker gave no answer, as RFC 9457 has it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `urn:payple-edge:problem:` and the kind.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri-reference")))]
    pub type_uri: String,
    /// What kind of problem it is, in words.
    pub title: Cow<'static, str>,
    /// The HTTP status.
    #[cfg_attr(feature = "schema", schemars(range(min = 400, max = 599)))]
    pub status: u16,
    /// What happened.
    pub detail: Cow<'static, str>,
    /// What to branch on.
    pub kind: ProblemKind,
    /// Payple's code.
    pub code: Option<String>,
    /// The exchange with Payple that failed.
    pub phase: Option<Phase>,
    /// The HTTP status of Payple's reply.
    #[cfg_attr(feature = "schema", schemars(range(min = 100, max = 599)))]
    pub upstream_status: Option<u16>,
    /// Whether the same request may well succeed later.
    pub retryable: bool,
    /// What to do about it.
    pub hint: Option<String>,
    /// 어떻게 해야 하는지.
    pub hint_ko: Option<String>,
    /// The settings at fault, where that is what failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<SettingFault>,
    /// Ties the answer to its log lines.
    pub request_id: String,
}

/// One setting at fault. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SettingFault {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What is wrong with it.
    pub problem: Cow<'static, str>,
}

/// What to branch on: a failed look-up's kind, or one of the API's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ProblemKind {
    /// Of a look-up.
    Lookup(ErrorKind),
    /// Of the API itself.
    Api(ApiErrorKind),
    /// Of a newer Worker.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(String),
}

impl ProblemKind {
    /// The name that users meet.
    pub fn name(&self) -> &str {
        match self {
            Self::Lookup(kind) => kind.name(),
            Self::Api(kind) => kind.name(),
            Self::Unknown(name) => name,
        }
    }
}

/// What the API itself refuses, before a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ApiErrorKind {
    /// 401: nobody is signed in.
    NotSignedIn,
    /// 503: no way to sign in is configured.
    SignInNotConfigured,
    /// 503: the keys of Cloudflare Access cannot be had.
    SignInUnavailable,
    /// 503: the access record cannot be written, and nothing is answered without it.
    RecordUnavailable,
    /// 403: a request with a cookie, and not from a page of this origin.
    CrossSite,
    /// 403: the caller is signed in, but has not the role for this.
    RoleMissing,
    /// 403: nobody may take rows out here.
    ExportForbidden,
    /// 429: the limit for one caller is reached.
    RateLimited,
    /// 404: there is nothing at this path.
    NotFound,
    /// 405: this path answers other methods.
    MethodNotAllowed,
    /// 408: the body did not arrive in time.
    BodyTimeout,
    /// 413: the body is too large.
    BodyTooLarge,
    /// 415: the body is not said to be JSON.
    NotJson,
}

impl ApiErrorKind {
    /// The name that users meet.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_as_its_name_and_read_back() {
        for kind in [
            ProblemKind::Lookup(ErrorKind::Rejected),
            ProblemKind::Api(ApiErrorKind::SignInNotConfigured),
            ProblemKind::Unknown("of_tomorrow".to_owned()),
        ] {
            let text = serde_json::to_string(&kind).unwrap();
            assert_eq!(text, format!("\"{}\"", kind.name()));
            assert_eq!(serde_json::from_str::<ProblemKind>(&text).unwrap(), kind);
        }
    }
}
