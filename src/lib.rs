//! payple-edge asks Payple (페이플) two questions, and checks the answers.
//!
//! In scope: payout requests by group key with a review ([`hub`], [`payout`]), the state of a
//! billing key ([`cpay`], [`billing_key`]), and one flow that authenticates for both ([`client`]).
//! Out of scope: everything that moves money or changes anything at Payple.
//!
//! The core does no I/O: network, clock, sleep, randomness and the store of tokens are arguments
//! ([`Runtime`]). Three faces run it, each behind a feature: `npm` (Node and its kin), `worker` (a
//! Cloudflare Worker) and `browser` (a client of that Worker). Without a feature the crate is plain
//! Rust.
//!
//! # One look-up
//!
//! ```text
//! caller          Client          TokenManager        Runtime                 Payple
//!   │ lookup(question)│                 │                 │                      │
//!   │────────────────>│ token()         │                 │                      │
//!   │                 │────────────────>│ in memory? ──> done                    │
//!   │                 │                 │ load_token, ask_broker                 │
//!   │                 │                 │ else, one caller for all:              │
//!   │                 │                 │──── send ──────>│ token request ──────>│
//!   │                 │                 │<────────────────│<─────────────────────│
//!   │                 │                 │ save_token      │                      │
//!   │                 │<────────────────│                 │                      │
//!   │                 │──── send ────────────────────────>│ question + token ───>│
//!   │                 │<──────────────────────────────────│<─────────────────────│
//!   │                 │ token rejected? discard it, and once more from token()   │
//!   │<────────────────│ the answer, checked                                      │
//! ```
//!
//! Below the client: [`service::Service`] says what is sent and what a reply means,
//! [`single_flight`] how callers share one authentication, [`transport`] what an HTTP reply is by
//! its status.
//!
//! # Example
//!
//! A group that is held as JSON, compared with what should be paid:
//!
//! ```
//! use payple_edge::api::review_payout_requests;
//! use payple_edge::payout::FindingKind;
//!
//! let group = r#"{ "groupKey": "Q0RSSkYzWUI3", "total": 3000, "count": 1, "requests": [
//!     { "groupKey": "Q0RSSkYzWUI3", "billingTranId": "a1",
//!       "amount": 3000, "remainingLimit": 7000 }
//! ]}"#;
//! let expect = r#"{ "requests": [{ "billingTranId": "a1", "amount": 2000 }] }"#;
//!
//! let review = review_payout_requests(group.as_bytes(), expect.as_bytes())?;
//! assert!(!review.consistent);
//! assert_eq!(review.findings[0].kind, FindingKind::AmountMismatch);
//! # Ok::<(), payple_edge::Error>(())
//! ```
//!
//! Both look-ups from a plain Rust program: `examples/native.rs`.

#![cfg_attr(
    not(any(feature = "npm", feature = "worker", feature = "browser")),
    forbid(unsafe_code)
)]
// No amount and no time is cut: what could lose a digit or its sign is converted and checked.
#![cfg_attr(
    not(test),
    deny(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)
)]
// Tests may count; the other lints against panics know tests by themselves (clippy.toml).
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod api;
pub mod billing_key;
pub mod client;
pub mod config;
pub mod cpay;
pub mod error;
pub mod hint;
pub mod hub;
mod identifier;
mod json;
pub mod money;
pub mod payout;
mod retry;
pub mod runtime;
#[cfg(feature = "schema")]
#[doc(hidden)]
pub mod schema;
#[cfg(feature = "schema")]
mod schema_parts;
pub mod secret;
pub mod service;
pub mod single_flight;
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod testing;
pub mod time;
mod token;
pub mod transport;

#[cfg(feature = "browser")]
mod browser;
#[cfg(feature = "npm")]
mod npm;
#[cfg(feature = "worker")]
mod worker;

pub use billing_key::{BillingKey, PayerId};
pub use client::Client;
pub use config::{Config, Credentials, Environment, Origin, Referer};
pub use cpay::Cpay;
pub use error::{Error, ErrorKind, Phase};
pub use hub::Hub;
pub use payout::{Expectation, GroupKey, PayoutRequestGroup};
pub use retry::CallOptions;
pub use runtime::Runtime;
pub use token::IssuedToken;
