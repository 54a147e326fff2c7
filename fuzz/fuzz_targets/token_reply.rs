//! Feeds bytes to `payple_edge_fuzz::token_reply`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| payple_edge_fuzz::token_reply(bytes));
