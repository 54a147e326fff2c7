//! The storage of a Durable Object, as a store of tokens: whatever goes wrong with it is as good as
//! nothing found.

use js_sys::Uint8Array;
use worker::Storage;

/// The storage of the broker's object.
pub(crate) struct ObjectStorage(Storage);

impl ObjectStorage {
    pub(super) fn new(storage: Storage) -> Self {
        Self(storage)
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key).await.ok()?
    }

    pub(super) async fn put(&self, key: &str, value: &[u8]) {
        let _ = self.0.put_raw(key, Uint8Array::from(value)).await;
    }

    pub(super) async fn delete(&self, key: &str) {
        let _ = self.0.delete(key).await;
    }
}
