//! Secrets of a configuration file: where they come from, and where they never appear.

use typegate::dynamic::{Configuration, Registry};

const REST: &str = r#"
    url = "https://app.example.com"
    [[providers]]
    type = "github"
    client_id = "app"
    client_secret = { registered = "client" }
"#;

fn configuration(secret: &str) -> Configuration {
    Configuration::from_toml("auth.toml", format!("secret = {secret}\n{REST}")).unwrap()
}

fn registry() -> Registry {
    Registry::new().secret("client", "canary")
}

#[test]
fn a_secret_is_read_from_a_file_without_the_newline_at_its_end() {
    let folder = std::env::temp_dir().join(format!("typegate-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("secret");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        configuration(&format!("{{ file = '{}' }}", file.display())).check(&registry())
    };
    assert!(check("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA\n").is_empty());
    // 31 bytes and a newline are 31 bytes.
    let report = check("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6c\n");
    assert!(report.violations()[0].cause().contains("31 bytes"), "{report}");
    for (text, what) in [
        ("${NEXTAUTH_SECRET}\n", "is a reference"),
        ("<your-secret>", "is a placeholder"),
        ("\u{feff}k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA", "U+FEFF"),
    ] {
        let report = check(text);
        assert!(report.violations()[0].cause().contains(what), "{report}");
        assert!(!report.to_string().contains("k3eF0"), "{report}");
    }
    assert!(check("\n").violations()[0].cause().contains("it is empty"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_secret_is_read_from_the_environment() {
    // Cargo sets this one; it is no secret and too short for one.
    let report = configuration(r#"{ env = "CARGO_PKG_NAME" }"#).check(&registry());
    assert!(report.violations()[0].cause().contains("8 bytes"), "{report}");
    let report = configuration(r#"{ env = "TYPEGATE_NO_SUCH_VARIABLE" }"#).check(&registry());
    assert!(report.violations()[0].cause().contains("TYPEGATE_NO_SUCH_VARIABLE"), "{report}");
}

#[test]
fn r110_nothing_that_was_read_prints_a_secret() {
    let text = format!("secret = \"canary\"\n{REST}");
    let configuration = Configuration::from_toml("auth.toml", text).unwrap();
    let report = configuration.check(&registry());
    let shown = format!("{configuration:?} {report:?} {report} {:?}", registry());
    assert!(!shown.contains("canary"), "{shown}");
}
