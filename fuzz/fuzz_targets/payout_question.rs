//! Feeds bytes to `payple_edge_fuzz::payout_question`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| payple_edge_fuzz::payout_question(bytes));
