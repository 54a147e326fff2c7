//! HTTP as the Worker speaks it: bodies in, answers and problems out, and requests of its own.

pub(crate) mod accept;
pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod fetch;
pub(crate) mod problem;
pub(crate) mod response;
mod security_headers;
