//! The rate limit: so many requests a minute for one caller, however much each asks for, and few
//! wrong tokens for one address and one network.
//!
//! Only what was wrong is counted against an address, after the comparison. A right token passes
//! however many wrong ones came from the same office, or from the address that all Cloudflare
//! Workers of other zones share.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use futures_util::future::join_all;
use worker::{Env, RateLimiter};

use crate::worker::settings::LOOKUP_LIMIT;
use crate::worker::timeout::timeout;

/// Cloudflare's counters, where they are bound.
pub(crate) struct RateLimit(Option<RateLimiter>);

impl RateLimit {
    pub(crate) fn new(env: &Env) -> Self {
        Self(env.rate_limiter(LOOKUP_LIMIT).ok())
    }

    /// Counts one use by `key` and says whether it is within the limit. A limit that fails, or
    /// takes too long, is no reason to turn anybody away: it is one wall of several.
    pub(crate) async fn allows(&self, key: &str) -> bool {
        let Some(limiter) = &self.0 else { return true };
        match timeout(TIMEOUT_MS, limiter.limit(key.to_owned())).await {
            Some(Ok(outcome)) => outcome.success,
            Some(Err(_)) | None => true,
        }
    }

    /// Counts one wrong token and says whether it is within the limits of its address and of its
    /// network. What is beyond the address's own limit is not counted against its neighbours.
    pub(crate) async fn allows_wrong_token(&self, origin: &GuessOrigin) -> bool {
        self.allows(&origin.address).await && self.allows(&origin.network).await
    }

    /// Counts what a wrong token costs beyond the one use that `allows_wrong_token` has counted.
    pub(crate) async fn penalise(&self, origin: &GuessOrigin) {
        let by_address = (1..COST_TO_ADDRESS).map(|_| self.allows(&origin.address));
        let by_network = (1..COST_TO_NETWORK).map(|_| self.allows(&origin.network));
        join_all(by_address.chain(by_network)).await;
    }
}

/// Whose wrong tokens are counted together, as keys of the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuessOrigin {
    address: String,
    network: String,
}

impl GuessOrigin {
    /// By the address that Cloudflare gives; whatever is none counts as one.
    pub(crate) fn of(address: &str) -> Self {
        let (address, network) = match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V4(ip)) => (ip.to_string(), ip_prefix_v4(ip, 24)),
            // One IPv6 customer has a whole /64 to call from, a larger one a /48.
            Ok(IpAddr::V6(ip)) => (ip_prefix_v6(ip, 64), ip_prefix_v6(ip, 48)),
            Err(_) => ("unknown".to_owned(), "unknown".to_owned()),
        };
        Self {
            address: format!("wrong token {address}"),
            network: format!("wrong token in {network}"),
        }
    }
}

fn ip_prefix_v4(ip: Ipv4Addr, bits: u32) -> String {
    let mask = u32::MAX.checked_shl(u32::BITS.saturating_sub(bits)).unwrap_or(0);
    format!("{}/{bits}", Ipv4Addr::from_bits(ip.to_bits() & mask))
}

fn ip_prefix_v6(ip: Ipv6Addr, bits: u32) -> String {
    let mask = u128::MAX.checked_shl(u128::BITS.saturating_sub(bits)).unwrap_or(0);
    format!("{}/{bits}", Ipv6Addr::from_bits(ip.to_bits() & mask))
}

/// Longer than a counter in the same location ever takes.
const TIMEOUT_MS: u64 = 1_000;
/// So a limit of 600 allows 60 wrong tokens a minute for an address …
const COST_TO_ADDRESS: u32 = 10;
/// … and 300 for all addresses of its network.
const COST_TO_NETWORK: u32 = 2;

#[cfg(test)]
mod tests {
    use super::GuessOrigin;

    fn keys(address: &str) -> (String, String) {
        let GuessOrigin { address, network } = GuessOrigin::of(address);
        (address, network)
    }

    #[test]
    fn wrong_tokens_are_counted_by_address_and_by_network() {
        for (address, own, network) in [
            ("203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("2001:db8::6", "2001:db8::/64", "2001:db8::/48"),
            ("2a06:98c0:3600::103", "2a06:98c0:3600::/64", "2a06:98c0:3600::/48"),
        ] {
            let expected = (format!("wrong token {own}"), format!("wrong token in {network}"));
            assert_eq!(keys(address), expected, "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_counted_together() {
        for no_address in ["x, y", "", "203.0.113.7 ", "203.0.113", "[::1]"] {
            assert_eq!(keys(no_address), keys("unknown"), "{no_address}");
        }
    }
}
