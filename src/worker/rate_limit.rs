//! The rate limit: so many look-ups a minute for one caller, and few guesses of a token for one address.

use std::net::IpAddr;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::js;

/// Cloudflare's counters, where they are bound.
#[derive(Clone)]
pub(super) struct RateLimit(Option<JsValue>);

impl RateLimit {
    pub(super) fn new(binding: Option<JsValue>) -> Self {
        Self(binding)
    }

    /// Counts one use by `key` and says whether it is within the limit. A limit that fails is no reason to turn anybody away:
    /// it is one wall of several.
    pub(super) async fn allows(&self, key: &str) -> bool {
        match &self.0 {
            Some(binding) => count(binding, key).await.unwrap_or(true),
            None => true,
        }
    }

    /// Counts what a wrong token costs beyond the one use that every token costs.
    pub(super) async fn punish(&self, key: &str) {
        for _ in 1..WRONG_TOKEN_COSTS {
            self.allows(key).await;
        }
    }
}

async fn count(binding: &JsValue, key: &str) -> Result<bool, JsValue> {
    let options = js::object(&[("key", key.into())])?;
    let outcome = js::ask(binding, "limit", &[&options]).await?;
    Ok(Reflect::get(&outcome, &"success".into())?.is_truthy())
}

/// Whose guesses are counted together: an IPv6 customer has a whole /64 to call from.
pub(super) fn neighbourhood(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

/// So a limit of 600 allows 60 guesses a minute.
const WRONG_TOKEN_COSTS: u32 = 10;

#[cfg(test)]
mod tests {
    use super::neighbourhood;

    #[test]
    fn addresses_of_one_customer_are_one() {
        assert_eq!(neighbourhood("203.0.113.7"), "203.0.113.7");
        assert_eq!(neighbourhood("2001:db8:1:2:3:4:5:6"), neighbourhood("2001:db8:1:2::"));
        assert_ne!(neighbourhood("2001:db8:1:2::"), neighbourhood("2001:db8:1:3::"));
        assert_eq!(neighbourhood("x, y"), "unknown");
    }
}
