//! Limits that limit nothing.

use typegate::adapter::SqliteAdapter;
use typegate::dynamic::{Configuration, Registry};
use typegate::provider::catalog::GitHub;
use typegate::rate_limit::{Allowances, RateLimit, Unlimited};
use typegate::{Auth, Secret};

use crate::support::{SECRET, reasons};

/// What `build()` says to a limit.
fn refused(limit: impl RateLimit) -> Vec<String> {
    reasons(
        Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("https://app.example.com".parse().unwrap())
            .provider(GitHub::new("id", "s3cr3t".into()))
            .rate_limit(limit)
            .build(),
    )
}

#[tokio::test]
async fn r196_a_window_that_ends_at_once_is_an_error() {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    for found in [
        refused(Allowances::default().window(0)),
        refused(Allowances::default().window(0).counted_in(adapter.clone())),
        refused(Allowances::default().counted_in(adapter).window(0)),
    ] {
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("0 seconds") && found[0].contains("Unlimited"), "{found:?}");
    }
    assert!(refused(Allowances::default().window(1)).is_empty());
    assert!(refused(Unlimited).is_empty());
}

#[test]
fn r196_a_window_that_ends_at_once_is_found_in_a_file() {
    for shared in ["shared = true\n", ""] {
        let text = format!(
            "url = \"https://app.example.com\"\nsecret = {{ registered = \"secret\" }}\n\
             [adapter]\nurl = \"sqlite::memory:\"\n\
             [rate_limit]\nper_client = 20\n{shared}window = 0\n\
             [[providers]]\ntype = \"github\"\nclient_id = \"id\"\n\
             client_secret = {{ registered = \"secret\" }}\n"
        );
        let registry = Registry::new().secret("secret", SECRET);
        let report = Configuration::from_toml("typegate.toml", &text).unwrap().check(&registry);
        let found: Vec<_> = report.violations().iter().map(|found| found.key()).collect();
        assert_eq!(found, ["rate_limit.window"], "{report}");
    }
}
