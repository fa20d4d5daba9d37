#![no_main]

#[path = "../../macros/src/check/mod.rs"]
mod check;
#[path = "../../macros/src/entry.rs"]
mod entry;
#[path = "../../macros/src/errors.rs"]
mod errors;
#[path = "../../macros/src/function.rs"]
mod function;
#[path = "../../macros/src/krate.rs"]
mod krate;
#[path = "../../macros/src/meta.rs"]
mod meta;
#[path = "../../macros/src/names.rs"]
mod names;
#[path = "../../macros/src/profile/mod.rs"]
mod profile;
#[path = "../../macros/src/provider/mod.rs"]
mod provider;
#[path = "../../macros/src/tests.rs"]
mod tests;
#[path = "../../macros/src/tokens.rs"]
mod tokens;

/// syn reads nested types by recursion: 4096 times `&` need more than the 8 MiB of the main thread.
const STACK: usize = 256 << 20;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    std::thread::scope(|scope| {
        let check = || tests::check(input);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, check);
        thread.expect("a thread").join().expect("a panic has ended the process")
    });
});
