//! Tokens at rest: sealed, so that a reader of the store learns nothing, and a writer gains
//! nothing.
//!
//! The key comes from the partner's key, so another partner, or the same one with a new key, cannot
//! open an entry. The additional data says what the entry is, so that one that was moved to another
//! name does not open either. Only the seal is trusted: not the name, not the store's time to live.

use crate::worker::crypto::{Refused, Root, SealingKey};

/// Whose token, and for what.
pub(crate) struct TokenScope<'a> {
    /// `"hub"` or `"cpay"`.
    pub(crate) service: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) cst_id: &'a str,
    /// Where the service answers if not at its official address: a sandbox's token is no good
    /// elsewhere.
    pub(crate) origin: Option<&'a str>,
}

impl TokenScope<'_> {
    /// What an entry is bound to, and what its name is made from.
    fn canonical(&self) -> Result<Vec<u8>, Refused> {
        let Self { service, environment, cst_id, origin } = self;
        serde_json::to_vec(&(FORMAT, service, environment, cst_id, origin)).map_err(|_| Refused)
    }
}

/// Seals and opens one service's entry in a shared store, and knows its name.
pub(crate) struct TokenCipher {
    entry: String,
    scope: Vec<u8>,
    key: SealingKey,
}

impl TokenCipher {
    pub(crate) async fn new(scope: &TokenScope<'_>, cust_key: &str) -> Result<Self, Refused> {
        let scope = scope.canonical()?;
        let root = Root::import(cust_key).await?;
        let name = root.hashing_key(&format!("{FORMAT} name")).await?.hash(&scope).await?;
        let key = root.sealing_key(&format!("{FORMAT} seal")).await?;
        Ok(Self { entry: format!("{ENTRY_PREFIX}{}", hex::encode(name)), scope, key })
    }

    /// The entry's name: a keyed hash, no identifier.
    pub(crate) fn entry(&self) -> &str {
        &self.entry
    }

    pub(crate) async fn seal(&self, token: &str) -> Result<Vec<u8>, Refused> {
        self.key.seal(token.as_bytes(), &self.scope).await
    }

    pub(crate) async fn open(&self, sealed: &[u8]) -> Result<String, Refused> {
        String::from_utf8(self.key.open(sealed, &self.scope).await?).map_err(|_| Refused)
    }
}

/// The npm package stores in the same format (`src/npm/js/store.mjs`). Its number counts its
/// changes: an entry of another one has another name and does not open.
const FORMAT: &str = "payple-edge token 3";
const ENTRY_PREFIX: &str = "payple-edge:token:3:";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::TokenScope;

    #[test]
    fn the_scope_is_written_as_the_documented_vectors_have_it() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../docs/token-format-vectors.json")).unwrap();
        for vector in vectors["vectors"].as_array().unwrap() {
            let text = |name: &str| vector["scope"][name].as_str();
            let scope = TokenScope {
                service: if text("service") == Some("hub") { "hub" } else { "cpay" },
                environment: if text("environment") == Some("live") { "live" } else { "test" },
                cst_id: text("cstId").unwrap(),
                origin: text("origin"),
            };
            let canonical = String::from_utf8(scope.canonical().unwrap()).unwrap();
            assert_eq!(Some(canonical.as_str()), vector["canonical"].as_str());
        }
    }
}
