//! The bodies of questions that hold keys or a token. That of a payout group is
//! [`PayoutQuestion`](super::PayoutQuestion).

use serde::{Deserialize, Serialize};

/// Asks for a billing key.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(rename_all = "camelCase")]
pub struct BillingKeyQuestion<'a> {
    /// 빌링키, `PCD_PAYER_ID`.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 255), regex(pattern = crate::schema_parts::IDENTIFIER)),
        schemars(extend("examples" = ["d0toSS9sT084bVJSNThScnFX"]))
    )]
    pub payer_id: &'a str,
}

/// Asks for up to 100 billing keys.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BillingKeysQuestion {
    /// 빌링키, `PCD_PAYER_ID`: 1 to 255 characters each, no white space. One that is none is a result
    /// of its own.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 100), extend("examples" = [["d0toSS9sT084bVJSNThScnFX", "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09"]]))
    )]
    pub payer_ids: Vec<String>,
}

/// Begins a session.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SignIn<'a> {
    /// A token of `NAMED_TOKENS`, or `ADMIN_TOKEN`.
    pub token: &'a str,
}
