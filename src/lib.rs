//! payple-edge asks Payple (페이플) two questions, and checks the answers.
//!
//! In scope: payout requests by group key with a review ([`hub`]), the state of a billing key ([`cpay`]), and one flow
//! that authenticates for both ([`lookup`]). Out of scope: everything that moves money or changes anything at Payple.
//!
//! The core does no I/O: network, clock, sleep, randomness and the store of passes are arguments ([`lookup::Runtime`]).
//! Three faces run it, each behind a feature: `npm` (Node and its kin), `worker` (a Cloudflare Worker) and `browser`
//! (a client of that Worker). Without a feature the crate is plain Rust.

#![cfg_attr(
    not(any(feature = "npm", feature = "worker", feature = "browser")),
    forbid(unsafe_code)
)]
// Tests may count; the other lints against panics know tests by themselves (clippy.toml).
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod cpay;
pub mod error;
pub mod hint;
pub mod hub;
mod json;
pub mod lookup;
pub mod money;
pub mod one_ahead;
pub mod partner;
pub mod payout;
mod retry;
pub mod secret;
#[cfg(test)]
mod testing;
pub mod time;
pub mod together;
pub mod wire;

#[cfg(feature = "browser")]
mod browser;
#[cfg(feature = "npm")]
mod npm;
#[cfg(feature = "worker")]
mod worker;
