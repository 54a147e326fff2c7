//! What somebody is, and what they may do.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "IdentityKind"))]
#[serde(rename_all = "lowercase")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    /// Signs in to the page.
    Person,
    /// Sends its token with each request.
    Program,
    /// The admin token, which says nothing of who holds it.
    Admin,
}

impl Kind {
    /// The name that users meet.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// One thing that somebody may do. 권한.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[derive(VariantArray)]
pub enum Role {
    /// Look payout requests and billing keys up. 조회.
    Lookup,
    /// Take what was looked up out of the page, as a file or on paper. 내보내기.
    Export,
    /// Read the access record. 감사.
    Audit,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
