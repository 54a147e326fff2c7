//! Tokens at rest: sealed, so that who can read the store learns nothing, and who can write to it gains nothing.
//!
//! The key comes from the partner's key, so another partner, or the same one with a new key, cannot open an entry. The
//! additional data says what the entry is, so that one that was moved to another name does not open either. Only the
//! seal is trusted: not the name, not the store's time to live.

use serde::Serialize;

use crate::worker::crypto::{Refused, Root, SealingKey};

/// Whose token, and for what.
#[derive(Serialize)]
pub(crate) struct TokenScope<'a> {
    /// `"hub"` or `"cpay"`.
    pub(crate) service: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) cst_id: &'a str,
    /// Where the service answers if not at its official address: a sandbox's token is no good elsewhere.
    pub(crate) origin: Option<&'a str>,
}

/// One service's entry in the shared store.
pub(crate) struct TokenCipher {
    entry: String,
    context: Vec<u8>,
    key: SealingKey,
}

impl TokenCipher {
    pub(crate) async fn new(place: &TokenScope<'_>, cust_key: &str) -> Result<Self, Refused> {
        let context = serde_json::to_vec(place).map_err(|_| Refused)?;
        let root = Root::import(cust_key).await?;
        let name = root.hashing_key("payple-edge kv name v1").await?.hash(&context).await?;
        let key = root.sealing_key("payple-edge token v1").await?;
        Ok(Self { entry: format!("{ENTRY_PREFIX}{}", hex::encode(name)), context, key })
    }

    /// The entry's name: a keyed hash, no identifier.
    pub(crate) fn entry(&self) -> &str {
        &self.entry
    }

    pub(crate) async fn seal(&self, token: &str) -> Result<Vec<u8>, Refused> {
        self.key.seal(token.as_bytes(), &self.context).await
    }

    pub(crate) async fn open(&self, sealed: &[u8]) -> Result<String, Refused> {
        String::from_utf8(self.key.open(sealed, &self.context).await?).map_err(|_| Refused)
    }
}

/// The number counts changes of the format: an entry of another one is not looked at.
const ENTRY_PREFIX: &str = "token/2/";
