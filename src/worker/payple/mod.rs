//! Asking Payple from a Worker: the core's runtime, and the tokens that isolates share.

mod broker_client;
mod object_storage;
pub(crate) mod runtime;
mod token_broker;
pub(crate) mod token_cipher;
