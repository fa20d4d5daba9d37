//! Databases, mail servers and providers of the catalogue, as a configuration names them.

use std::path::PathBuf;

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};
use typegate::adapter::SqliteAdapter;
use typegate::dynamic::{Configuration, Registry, Report};

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

/// A file of SQLite, which goes away with it.
struct Database(PathBuf);

impl Database {
    async fn new(name: &str) -> (Self, SqliteConnection) {
        let path = std::env::temp_dir().join(format!("typegate-{name}-{}.db", std::process::id()));
        let database = Self(path);
        let rows = SqliteConnection::connect(&format!("{}?mode=rwc", database.url())).await;
        (database, rows.unwrap())
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.display())
    }

    async fn report(&self, settings: &str, rest: &str) -> Report {
        let text = format!(
            "{rest}\nadapter = {{ url = '{}'{settings} }}\n\
             [[providers]]\ntype = 'github'\nclient_id = 'a'\nclient_secret = {{ registered = 'client' }}",
            self.url()
        );
        configuration(&text).build(&registry()).await.unwrap_err()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for beside in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{beside}", self.0.display()));
        }
    }
}

/// Nothing is made that was not asked for, and the start says what is not there.
#[tokio::test]
async fn without_migrate_tables_that_are_not_there_are_found_at_the_start() {
    let (database, mut rows) = Database::new("unmigrated").await;
    let report = database.report(", migrate = false", "").await;
    assert_eq!(report.violations()[0].key(), "adapter.url");
    let text = report.to_string();
    assert!(text.contains("the table `users` is not there"), "{text}");
    assert!(text.contains("unless it says `migrate = false`"), "{text}");
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
        .fetch_one(&mut rows)
        .await
        .unwrap();
    assert_eq!(tables, 0, "nothing was made");
}

#[tokio::test]
async fn a_shared_limit_without_its_table_is_found_at_the_start() {
    let (database, mut rows) = Database::new("unshared").await;
    SqliteAdapter::connect(&database.url()).await.unwrap().migrate().await.unwrap();
    rows.execute("DROP TABLE typegate_attempts").await.unwrap();
    let report = database.report(", migrate = false", "rate_limit = { shared = true }").await;
    assert_eq!(report.violations()[0].key(), "adapter.url");
    let text = report.to_string();
    assert!(text.contains("the table `typegate_attempts` is not there"), "{text}");
}

/// The program `typegate` registers nothing, so code alone is no answer.
#[test]
fn a_name_that_nobody_registered_says_what_does_without_code() {
    for (text, instead) in [
        (
            "providers = [{ type = 'credentials', authorize = 'a' }]",
            "write `endpoint`, which is asked",
        ),
        ("adapter = { registered = 'a' }", "write `url`, the address of a database"),
        ("providers = [{ type = 'email', send = 'a' }]", "write `server`, a mail server"),
    ] {
        let text = format!("secret = {{ registered = 'vault' }}\n{text}");
        let configuration = Configuration::from_toml("auth.toml", text).unwrap();
        let report = configuration.check(&registry()).to_string();
        assert!(report.contains(instead), "{report}");
    }
}

/// As `@@map` and `@map` of Prisma's schema make them.
const RENAMED: &str = "
    CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, email TEXT UNIQUE, email_verified DATETIME, image TEXT);
    CREATE TABLE logins (user_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE, type TEXT NOT NULL,
        provider TEXT NOT NULL, provider_account_id TEXT NOT NULL, refresh_token TEXT, access_token TEXT,
        expires_at INTEGER, token_type TEXT, scope TEXT, id_token TEXT, session_state TEXT,
        PRIMARY KEY (provider, provider_account_id));
    CREATE TABLE visits (session_token TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        expires DATETIME NOT NULL);
    CREATE TABLE links (identifier TEXT NOT NULL, token TEXT NOT NULL, expires DATETIME NOT NULL,
        PRIMARY KEY (identifier, token));";

#[tokio::test]
async fn tables_of_another_adapter_may_have_names_of_their_own() {
    let path = std::env::temp_dir().join(format!("typegate-renamed-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut tables = options.connect().await.unwrap();
    tables.execute(sqlx::raw_sql(RENAMED)).await.unwrap();
    let provider = "[[providers]]\ntype = 'github'\nclient_id = 'app'\nclient_secret = { registered = 'client' }";
    let open = async |names: &str| {
        let url = format!("sqlite://{}", path.display());
        let adapter = format!("adapter = {{ url = '{url}', schema = 'prisma_v4'{names} }}");
        configuration(&format!("{adapter}\n{provider}")).build(&registry()).await
    };
    let names = "tables = { users = 'people', accounts = 'logins', sessions = 'visits', \
                 verification_tokens = 'links' }";
    let found = open(&format!(", {names}, snake_case = true")).await;
    assert!(found.is_ok(), "{}", found.unwrap_err());
    for (fewer, missing) in [
        (String::new(), "the table `User` is not there"),
        (
            format!(", {names}"),
            "the column `people.emailVerified` is not there; did you mean `email_verified`?",
        ),
    ] {
        let report = open(&fewer).await.unwrap_err().to_string();
        assert!(report.contains(missing), "{report}");
    }
    std::fs::remove_file(&path).unwrap();
}

/// What the doctor says of the tables that Prisma makes, by the profile that a file names.
#[tokio::test]
async fn the_doctor_says_of_another_adapters_tables_what_does_not_fit_and_which_would() {
    let path = std::env::temp_dir().join(format!("typegate-foreign-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut tables = options.connect().await.unwrap();
    let ddl = include_str!("../data/schemas/prisma_with_ids_and_dates.sqlite.sql");
    tables.execute(sqlx::raw_sql(ddl)).await.unwrap();
    let examine = async |schema: &str| {
        let url = format!("sqlite://{}", path.display());
        let adapter = format!("adapter = {{ url = '{url}', schema = '{schema}' }}");
        let provider = "[[providers]]\ntype = 'credentials'\nauthorize = 'directory'";
        let registry = registry().authorize("directory", |_: Value| async { Ok(None) });
        let found = configuration(&format!("{adapter}\n{provider}")).examine(&registry).await;
        let found = found.unwrap_or_else(|report| panic!("{report}")).into_iter();
        found.map(|found| (found.is_problem, found.is_warning, found.text)).collect::<Vec<_>>()
    };
    let found = examine("prisma_with_ids_and_dates").await;
    assert_eq!(found[0], (false, false, "it answers, and the tables fit".to_owned()));
    assert!(found.len() > 1 && found[1..].iter().all(|(problem, warning, _)| !problem && *warning));

    let found = examine("prisma").await;
    let [(true, false, text)] = found.as_slice() else { panic!("{found:?}") };
    let said = "in a configuration file `schema = \"prisma_with_ids_and_dates\"`, and not the one \
                that is given; name the `schema`, ";
    assert!(text.contains(said), "{text}");

    tables.execute("ALTER TABLE User RENAME COLUMN image TO picture").await.unwrap();
    let found = examine("prisma").await;
    let texts: Vec<&str> = found.iter().map(|(.., text)| text.as_str()).collect();
    for said in ["the column `User.image` is not there", "the column `Account.id` must not be null"]
    {
        assert!(texts.iter().any(|text| text.starts_with(said)), "{texts:?}");
    }
    std::fs::remove_file(&path).unwrap();
}
