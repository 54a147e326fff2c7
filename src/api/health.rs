//! `GET /healthz`: that all is well.

use serde::{Deserialize, Serialize};

use crate::config::Environment;

/// The settings are right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// Anything else is a problem.
    pub status: HealthStatus,
    /// Which of Payple's environments the Worker asks. Not secret: the sign-in form
    /// shows it.
    pub environment: Environment,
    /// Only with a sign-in.
    #[serde(flatten)]
    pub details: Option<HealthDetails>,
}

/// All is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// All is well.
    Ok,
}

/// The details, for callers that have signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HealthDetails {
    /// The Worker's version.
    pub version: String,
    /// How requests go to Payple.
    pub egress: Egress,
}

/// How requests go to Payple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Egress {
    /// From the Worker itself.
    Direct,
    /// Through the service binding `PAYPLE_EGRESS`.
    Binding,
}
