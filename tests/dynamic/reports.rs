//! Reports of configurations that cannot work. Each file of `broken` has its report beside it,
//! compared word by word; `TYPEGATE_WRITE_REPORTS=1` writes them anew, to be read.

use std::fs;
use std::path::{Path, PathBuf};

use typegate::adapter::DynamicAdapter;
use typegate::dynamic::{Configuration, Registry};
use typegate::hooks::Callbacks;

use crate::combinations::{UsersAndSessions, UsersOnly};

/// What the files may refer to.
fn registry() -> Registry {
    Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .secret("short", "canary-secret")
        .secret("hs384", r#"{"kty":"oct","alg":"HS384","k":"canary"}"#)
        .secret("client", "s3cr3t")
        .authorize("directory", |_: serde_json::Value| async { Ok(None) })
        .send("mailer", |_| async { Ok(()) })
        .adapter("users-only", DynamicAdapter::of_users(UsersOnly))
        .adapter(
            "users-and-sessions",
            DynamicAdapter::of_users(UsersAndSessions).with_sessions(UsersAndSessions),
        )
        .callbacks("claims", Callbacks::new().jwt(|request| async move { Ok(request.token) }))
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dynamic/broken");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_configuration =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension != "txt");
    let mut files: Vec<_> = entries.filter(is_configuration).collect();
    files.sort();
    files
}

/// What is reported about a file.
fn report(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let read = if is_json { Configuration::from_json } else { Configuration::from_toml };
    match read(name.to_owned(), text) {
        Ok(configuration) => configuration.check(&registry()).to_string(),
        Err(report) => report.to_string(),
    }
}

#[test]
fn broken_configurations_are_explained() {
    let files = files();
    assert!(files.len() >= 10);
    for path in files {
        let told = format!("{}\n", report(&path));
        let mut expected = path.clone().into_os_string();
        expected.push(".txt");
        let expected = PathBuf::from(expected);
        if std::env::var_os("TYPEGATE_WRITE_REPORTS").is_some() {
            fs::write(&expected, &told).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(told, expected, "{}", path.display());
    }
}

#[test]
fn r110_no_report_shows_a_secret() {
    let mut with_canary = 0;
    for path in files() {
        with_canary += usize::from(fs::read_to_string(&path).unwrap().contains("canary"));
        assert!(!report(&path).to_lowercase().contains("canary"), "{}", path.display());
    }
    assert!(with_canary >= 3, "the files hold what must not be shown");
}
