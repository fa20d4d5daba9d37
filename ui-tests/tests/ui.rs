//! What does the compiler say about each misconfiguration?
//!
//! `tests/fail` has a folder for each rule; the text beside a case is what a user reads, compared
//! word by word. After a change, run with `TRYBUILD=overwrite` and read every text that differs:
//! the documented code and the cause come first, the label stands at the user's own call, a note
//! has the line to write.
//!
//! `cargo test --no-default-features` compiles `tests/without_features` instead: calls of what is
//! behind a feature of typegate that is not switched on.
//!
//! The texts were recorded without the component `rust-src`, which makes the compiler quote more.

use std::process::Command;

use trybuild::TestCases;

/// Texts differ from compiler to compiler. Whoever moves this reads them all again.
const PINNED_TOOLCHAIN: &str = "1.95.0";

#[test]
fn misconfigurations_are_explained() {
    let cases = TestCases::new();
    // Programs that compile are in `tests/accepted`, because one of them here would make trybuild build
    // each case by itself, with everything that it depends on, instead of checking them at once.
    let fail =
        if cfg!(feature = "usual") { "tests/fail/*/*.rs" } else { "tests/without_features/*.rs" };
    let toolchain = toolchain();
    if toolchain == PINNED_TOOLCHAIN {
        cases.compile_fail(fail);
        return;
    }
    let what = format!(
        "the texts are those of rustc {PINNED_TOOLCHAIN}, this is `{toolchain}`: NOT COMPARED, \
         only tests/accepted is compiled"
    );
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "{what}");
    println!("{what}");
}

/// The version, or nothing, which is not the pinned one either.
fn toolchain() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    version.unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned()
}
