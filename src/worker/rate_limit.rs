//! The rate limit: so many look-ups a minute for one caller, and few guesses of a token for one address.

use std::iter::repeat_n;
use std::mem::take;

use wasm_bindgen::{JsCast, JsValue};

use super::js::{self, Unknown};

/// Cloudflare's counters, where they are bound.
#[derive(Clone)]
pub(super) struct RateLimit(Option<Unknown>);

impl RateLimit {
    pub(super) fn new(binding: Option<JsValue>) -> Self {
        Self(binding.map(JsCast::unchecked_into))
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

async fn count(binding: &Unknown, key: &str) -> Result<bool, JsValue> {
    let options = js::object(&[("key", key.into())])?;
    let outcome: Unknown = js::settled(binding.limit(&options)).await?.unchecked_into();
    Ok(outcome.success()?.is_truthy())
}

/// Whose guesses are counted together: an IPv6 customer has a whole /64 to call from.
pub(super) fn neighbourhood(address: &str) -> String {
    let is_address = !address.is_empty()
        && address.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
    match (is_address, address.contains(':')) {
        (true, true) => network(address),
        (true, false) => address.to_owned(),
        (false, _) => "unknown".to_owned(),
    }
}

/// The first four groups of an IPv6 address, with the zeros that `::` stands for.
fn network(address: &str) -> String {
    let mut zeros =
        8_usize.saturating_sub(address.split(':').filter(|group| !group.is_empty()).count());
    let mut groups = Vec::new();
    for group in address.split(':') {
        match group {
            // At the beginning or the end of an address `::` makes two empty groups.
            "" => groups.extend(repeat_n("0", take(&mut zeros))),
            group => groups.push(group),
        }
    }
    groups.truncate(4);
    groups.join(":")
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
        for (address, network) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
            ("2001:db8:1:2::", "2001:db8:1:2"),
            ("2001:db8::6", "2001:db8:0:0"),
            ("2001:db8::3:4:5:6:7", "2001:db8:0:3"),
            ("::1", "0:0:0:0"),
            ("::ffff:203.0.113.7", "0:0:0:0"),
        ] {
            assert_eq!(neighbourhood(address), network, "{address}");
        }
        for no_address in ["x, y", "", "203.0.113.7 "] {
            assert_eq!(neighbourhood(no_address), "unknown", "{no_address}");
        }
    }
}
