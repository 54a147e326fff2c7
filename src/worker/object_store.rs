//! The storage of a Durable Object, as a place for passes: whatever goes wrong with it is as good as nothing found.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use worker::Storage;

use super::js::settled;

/// The storage of the broker's object.
pub(super) struct ObjectStore(Storage);

impl ObjectStore {
    pub(super) fn new(storage: Storage) -> Self {
        Self(storage)
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = settled(self.0.as_raw().get(key).map(Into::into)).await.ok()?;
        found.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
    }

    pub(super) async fn put(&self, key: &str, value: &[u8]) {
        let _ = settled(self.0.as_raw().put(key, Uint8Array::from(value).into()).map(Into::into)).await;
    }

    pub(super) async fn delete(&self, key: &str) {
        let _ = settled(self.0.as_raw().delete(key).map(Into::into)).await;
    }
}
