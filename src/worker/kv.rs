//! A KV namespace, by its rules: whatever goes wrong with reading is as good as nothing found, and a slow answer as good as none.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::js::{self, Unknown};
use super::timeout::timeout;

/// The namespace as it is bound.
#[derive(Clone)]
pub(super) struct Kv(Unknown);

impl Kv {
    pub(super) fn new(binding: JsValue) -> Self {
        Self(binding.unchecked_into())
    }

    /// What is stored under `name`, as far as it can be had.
    pub(super) async fn get(&self, name: &str) -> Option<Vec<u8>> {
        let options =
            js::object(&[("type", "arrayBuffer".into()), ("cacheTtl", CACHE_S.into())]).ok()?;
        let found = timeout(TIMEOUT_MS, js::settled(self.0.get(name, &options))).await?.ok()?;
        found.dyn_ref::<ArrayBuffer>().map(|bytes| Uint8Array::new(bytes).to_vec())
    }

    /// Stores `value` for so many seconds, though not for fewer than KV takes. Who cannot wait does so in the background.
    pub(super) async fn put(&self, name: &str, value: &[u8], keep_for_s: u64) {
        let ttl_s = u32::try_from(keep_for_s).unwrap_or(u32::MAX).max(MIN_TTL_S);
        if let Ok(options) = js::object(&[("expirationTtl", ttl_s.into())]) {
            let _ = js::settled(self.0.put(name, &Uint8Array::from(value), &options)).await;
        }
    }
}

/// KV's own minimum. Misses are kept for as long, too.
const CACHE_S: u32 = 30;
/// KV's own minimum.
const MIN_TTL_S: u32 = 60;
/// A slow store is worth no more than none.
pub(super) const TIMEOUT_MS: u64 = 1_000;
