//! Feeds bytes to `payple_edge_fuzz::auth_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| payple_edge_fuzz::auth_message(bytes));
