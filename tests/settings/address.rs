//! The address of a database: what the driver would ignore is an error.

use std::error::Error;

use typegate::adapter::{
    DatabaseOptions, DynamicAdapter, MemoryAdapter, MySqlAdapter, PostgresAdapter, RedisAdapter,
    SqliteAdapter,
};
use typegate::dynamic::{Configuration, Registry};

use crate::support::Numbers;

/// Nobody listens there.
const HOSTS: [&str; 2] =
    ["postgres://app:pa55w0rd@127.0.0.1:1/auth", "mysql://app:pa55w0rd@127.0.0.1:1/auth"];
const REDIS: &str = "redis://:pa55w0rd@127.0.0.1:1/0";

/// The adapter's error with its causes, of a connection that cannot be made.
async fn refusal(url: &str) -> String {
    let error: Box<dyn Error> = match url.split(':').next().unwrap() {
        "redis" | "rediss" | "unix" | "redis+unix" => {
            Box::new(RedisAdapter::connect(url, MemoryAdapter::new()).await.unwrap_err())
        }
        "mysql" | "mariadb" => Box::new(MySqlAdapter::connect(url).await.unwrap_err()),
        "sqlite" => Box::new(SqliteAdapter::connect(url).await.unwrap_err()),
        _ => Box::new(PostgresAdapter::connect(url).await.unwrap_err()),
    };
    let text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        assert!(text.contains(&format!(": {cause}")), "{text}");
        source = cause.source();
    }
    // What a `main` that returns the error prints.
    assert_eq!(format!("{error:?}"), text);
    text
}

fn is_about_a_parameter(refusal: &str) -> bool {
    refusal.contains("parameter")
}

#[tokio::test]
async fn r195_a_misspelt_parameter_never_connects() {
    for (url, right) in [
        (
            "postgres://app:pa55w0rd@127.0.0.1:1/auth?sslMode=VERIFY_IDENTITY",
            "`sslmode=verify-full`",
        ),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?tls=true", "`sslmode=verify-full`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?sslaccept=strict", "`sslmode=verify-full`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?sslmod=verify-full", "`sslmode=verify-full`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?ssl=true", "`sslmode=verify-full`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?schema=auth", "`options[search_path]=auth`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?pgbouncer=true", "`statement-cache-capacity=0`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?connection_limit=5", "max_connections"),
        (
            "mysql://app:pa55w0rd@127.0.0.1:1/auth?sslMode=VERIFY_IDENTITY",
            "`ssl-mode=VERIFY_IDENTITY`",
        ),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?tls=true", "`ssl-mode=VERIFY_IDENTITY`"),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?sslaccept=strict", "`ssl-mode=VERIFY_IDENTITY`"),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?sslmod=verify-full", "`ssl-mode=VERIFY_IDENTITY`"),
        ("mariadb://app:pa55w0rd@127.0.0.1:1/auth?useSSL=true", "`ssl-mode=VERIFY_IDENTITY`"),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?ssl=true", "`ssl-mode=VERIFY_IDENTITY`"),
        ("redis://:pa55w0rd@127.0.0.1:1/0?tls=true", "`rediss://`"),
        ("redis://:pa55w0rd@127.0.0.1:1/0?ssl=true", "`rediss://`"),
        ("redis://:pa55w0rd@127.0.0.1:1?db=3", "behind the host"),
        ("sqlite:///tmp/no.db?Mode=ro", "`mode=ro`"),
        ("sqlite:///tmp/no.db?journal_mode=WAL", "write-ahead"),
    ] {
        let refusal = refusal(url).await;
        assert!(is_about_a_parameter(&refusal), "{url}: {refusal}");
        assert!(refusal.contains(right), "{url}: {refusal}");
        assert!(!refusal.contains("pa55w0rd"), "{url}: {refusal}");
    }
}

#[tokio::test]
async fn r195_an_unknown_value_is_answered_with_the_right_one() {
    for (url, right) in [
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?sslmode=verify_full", "`sslmode=verify-full`"),
        (
            "postgres://app:pa55w0rd@127.0.0.1:1/auth?sslmode=VERIFY_IDENTITY",
            "`sslmode=verify-full`",
        ),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?sslmode=no-verify", "`sslmode=require`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?sslmode=", "`verify-full`"),
        ("postgres://app:pa55w0rd@127.0.0.1:1/auth?port=many", "a number"),
        (
            "mysql://app:pa55w0rd@127.0.0.1:1/auth?ssl-mode=VERIFY-IDENTITY",
            "`ssl-mode=VERIFY_IDENTITY`",
        ),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?sslmode=verify-full", "`ssl-mode=VERIFY_IDENTITY`"),
        ("mysql://app:pa55w0rd@127.0.0.1:1/auth?ssl-mode=require", "`ssl-mode=REQUIRED`"),
        ("sqlite:///tmp/no.db?mode=readonly", "`mode=ro`"),
        ("redis://127.0.0.1:1?protocol=resp4", "`protocol=resp3`"),
    ] {
        let refusal = refusal(url).await;
        assert!(is_about_a_parameter(&refusal), "{url}: {refusal}");
        assert!(refusal.contains(right), "{url}: {refusal}");
        assert!(!refusal.contains("pa55w0rd"), "{url}: {refusal}");
    }
}

#[tokio::test]
async fn r195_parameters_that_contradict_each_other_are_refused() {
    for query in [
        "sslmode=verify-full&sslmode=disable",
        "sslmode=verify-full&ssl-mode=prefer",
        "%73slmode=verify-full&sslmode=prefer",
    ] {
        let refusal = refusal(&format!("{}?{query}", HOSTS[0])).await;
        assert!(refusal.contains("contradict"), "{query}: {refusal}");
    }
    for query in ["host=db.example", "hostaddr=192.0.2.1", "user=root", "dbname=other", "port=2"] {
        let refusal = refusal(&format!("{}?{query}", HOSTS[0])).await;
        assert!(refusal.contains("contradict"), "{query}: {refusal}");
    }
    let mysql = refusal(&format!("{}?ssl-mode=REQUIRED&sslmode=DISABLED", HOSTS[1])).await;
    assert!(mysql.contains("contradict"), "{mysql}");
    let sqlite = refusal("sqlite:///tmp/no.db?mode=ro&mode=rwc").await;
    assert!(sqlite.contains("contradict"), "{sqlite}");
    // The same thing said twice is one thing.
    let twice = refusal(&format!("{}?sslmode=prefer&sslmode=PREFER&port=1", HOSTS[0])).await;
    assert!(!is_about_a_parameter(&twice), "{twice}");
}

#[tokio::test]
async fn r195_a_certificate_authority_without_a_check_is_refused() {
    for url in [
        "postgres://127.0.0.1:1/auth?sslrootcert=/etc/ca.pem",
        "postgres://127.0.0.1:1/auth?sslrootcert=/etc/ca.pem&sslmode=require",
        "mysql://127.0.0.1:1/auth?ssl-ca=/etc/ca.pem&ssl-mode=REQUIRED",
    ] {
        let refusal = refusal(url).await;
        assert!(refusal.contains("has no effect"), "{url}: {refusal}");
    }
}

#[tokio::test]
async fn r195_nothing_hides_behind_a_fragment_or_a_missing_slash() {
    for url in [
        "postgres://127.0.0.1:1/auth#?sslmode=verify-full",
        "mysql://127.0.0.1:1/auth#ssl-mode=VERIFY_IDENTITY",
        "redis://127.0.0.1:1/#insecure",
        "rediss://127.0.0.1:1/#insecure",
        "postgres:127.0.0.1:1/auth?sslmode=verify-full",
    ] {
        let refusal = refusal(url).await;
        assert!(refusal.contains("the address"), "{url}: {refusal}");
    }
}

#[tokio::test]
async fn r195_a_password_that_was_not_escaped_is_in_no_message() {
    for url in [
        "postgres://app:12?s3cr3t@127.0.0.1:1/auth",
        "postgres://app:12?s3cr3t&more=s3cr3t@127.0.0.1:1/auth?sslmode=verify-full",
        "postgres://app:12#s3cr3t@127.0.0.1:1/auth",
        "postgres://app:s3cr3t?x@127.0.0.1:1/auth",
        "postgres://127.0.0.1:1/auth?password=s3cr3t&passwort=s3cr3t",
        "postgres://127.0.0.1:1/auth?sslmode=s3cr3t@x",
        "mysql://app:12?s3cr3t@127.0.0.1:1/auth",
        "redis://:12?s3cr3t@127.0.0.1:1/0",
        "redis://:s3cr3t@127.0.0.1:1/s3cr3t",
        "sqlite:///tmp/no.db?key=s3cr3t",
    ] {
        let refusal = refusal(url).await;
        assert!(!refusal.contains("s3cr3t"), "{url}: {refusal}");
    }
}

/// Names that resemble a known one in every way that people misspell.
#[tokio::test]
async fn r195_no_spelling_of_a_parameter_is_ignored() {
    const KNOWN: [&[&str]; 2] = [
        &[
            "sslmode",
            "ssl-mode",
            "sslrootcert",
            "ssl-root-cert",
            "ssl-ca",
            "sslcert",
            "ssl-cert",
            "sslkey",
            "ssl-key",
            "statement-cache-capacity",
            "host",
            "hostaddr",
            "port",
            "dbname",
            "user",
            "password",
            "application_name",
            "options",
        ],
        &[
            "sslmode",
            "ssl-mode",
            "sslca",
            "ssl-ca",
            "charset",
            "collation",
            "sslcert",
            "ssl-cert",
            "sslkey",
            "ssl-key",
            "statement-cache-capacity",
            "socket",
            "timezone",
            "time-zone",
        ],
    ];
    let mut numbers = Numbers(195);
    let mut refused = 0;
    for _ in 0..400 {
        let which = numbers.below(2);
        let mut name: Vec<char> = numbers.one_of(KNOWN[which]).chars().collect();
        for _ in 0..=numbers.below(2) {
            let at = numbers.below(name.len());
            match numbers.below(5) {
                0 => name[at] = name[at].to_ascii_uppercase(),
                1 => name[at] = numbers.one_of(&["_", "-", "x", "s"]).chars().next().unwrap(),
                2 => name.insert(at, numbers.one_of(&["_", "-", "s"]).chars().next().unwrap()),
                3 if name.len() > 1 => drop(name.remove(at)),
                _ => name.extend(numbers.one_of(&["s", "_", "[]"]).chars()),
            }
        }
        let name: String = name.into_iter().collect();
        if KNOWN[which].contains(&name.as_str()) {
            continue;
        }
        let url = format!("{}?{name}=verify-full", HOSTS[which]);
        let refusal = refusal(&url).await;
        assert!(is_about_a_parameter(&refusal), "{url}: {refusal}");
        refused += 1;
    }
    assert!(refused > 200, "{refused}");
}

#[tokio::test]
async fn r195_every_door_judges_the_address() {
    let url = format!("{}?sslMode=VERIFY_IDENTITY", HOSTS[0]);
    let connected = DynamicAdapter::connect(&url, DatabaseOptions::default()).await;
    assert!(format!("{:?}", connected.unwrap_err()).contains("verify-full"));
    let text = "url = \"https://app.example.com\"\nsecret = { registered = \"secret\" }\n\
         [adapter]\nurl = { registered = \"database\" }\n\
         [[providers]]\ntype = \"github\"\nclient_id = \"id\"\n\
         client_secret = { registered = \"secret\" }\n";
    let registry = |address: &str| {
        Registry::new().secret("secret", crate::support::SECRET).secret("database", address)
    };
    let configuration = Configuration::from_toml("typegate.toml", text).unwrap();
    let report = configuration.check(&registry(&url)).to_string();
    assert!(report.contains("sslMode") && report.contains("`sslmode=verify-full`"), "{report}");
    assert!(!report.contains("pa55w0rd"), "{report}");
    let report = configuration.check(&registry(HOSTS[0]));
    assert!(report.is_empty(), "{report}");
    // Redis has no place in the file.
    assert!(is_about_a_parameter(&refusal(&format!("{REDIS}?tls=true")).await));
}
