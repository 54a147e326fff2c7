//! A KV namespace, by its rules: whatever goes wrong with reading is as good as nothing found, and
//! a slow answer as good as none.

use worker::Env;
use worker::kv::KvStore;

use super::timeout::timeout;

/// The namespace as it is bound.
#[derive(Clone)]
pub(super) struct Kv(KvStore);

impl Kv {
    /// `None` where nothing is bound under that name.
    pub(super) fn new(env: &Env, binding: &str) -> Option<Self> {
        env.kv(binding).ok().map(Self)
    }

    /// What is stored under `name`, as far as it can be had.
    pub(super) async fn get(&self, name: &str) -> Option<Vec<u8>> {
        let found = self.0.get(name).cache_ttl(CACHE_S).bytes();
        timeout(TIMEOUT_MS, found).await?.ok()?
    }

    /// Stores `value` for so many seconds, though not for fewer than KV takes. Whether it is
    /// stored. A caller that must not wait calls this in the background.
    pub(super) async fn put(&self, name: &str, value: &[u8], keep_for_s: u64) -> bool {
        let Ok(put) = self.0.put_bytes(name, value) else { return false };
        put.expiration_ttl(keep_for_s.max(MIN_TTL_S)).execute().await.is_ok()
    }
}

/// KV's own minimum. Misses are kept for as long, too.
const CACHE_S: u64 = 30;
/// KV's own minimum.
const MIN_TTL_S: u64 = 60;
/// A slow store is worth no more than none.
pub(super) const TIMEOUT_MS: u64 = 1_000;
