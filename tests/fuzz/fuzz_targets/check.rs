//! The target `check`; what it does is in `tests/src/fuzz`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tenterhook_tests::fuzz::check(bytes));
