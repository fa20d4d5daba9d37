//! Errors of a configuration that is read at run time. In Rust the types refuse the same.

use typegate::adapter::DynamicAdapter;
use typegate::dynamic::{Configuration, Registry};
use typegate::error::Shown;

use super::super::support::{Database, SECRET};
use super::{Outcome, scenarios};

const ADAPTER: &str = "adapter = { registered = \"database\" }";
const EMAIL: &str = "providers = [{ type = \"email\", send = \"mailer\" }]";
const CREDENTIALS: &str = "providers = [{ type = \"credentials\", authorize = \"directory\" }]";

scenarios! {
    a_file_has_links_and_no_adapter {
        logs: [EmailRequiresAdapter],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "needs an adapter, and the configuration has none",
        drive: built(&[EMAIL]),
    }
    a_file_has_links_and_an_adapter_that_keeps_none {
        logs: [MissingAdapterMethods],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "keeps verification tokens, and `database` does not",
        drive: built(&[ADAPTER, EMAIL]),
    }
    a_file_has_credentials_and_database_sessions {
        logs: [CallbackCredentialsJwt],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "here they live in the database",
        drive: built(&[ADAPTER, CREDENTIALS]),
    }
    a_file_has_credentials_that_nothing_checks {
        logs: [CallbackCredentialsHandler],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "has no `authorize`",
        drive: built(&["providers = [{ type = \"credentials\" }]"]),
    }
    a_file_has_no_secret {
        logs: [NoSecret],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "the configuration has no secret",
        drive: built_from(&["url = \"https://app.example.com\"", CREDENTIALS]),
    }
    a_file_has_no_address {
        logs: [NextAuthUrl],
        shown: Shown::NotInAnswer,
        provider: None,
        says: "does not say where the site is",
        drive: built_from(&["secret = { registered = \"vault\" }", CREDENTIALS]),
    }
}

/// A configuration with a secret and an address, and these lines.
async fn built(lines: &[&str]) -> Outcome {
    let all = ["secret = { registered = \"vault\" }", "url = \"https://app.example.com\""];
    built_from(&[&all, lines].concat()).await
}

async fn built_from(lines: &[&str]) -> Outcome {
    let rows = Database::default();
    let adapter = DynamicAdapter::of_users(rows.clone()).with_sessions(rows);
    let registry = Registry::new()
        .secret("vault", SECRET)
        .adapter("database", adapter)
        .authorize("directory", |_: serde_json::Value| async { Ok(None) })
        .send("mailer", |_| async { Ok(()) });
    let configuration = Configuration::from_toml("auth.toml", lines.join("\n")).unwrap();
    configuration.build(&registry).await.unwrap_err().into()
}
