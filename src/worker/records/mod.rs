//! The access record: who looked at whose data, when, from where and what for.
//!
//! Each act is written before its answer leaves, by a Durable Object that only ever appends:
//! [`entry`] says what is written, [`chain`] how each entry covers the one before. A subject is
//! sealed before it leaves the isolate, and what was looked up is never in it: the act, not the
//! value.
//!
//! There are several chains, each in an object of its own: the acts of people, those of programs,
//! and failed sign-ins, which must not keep anybody else waiting however many there are.

mod archive;
pub(super) mod chain;
pub(super) mod client;
pub(super) mod entry;
mod korean_clock;
mod object;
pub(super) mod protocol;
pub(super) mod reading;
pub(super) mod recorder;
pub(super) mod seal;
mod store;
