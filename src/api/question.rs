//! The bodies of questions that hold one text. That of a payout group is [`PayoutQuestion`](crate::payout::PayoutQuestion).

use serde::Serialize;

/// Asks for a billing key.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(rename_all = "camelCase")]
pub struct BillingKeyQuestion<'a> {
    /// 빌링키, `PCD_PAYER_ID`.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 255), regex(pattern = crate::schema::IDENTIFIER), extend("examples" = ["d0toSS9sT084bVJSNThScnFX"]))
    )]
    pub payer_id: &'a str,
}

/// Begins a session.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SignIn<'a> {
    /// A token of `NAMED_TOKENS`, or `ADMIN_TOKEN`.
    pub token: &'a str,
}
