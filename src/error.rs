//! Why a look-up failed, in terms that a caller can act on. No error ever holds a secret or a person's data.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::hint::{self, Hint};
use crate::json;

/// What went wrong, coarse enough to branch on. The names are part of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A setting is missing or malformed; nothing was sent.
    InvalidConfig,
    /// The caller's input is malformed; nothing was sent.
    InvalidInput,
    /// Payple refused who we are.
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

impl Kind {
    /// Every kind, for tables and descriptions.
    pub const ALL: [Self; 9] = [
        Self::InvalidConfig,
        Self::InvalidInput,
        Self::Authentication,
        Self::Rejected,
        Self::Unavailable,
        Self::Timeout,
        Self::Aborted,
        Self::Protocol,
        Self::Internal,
    ];

    /// The name that users meet.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidConfig => "invalid_config",
            Self::InvalidInput => "invalid_input",
            Self::Authentication => "authentication",
            Self::Rejected => "rejected",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::Protocol => "protocol",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which of the two exchanges with Payple an error comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Getting a pass: hub's token or cpay's partner authentication.
    Token,
    /// Asking the question itself.
    Lookup,
}

impl Phase {
    /// The name that users meet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Lookup => "lookup",
        }
    }
}

/// Why a look-up failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    kind: Kind,
    message: Cow<'static, str>,
    phase: Option<Phase>,
    code: Option<String>,
    status: Option<u16>,
    hint: Option<Hint>,
    retryable: bool,
    again: Again,
}

/// What the flow itself does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Again {
    /// Nothing: the same request would fail the same way.
    #[default]
    No,
    /// The same request once more after a pause, at least `after_ms` where Payple named one.
    Soon { after_ms: Option<u64> },
    /// Payple does not accept the pass: a new one, once.
    WithNewPass,
}

impl Error {
    /// An error of `kind`; `message` says what happened and never holds a value.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            phase: None,
            code: None,
            status: None,
            hint: None,
            retryable: false,
            again: Again::No,
        }))
    }

    /// The error that serialises to `json`, or `None` where no error does. What the flow would do about it is not in there.
    pub fn from_json(json: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Written {
            kind: Kind,
            message: String,
            phase: Option<Phase>,
            code: Option<String>,
            status: Option<u16>,
            hint: Option<String>,
            retry_after_ms: Option<u64>,
            #[serde(default)]
            retryable: bool,
        }
        let written: Written = json::parse_object(json).ok()?;
        let mut error = Self::new(written.kind, written.message);
        let details = &mut error.0;
        details.phase = written.phase;
        details.hint = written.hint.and_then(|en| hint::by_english(&en, written.code.as_deref()));
        details.code = written.code;
        details.status = written.status;
        details.retryable = written.retryable;
        details.again = written
            .retry_after_ms
            .map_or(Again::No, |after_ms| Again::Soon { after_ms: Some(after_ms) });
        Some(error)
    }

    /// What went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// One English sentence on what happened.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The exchange it comes from; `None` before the network.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// Payple's own code, such as `AUTH0004`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The HTTP status of the reply, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// What to do about it, in English and Korean.
    pub fn hint(&self) -> Option<Hint> {
        self.0.hint
    }

    /// Whether the same look-up may well succeed later.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// How long Payple asked to wait (`Retry-After`), where it did.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self.0.again {
            Again::Soon { after_ms } => after_ms,
            Again::No | Again::WithNewPass => None,
        }
    }

    pub(crate) fn again(&self) -> Again {
        self.0.again
    }

    pub(crate) fn refuses_pass(&self) -> bool {
        self.0.again == Again::WithNewPass
    }

    pub(crate) fn with_phase(mut self, phase: Phase) -> Self {
        self.0.phase = Some(phase);
        self
    }

    pub(crate) fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_hint(mut self, hint: Option<Hint>) -> Self {
        self.0.hint = hint.or(self.0.hint);
        self
    }

    /// Worth another try by the caller, though not at once.
    pub(crate) fn retryable_later(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    /// Worth another try by the flow itself.
    pub(crate) fn retryable_soon(mut self, after_ms: Option<u64>) -> Self {
        self.0.retryable = true;
        self.0.again = Again::Soon { after_ms };
        self
    }

    pub(crate) fn refusing_the_pass(mut self) -> Self {
        self.0.again = Again::WithNewPass;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// The shape that the faces hand on: `kind`, `message`, `retryable`, and the rest where it is known.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = &self.0;
        let mut object = serializer.serialize_struct("Error", 9)?;
        object.serialize_field("kind", details.kind.name())?;
        object.serialize_field("message", &details.message)?;
        object.serialize_field("retryable", &details.retryable)?;
        if let Some(phase) = details.phase {
            object.serialize_field("phase", phase.name())?;
        }
        if let Some(code) = &details.code {
            object.serialize_field("code", code)?;
        }
        if let Some(status) = details.status {
            object.serialize_field("status", &status)?;
        }
        if let Some(hint) = details.hint {
            object.serialize_field("hint", hint.en)?;
            object.serialize_field("hintKo", hint.ko)?;
        }
        if let Some(retry_after_ms) = self.retry_after_ms() {
            object.serialize_field("retryAfterMs", &retry_after_ms)?;
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializes_only_what_is_known() {
        let bare = Error::new(Kind::InvalidInput, "groupKey is empty");
        assert_eq!(
            serde_json::to_string(&bare).unwrap(),
            r#"{"kind":"invalid_input","message":"groupKey is empty","retryable":false}"#
        );

        let full = Error::new(Kind::Unavailable, "no")
            .with_phase(Phase::Token)
            .with_code("AUTH0005")
            .with_status(500)
            .retryable_soon(Some(7));
        assert_eq!(
            serde_json::to_string(&full).unwrap(),
            r#"{"kind":"unavailable","message":"no","retryable":true,"phase":"token","code":"AUTH0005","status":500,"retryAfterMs":7}"#
        );
        assert_eq!(full.retry_after_ms(), Some(7));
    }

    #[test]
    fn reads_what_it_serializes() {
        let refusal =
            Error::new(Kind::Authentication, "no").with_phase(Phase::Token).with_status(200);
        for error in [
            Error::new(Kind::InvalidInput, "groupKey is empty"),
            refusal.clone(),
            refusal.clone().with_code("AUTH0004").with_hint(hint::for_code("AUTH0004")),
            refusal.clone().with_hint(Some(hint::FOREIGN_HOST)).retryable_later(),
            refusal.clone().with_code("Z9").retryable_soon(Some(7)),
        ] {
            assert_eq!(Error::from_json(&serde_json::to_vec(&error).unwrap()), Some(error));
        }
        for nonsense in
            ["", "null", "{}", r#"{"kind":"no_such_kind","message":"","retryable":false}"#]
        {
            assert_eq!(Error::from_json(nonsense.as_bytes()), None);
        }
    }
}
