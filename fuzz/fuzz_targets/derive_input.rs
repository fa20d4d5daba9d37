#![no_main]

#[path = "../../macros/src/check/mod.rs"]
mod check;
#[path = "../../macros/src/errors.rs"]
mod errors;
#[path = "../../macros/src/krate.rs"]
mod krate;
#[path = "../../macros/src/meta.rs"]
mod meta;
#[path = "../../macros/src/profile/mod.rs"]
mod profile;
#[path = "../../macros/src/provider/mod.rs"]
mod provider;
#[path = "../../macros/src/tests.rs"]
mod tests;

libfuzzer_sys::fuzz_target!(|input: &[u8]| tests::check(input));
