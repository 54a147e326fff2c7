//! `GET /api/session`: who is signed in, and where.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::identity::{Kind, Role};
use super::record::ExportReason;
use crate::config::Environment;

/// Who is signed in, and where.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Which of Payple's environments the Worker asks.
    pub environment: Environment,
    /// How they signed in.
    pub method: SessionMethod,
    /// What they are.
    pub kind: Kind,
    /// Who: an e-mail address, or the name of a token. Absent for the admin token.
    pub subject: Option<String>,
    /// What they may do.
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub roles: Vec<Role>,
    /// Whether exports and prints have to say why, or must not be made.
    #[serde(default)]
    pub export_reason: ExportReason,
    /// When the session ends unless a request is made before, ISO 8601; absent where the Worker
    /// does not bound it.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub expires_at: Option<String>,
    /// When the session ends whatever happens, ISO 8601.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub ends_at: Option<String>,
}

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionMethod {
    /// By a token, or by a session that began with one.
    Token,
    /// By Cloudflare Access.
    Access,
    /// By a service binding.
    ServiceBinding,
}
