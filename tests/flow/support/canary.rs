//! Canaries: the secrets of a world, none of which may turn up where it does not belong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Answer, SECRET, World, open};

/// What no browser and no log may ever see: secrets of the configuration, tokens of providers and
/// what a provider says about a person beyond the profile.
pub(crate) fn of_the_server() -> Vec<String> {
    let mut secrets: Vec<String> = [
        SECRET,
        // The client secret, and the forms in which it travels.
        "s:e%c+r é/t",
        "s%3Ae%25c%2Br",
        "at-secret",
        "rt-secret",
        // The beginning of every ID token.
        "eyJhbGciOiJSUzI1NiIs",
        "canary-of-userinfo",
        "canary-of-a-body",
        "canary-of-a-consumer-secret",
        "canary-of-a-token-secret",
        "canary-of-an-email-secret",
    ]
    .map(Into::into)
    .into();
    secrets.push(STANDARD.encode("client+id:s%3Ae%25c%2Br+%C3%A9%2Ft"));
    secrets
}

/// What only this browser may see, and no log: its cookies, what is sealed in them, its CSRF token.
pub(crate) fn of_the_browser(world: &World) -> Vec<String> {
    let mut secrets = Vec::new();
    for name in world.browser.jar.names() {
        let value = world.browser.jar.value(name).unwrap();
        secrets.push(value.to_owned());
        if let Some((token, _)) = value.split_once("%7C") {
            secrets.push(token.to_owned());
        }
        let sealed = [".state", ".nonce", ".code_verifier"];
        if sealed.iter().any(|end| name.ends_with(end)) && value.matches('.').count() == 4 {
            secrets.push(open(value, SECRET, name)["value"].as_str().unwrap().to_owned());
        }
    }
    // Addresses of the site are in a cookie and no secret.
    secrets.retain(|secret| secret.len() > 5 && !secret.starts_with("http"));
    secrets
}

pub(crate) fn assert_absent(secrets: &[String], text: &str, what: &str) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "`{secret}` is in {what}: {text}");
    }
}

/// Status line, headers and body of an answer, with the cookies it sets.
pub(crate) fn whole(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    format!("{:?}\n{body}", answer.headers())
}
