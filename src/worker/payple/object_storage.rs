//! The storage of a Durable Object, as a store of tokens: whatever goes wrong with it is as good as nothing found.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use worker::worker_sys::DurableObjectState;

use crate::worker::js::settled;

/// The storage of the broker's object.
pub(crate) struct ObjectStorage(DurableObjectState);

impl ObjectStorage {
    pub(super) fn new(state: DurableObjectState) -> Self {
        Self(state)
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.0.storage().and_then(|storage| storage.get(key));
        settled(found.map(Into::into)).await.ok()?.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
    }

    pub(super) async fn put(&self, key: &str, value: &[u8]) {
        let stored =
            self.0.storage().and_then(|storage| storage.put(key, Uint8Array::from(value).into()));
        let _ = settled(stored.map(Into::into)).await;
    }

    pub(super) async fn delete(&self, key: &str) {
        let deleted = self.0.storage().and_then(|storage| storage.delete(key));
        let _ = settled(deleted.map(Into::into)).await;
    }
}
