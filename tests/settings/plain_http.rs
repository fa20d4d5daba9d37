//! Providers without https, as a Keycloak in a developer's network of containers.

use std::sync::{Arc, Mutex};

use typegate::provider::{Adjust as _, OAuthKind, Oidc, Provider};
use typegate::testing::{Browser, IdentityProvider};
use typegate::{Auth, ConfigError, LogEntry, Logger, Secret};

use crate::support::SECRET;

const ISSUER: &str = "http://keycloak:8080";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        let line = format!("{} {:?} {}", entry.code, entry.provider, entry.message);
        self.0.lock().unwrap().push(line);
    }
}

fn built<P: Provider<Kind = OAuthKind>>(
    idp: &IdentityProvider,
    lines: &Lines,
    change: impl FnOnce(Oidc) -> P,
) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(change(idp.oidc("keycloak")))
        .http_client(idp.clone())
        .logger(lines.clone())
        .build()
}

#[tokio::test]
async fn http_beyond_this_machine_is_a_danger_that_is_taken_by_name_and_said() {
    let idp = IdentityProvider::at(ISSUER);
    let lines = Lines::default();
    let refused = built(&idp, &lines, |oidc| oidc).unwrap_err().to_string();
    assert!(refused.contains(ISSUER) && refused.contains("`dangerously_allow_http`"), "{refused}");
    assert_eq!(*lines.0.lock().unwrap(), Vec::<String>::new());

    let auth = built(&idp, &lines, |oidc| oidc.dangerously_allow_http(true)).unwrap();
    let said = std::mem::take(&mut *lines.0.lock().unwrap());
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("DOUBTFUL_SETTING Some(\"keycloak\") "), "{said:?}");
    assert!(said[0].contains("`dangerously_allow_http`"), "{said:?}");

    // The endpoints that its document names are http, too.
    let mut browser = Browser::new(auth.service());
    browser.sign_in("keycloak", &idp).await.unwrap();
    let session = browser.get("/api/auth/session").await.unwrap();
    assert!(String::from_utf8_lossy(session.body()).contains("jane@example.com"));
    assert_eq!(*lines.0.lock().unwrap(), Vec::<String>::new());

    // It is http that is allowed, and nothing else.
    for issuer in ["ftp://keycloak", "keycloak:8080", "ws://keycloak:8080"] {
        let idp = IdentityProvider::at(issuer);
        assert!(built(&idp, &lines, |oidc| oidc.dangerously_allow_http(true)).is_err(), "{issuer}");
    }
}
