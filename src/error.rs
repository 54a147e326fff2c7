//! Why a look-up failed, in terms that a caller can act on. No error ever holds a secret or a
//! person's data.

use std::borrow::Cow;

use derive_more::{Deref, DerefMut, Display};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use strum::{IntoStaticStr, VariantArray};

use crate::hint::{self, Hint};

/// What went wrong, coarse enough to branch on. The names are part of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[derive(strum::Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ErrorKind {
    /// A setting is missing or malformed; nothing was sent.
    InvalidConfig,
    /// The caller's input is malformed; nothing was sent.
    InvalidInput,
    /// Payple refused who we are, or the token.
    Authentication,
    /// Payple refused this look-up.
    Rejected,
    /// Payple could not be reached, or said that it cannot answer now.
    Unavailable,
    /// Payple did not answer in time.
    Timeout,
    /// The caller gave up.
    Aborted,
    /// The reply is not what the spec says.
    Protocol,
    /// A fault of ours.
    Internal,
}

impl ErrorKind {
    /// Every kind, for tables and descriptions.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The name that users meet.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Which of the two exchanges with Payple an error comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Getting a token: the hub's token request or cpay's partner authentication.
    Token,
    /// Asking the question itself.
    Lookup,
}

impl Phase {
    /// The name that users meet.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a look-up failed: its [`ErrorDetails`], boxed, so that a `Result` stays small.
///
/// Serialises as the faces hand it on: `kind`, `message`, `retryable`, and the rest where it is
/// known.
#[derive(Debug, Clone, PartialEq, Eq, Deref, DerefMut, Display, Serialize, Deserialize)]
#[display("{}", self.message)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct Error(pub(crate) Box<ErrorDetails>);

/// Why a look-up failed.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LookupError"))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorDetails {
    /// What went wrong.
    pub kind: ErrorKind,
    /// One English sentence on what happened.
    pub message: Cow<'static, str>,
    /// Whether the same look-up may well succeed later.
    #[serde(default)]
    pub retryable: bool,
    /// The exchange it comes from; absent before the network.
    pub phase: Option<Phase>,
    /// Payple's own code, such as `AUTH0004`.
    pub code: Option<String>,
    /// The HTTP status of Payple's reply, where there was one.
    pub http_status: Option<u16>,
    /// What to do about it, in English.
    pub hint: Option<Cow<'static, str>>,
    /// 한국어 안내: what to do about it, in Korean.
    pub hint_ko: Option<Cow<'static, str>>,
    /// How long Payple asked to wait (`Retry-After`), in milliseconds, where it did.
    pub retry_after_ms: Option<u64>,
    /// Not serialised: whoever receives an error from elsewhere does not retry by itself.
    #[serde(skip)]
    pub(crate) recovery: Recovery,
}

/// What the flow itself does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Recovery {
    /// Nothing: the same request would fail the same way.
    #[default]
    None,
    /// The same request once more after a pause, at least `retry_after_ms` where Payple named one.
    RetrySoon,
    /// Payple does not accept the token: a new one, once.
    NewToken,
}

impl Error {
    /// An error of `kind`; `message` says what happened and never holds a value.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(ErrorDetails {
            kind,
            message: message.into(),
            retryable: false,
            phase: None,
            code: None,
            http_status: None,
            hint: None,
            hint_ko: None,
            retry_after_ms: None,
            recovery: Recovery::None,
        }))
    }

    /// An error about what the caller asks.
    pub(crate) fn invalid_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn rejects_the_token(&self) -> bool {
        self.recovery == Recovery::NewToken
    }

    /// An error about the settings.
    pub(crate) fn invalid_config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidConfig, message)
    }

    /// Adds Payple's code, where there is one, and the advice for it.
    pub(crate) fn with_code(mut self, code: Option<&str>) -> Self {
        self.code = code.map(str::to_owned);
        self.with_hint(code.and_then(hint::for_code))
    }

    /// Adds which exchange it comes from, and the status of its reply, where there was one.
    pub(crate) fn with_exchange(mut self, phase: Phase, http_status: Option<u16>) -> Self {
        self.phase = Some(phase);
        self.http_status = http_status;
        self
    }

    /// Adds advice, where there is any.
    pub(crate) fn with_hint(mut self, hint: Option<Hint>) -> Self {
        if let Some(Hint { en, ko }) = hint {
            self.hint = Some(en.into());
            self.hint_ko = Some(ko.into());
        }
        self
    }

    /// Worth another try by the caller, though not at once.
    pub(crate) fn retryable_later(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Worth another try by the flow itself.
    pub(crate) fn retryable_soon(mut self, retry_after_ms: Option<u64>) -> Self {
        self.retryable = true;
        self.retry_after_ms = retry_after_ms;
        self.recovery = Recovery::RetrySoon;
        self
    }

    pub(crate) fn rejecting_the_token(mut self) -> Self {
        self.recovery = Recovery::NewToken;
        self
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializes_only_what_is_known() {
        let bare = Error::new(ErrorKind::InvalidInput, "groupKey is empty");
        assert_eq!(
            serde_json::to_string(&bare).unwrap(),
            r#"{"kind":"invalid_input","message":"groupKey is empty","retryable":false}"#
        );

        let full = Error::new(ErrorKind::Unavailable, "no")
            .with_exchange(Phase::Token, Some(500))
            .with_code(Some("Z9"))
            .retryable_soon(Some(7));
        assert_eq!(
            serde_json::to_string(&full).unwrap(),
            r#"{"kind":"unavailable","message":"no","retryable":true,"phase":"token","code":"Z9","httpStatus":500,"retryAfterMs":7}"#
        );
        assert_eq!(full.retry_after_ms, Some(7));
    }

    #[test]
    fn reads_what_it_serializes() {
        let refusal =
            Error::new(ErrorKind::Authentication, "no").with_exchange(Phase::Token, Some(200));
        for error in [
            Error::new(ErrorKind::InvalidInput, "groupKey is empty"),
            refusal.clone(),
            refusal.clone().with_code(Some("AUTH0004")),
            refusal.clone().with_hint(Some(hint::FOREIGN_HOST)).retryable_later(),
            refusal.clone().with_code(Some("Z9")).retryable_soon(Some(7)),
        ] {
            let mut read: Error =
                serde_json::from_str(&serde_json::to_string(&error).unwrap()).unwrap();
            assert_eq!(read.recovery, Recovery::None, "what to do about it is not handed on");
            read.recovery = error.recovery;
            assert_eq!(read, error);
        }
        for nonsense in
            ["", "null", "{}", r#"{"kind":"no_such_kind","message":"","retryable":false}"#]
        {
            assert!(serde_json::from_str::<Error>(nonsense).is_err());
        }
    }

    #[test]
    fn an_error_says_what_happened_and_whether_to_try_again() {
        let error = Error::new(ErrorKind::Rejected, "what happened");
        assert_eq!((error.to_string().as_str(), error.retryable), ("what happened", false));
        assert!(error.retryable_later().retryable);
    }

    #[test]
    fn what_is_known_can_be_asked_for() {
        let error = Error::new(ErrorKind::Authentication, "no")
            .with_exchange(Phase::Token, Some(403))
            .with_code(Some("T0310"));
        assert_eq!(error.http_status, Some(403));
        assert_eq!(error.phase.map(Phase::name), Some("token"));
        assert_eq!(Phase::Lookup.name(), "lookup");
        let hint = hint::for_code("T0310").unwrap();
        assert_eq!(
            (error.hint.as_deref(), error.hint_ko.as_deref()),
            (Some(hint.en), Some(hint.ko))
        );

        let bare = Error::new(ErrorKind::Rejected, "no");
        assert_eq!(
            (bare.http_status, bare.hint.as_deref(), bare.hint_ko.as_deref()),
            (None, None, None)
        );
    }

    #[test]
    fn kinds_and_phases_are_named_as_they_are_written() {
        for &kind in ErrorKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(kind.to_string(), kind.name());
        }
        for phase in [Phase::Token, Phase::Lookup] {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.name());
        }
    }
}
