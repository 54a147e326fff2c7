//! The access record: who looked at whose data, when, from where and what for.
//!
//! Each act is written before its answer leaves, by a Durable Object that only ever appends: [`entry`] says what is
//! written, [`chain`] how each entry covers the one before. A subject is sealed before it leaves the isolate, and what
//! was looked up is never in it: the act, not the value.

mod chain;
mod entry;
mod korean_clock;
