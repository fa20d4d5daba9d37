//! The program `typegate`, as it is met at a terminal.

#![cfg(test)]

mod check;
mod doctor;
mod end;
mod health;
mod log;
mod metrics;
mod migrate;
mod serve;
mod support;

use serde_json::Value;
use typegate::error::PageError;
use typegate::{ErrorCode, Secret, SigningKey};

use support::{Folder, text, typegate};

#[test]
fn secrets_and_keys_are_new_and_good() {
    let secrets = [(); 2].map(|()| text(&typegate(&["secret"]).stdout));
    assert_ne!(secrets[0], secrets[1]);
    assert!(Secret::new(secrets[0].trim()).is_ok());
    for (arguments, algorithm) in [
        (["newkey", "HS512"].as_slice(), "HS512"),
        (&["newkey"], "HS512"),
        (&["newkey", "HS256"], "HS256"),
        (&["newkey", "EdDSA"], "EdDSA"),
    ] {
        let key = text(&typegate(arguments).stdout);
        assert_eq!(SigningKey::from_jwk(&key).unwrap().algorithm().as_str(), algorithm);
    }
    let folder = Folder::new("keys");
    let key = folder.file("key.jwk", &text(&typegate(&["newkey", "EdDSA"]).stdout));
    let public: Value = serde_json::from_slice(&typegate(&["publickey", &key]).stdout).unwrap();
    assert!(public["x"].is_string() && public.get("d").is_none());
}

#[test]
fn misuse_shows_what_there_is() {
    for arguments in [
        ["serve"].as_slice(),
        &[],
        &["check"],
        &["doctor"],
        &["migrate"],
        &["newkey", "RS256"],
        &["fly"],
        &["secret", "now"],
        &["explain"],
        &["explain", "fly"],
        &["--fly"],
    ] {
        let output = typegate(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("typegate check --config"), "{arguments:?}");
    }
    let help = typegate(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("typegate newkey"));
}

#[test]
fn a_code_of_the_log_is_explained() {
    for code in ErrorCode::ALL {
        let output = typegate(&["explain", code.as_str()]);
        let told = text(&output.stdout);
        assert!(output.status.success(), "{code}");
        for part in [code.as_str(), code.cause(), code.remedy(), &code.help_url()] {
            assert!(told.contains(part), "{code}: {told}");
        }
    }
    for spelling in ["no_secret", "NoSecret", "no-secret"] {
        assert!(text(&typegate(&["explain", spelling]).stdout).starts_with("NO_SECRET: "));
    }
    let nearly = text(&typegate(&["explain", "SECRET"]).stderr);
    assert!(nearly.starts_with("error: `SECRET` is no code; there is NO_SECRET"), "{nearly}");
}

#[test]
fn what_a_visitor_has_in_the_address_is_explained() {
    for error in PageError::ALL {
        let told = text(&typegate(&["explain", error.as_str()]).stdout);
        assert!(told.starts_with(error.as_str()) && told.contains(error.text()), "{told}");
    }
    let told = text(&typegate(&["explain", "?error=OAuthAccountNotLinked"]).stdout);
    let code = ErrorCode::OAuthAccountNotLinked;
    assert!(told.contains(&format!("the log has  {code}: {}", code.cause())), "{told}");
    let told = text(&typegate(&["explain", "SessionRequired"]).stdout);
    assert!(told.contains("the log has  nothing"), "{told}");
}
