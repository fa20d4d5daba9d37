//! The examples that run to their end, and what they say.

#![cfg(test)]

use std::process::Command;

/// What a program of `examples` prints, line by line.
fn lines_of(example: &str) -> Vec<String> {
    let path = std::env::current_exe().unwrap();
    let path = path.ancestors().nth(2).unwrap().join("examples").join(example);
    assert!(path.exists(), "{} is missing: run `cargo build --examples`", path.display());
    let output = Command::new(path).env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect()
}

#[test]
fn oauth2_client_speaks_to_a_provider_beyond_sign_ins() {
    let expected = [
        "client credentials: active, `reports:read` for `client id`",
        "device code: go to https://id.example/device and enter WDJB-0002",
        "device code: nobody has yet, so it waits 5 s",
        "device code: active, `calendar` for `248289761001`",
        "revocation: the device's is not active",
        "revocation: the program's is active, `reports:read` for `client id`",
    ];
    assert_eq!(lines_of("oauth2_client"), expected);
}
