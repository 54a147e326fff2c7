//! Subjects at rest: sealed under `RECORD_KEY`, and found again by a keyed hash.
//!
//! Threat: somebody who can read the object's storage or the archive, and must not learn whose data
//! it was, nor find out by trying keys. `RECORD_KEY` may hold several secrets: the first seals, the
//! others still open what they sealed. What is sealed opens only in its own entry: the request's id
//! is part of the seal.

use sha2::{Digest, Sha256};

use super::entry::Subject;
use crate::secret::Secret;
use crate::worker::crypto::{HashingKey, Refused, Root, SealingKey};

/// Every secret of `RECORD_KEY`, the one that seals first.
pub(in crate::worker) struct RecordKeys(Vec<RecordKey>);

struct RecordKey {
    /// Says which it is, and nothing of it.
    id: String,
    sealing: SealingKey,
    hashing: HashingKey,
}

/// What a sealed text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) enum Field {
    Subject,
    Reason,
}

impl RecordKeys {
    pub(in crate::worker) async fn derive(secrets: &[Secret]) -> Result<Self, Refused> {
        let mut keys = Vec::new();
        for secret in secrets {
            keys.push(RecordKey::derive(secret.reveal()).await?);
        }
        Ok(Self(keys))
    }

    /// Whose data it was, as it is kept.
    pub(in crate::worker) async fn subject(
        &self,
        text: &str,
        request_id: &str,
    ) -> Result<Subject, Refused> {
        let key = self.current()?;
        let hash = key.search_hash(&hex::encode(Sha256::digest(text))).await?;
        let sealed = key.seal(Field::Subject, text, request_id).await?;
        Ok(Subject { sealed: Some(sealed), hash: Some(hash), key_id: Some(key.id.clone()) })
    }

    /// A text of somebody's own, sealed by the key that seals subjects.
    pub(in crate::worker) async fn reason(
        &self,
        text: &str,
        request_id: &str,
    ) -> Result<String, Refused> {
        self.current()?.seal(Field::Reason, text, request_id).await
    }

    /// What was sealed, if the key is still here.
    pub(in crate::worker) async fn open(
        &self,
        field: Field,
        sealed: &str,
        key_id: &str,
        request_id: &str,
    ) -> Result<String, Refused> {
        let key = self.0.iter().find(|key| key.id == key_id).ok_or(Refused)?;
        let sealed = hex::decode(sealed).map_err(|_| Refused)?;
        let plain = key.sealing.open(&sealed, &context(field, request_id)).await?;
        String::from_utf8(plain).map_err(|_| Refused)
    }

    /// The hashes under which a subject may be found, from its SHA-256 in hexadecimal digits: one
    /// for each key.
    pub(in crate::worker) async fn search_hashes(
        &self,
        sha256: &str,
    ) -> Result<Vec<String>, Refused> {
        let mut hashes = Vec::new();
        for key in &self.0 {
            hashes.push(key.search_hash(sha256).await?);
        }
        Ok(hashes)
    }

    fn current(&self) -> Result<&RecordKey, Refused> {
        self.0.first().ok_or(Refused)
    }
}

impl RecordKey {
    async fn derive(secret: &str) -> Result<Self, Refused> {
        let root = Root::import(secret).await?;
        let hashing = root.hashing_key("payple-edge record search v1").await?;
        let sealing = root.sealing_key("payple-edge record seal v1").await?;
        let id = hashing.hash(b"id").await?;
        Ok(Self { id: hex::encode(id.get(..KEY_ID_BYTES).unwrap_or(&id)), sealing, hashing })
    }

    async fn seal(&self, field: Field, text: &str, request_id: &str) -> Result<String, Refused> {
        Ok(hex::encode(self.sealing.seal(text.as_bytes(), &context(field, request_id)).await?))
    }

    async fn search_hash(&self, sha256: &str) -> Result<String, Refused> {
        let hash = self.hashing.hash(format!("subject {sha256}").as_bytes()).await?;
        Ok(hex::encode(hash.get(..SEARCH_HASH_BYTES).unwrap_or(&hash)))
    }
}

fn context(field: Field, request_id: &str) -> Vec<u8> {
    let field = match field {
        Field::Subject => "subject",
        Field::Reason => "reason",
    };
    format!("{field} {request_id}").into_bytes()
}

const KEY_ID_BYTES: usize = 4;
const SEARCH_HASH_BYTES: usize = 16;
