//! Feeds bytes to `payple_edge_fuzz::url_join`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| payple_edge_fuzz::url_join(bytes));
