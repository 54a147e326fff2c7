//! Feeds bytes to `payple_edge_fuzz::stored_partner_token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| payple_edge_fuzz::stored_partner_token(bytes));
