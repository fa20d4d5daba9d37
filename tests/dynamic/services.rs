//! Databases, mail servers and providers of the catalogue, as a configuration names them.

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use typegate::dynamic::{Configuration, Registry};

const HEAD: &str = r#"
    url = "http://localhost:3000"
    secret = { registered = "vault" }
    session = { strategy = "jwt" }
"#;

fn registry() -> Registry {
    Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .secret("client", "s3cr3t")
        .secret("mail server", "smtps://user:p%40ss@smtp.example.com")
}

fn configuration(rest: &str) -> Configuration {
    Configuration::from_toml("auth.toml", format!("{HEAD}{rest}")).unwrap()
}

#[tokio::test]
async fn a_file_names_database_mail_server_and_providers() {
    let configuration = configuration(
        r#"
        rate_limit = { per_client = 20, per_recipient = 2, window = 60, shared = true }
        client_address = { forwarded_for = 1 }
        diagnostics = { retired_codes = false, client_lines_per_minute = 0 }
        adapter = { url = "sqlite::memory:", max_connections = 2 }

        [[providers]]
        type = "email"
        server = { registered = "mail server" }
        from = "Acme <no-reply@acme.example>"
        ask_before_sign_in = true

        [[providers]]
        type = "auth0"
        client_id = "app"
        client_secret = { registered = "client" }
        issuer = "https://acme.eu.auth0.com/"

        [[providers]]
        type = "gitlab"
        client_id = "app"
        client_secret = { registered = "client" }
        base_url = "https://git.acme.example"
    "#,
    );
    let auth = configuration.build(&registry()).await.unwrap_or_else(|report| panic!("{report}"));
    let request = Request::get("/api/auth/providers").body(Bytes::new()).unwrap();
    let listed: Value = serde_json::from_slice(auth.handle(request).await.body()).unwrap();
    let ids: Vec<&str> = listed.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(ids, ["email", "auth0", "gitlab"]);
}

#[tokio::test]
async fn a_setting_of_a_provider_takes_effect() {
    let configuration = configuration(
        r#"
        [[providers]]
        type = "gitlab"
        client_id = "app"
        client_secret = { registered = "client" }
        base_url = "https://git.acme.example"
    "#,
    );
    let auth = configuration.build(&registry()).await.unwrap();
    let csrf = Request::get("/api/auth/csrf").body(Bytes::new()).unwrap();
    let answer = auth.handle(csrf).await;
    let token: Value = serde_json::from_slice(answer.body()).unwrap();
    let form = format!("csrfToken={}", token["csrfToken"].as_str().unwrap());
    let cookies = answer.headers().get_all("set-cookie").iter();
    let cookies: Vec<&str> =
        cookies.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    let request = Request::post("/api/auth/signin/gitlab")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", cookies.join("; "))
        .body(form.into())
        .unwrap();
    let answer = auth.handle(request).await;
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("https://git.acme.example/oauth/authorize?"), "{location}");
}

#[tokio::test]
async fn every_kind_of_database_is_opened_and_its_failure_told_without_its_address() {
    let credentials = "[[providers]]\ntype = 'credentials'\nauthorize = 'directory'";
    for address in ["postgres://app:canary@127.0.0.1:1/auth", "mysql://app:canary@127.0.0.1:1/auth"]
    {
        let registry = registry()
            .secret("database", address)
            .authorize("directory", |_: Value| async { Ok(None) });
        let text = format!("adapter = {{ url = {{ registered = 'database' }} }}\n{credentials}");
        let configuration = configuration(&text);
        assert!(configuration.check(&registry).is_empty(), "{address}");
        let report = configuration.build(&registry).await.unwrap_err();
        assert_eq!(report.violations()[0].key(), "adapter.url");
        let text = report.to_string();
        assert!(text.contains("the database cannot be used: "), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}
