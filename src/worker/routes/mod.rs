//! What each path answers: a file for each.

pub(super) mod access_records;
pub(super) mod access_summary;
pub(super) mod actions;
pub(super) mod assets;
pub(super) mod billing_key;
pub(super) mod billing_keys;
pub(super) mod health;
pub(super) mod payout_requests;
pub(super) mod session;
