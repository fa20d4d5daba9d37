#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| typegate_fuzz::property::cookie_header(input));
