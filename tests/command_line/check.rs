//! `typegate check`: what is wrong with a configuration, all of it.

use std::path::Path;
use std::process::Command;

use crate::support::{Folder, TYPEGATE, environment, sample, text, typegate};

#[test]
fn a_check_tells_everything_and_fails() {
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dynamic/broken/nothing.toml");
    for command in ["check", "serve"] {
        let output = typegate(&[command, "--config", broken.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.starts_with("error: NO_SECRET: "), "{told}");
        assert!(told.contains("error: NEXTAUTH_URL: ") && told.ends_with("\n3 errors\n"), "{told}");
    }
    let output = typegate(&["check", "--config", "/no/such/file.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the configuration cannot be read"));
}

#[test]
fn nothing_is_wrong_with_the_sample_once_it_has_its_environment() {
    let folder = Folder::new("sample");
    let check = |environment: Vec<(&str, String)>| {
        let mut command = Command::new(TYPEGATE);
        command.args(["check", "--config"]).arg(sample()).env_clear().envs(environment);
        command.output().unwrap()
    };
    let output = check(environment(&folder));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("auth.toml: nothing is wrong\n"));
    let output = check(Vec::new());
    assert!(text(&output.stderr).ends_with("\n9 errors\n"), "{}", text(&output.stderr));
}

/// Files are made from files of variables, by editors and by `echo`.
#[test]
fn a_file_of_a_secret_is_judged_as_a_variable_is() {
    let folder = Folder::new("secret-file");
    let long = "k3y-material-that-is-long-enough-for-a-secret";
    let file = folder.0.join("secret");
    let configuration = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         previous_secrets = [{{ file = '{0}' }}]\n[[providers]]\ntype = 'github'\n\
         client_id = 'a'\nclient_secret = {{ file = '{0}' }}\n",
        file.display()
    );
    let configuration = folder.file("auth.toml", &configuration);
    let check = |content: &str| {
        std::fs::write(&file, content).unwrap();
        let mut command = Command::new(TYPEGATE);
        command.args(["check", &configuration]).env_clear().envs(environment(&folder));
        command.output().unwrap()
    };
    let good = check(&format!("{long}\r\n"));
    assert!(good.status.success(), "{}", text(&good.stderr));
    for (content, what) in [
        (format!("\"{long}\"\n"), "stands in quotation marks"),
        (format!("'{long}'"), "stands in quotation marks"),
        (format!(" {long}\n"), "begins or ends with spaces"),
        (format!("{long} \n"), "begins or ends with spaces"),
        (format!("NEXTAUTH_SECRET={long}\n"), "begins with the name of a variable"),
        (format!("export AUTH_SECRET={long}\n"), "begins with the name of a variable"),
        (format!("{long}\n{long}\n"), "has several lines"),
        ("${NEXTAUTH_SECRET}\n".to_owned(), "is a reference"),
    ] {
        let told = text(&check(&content).stderr);
        assert_eq!(told.matches(what).count(), 2, "{content}: {told}");
        assert!(told.contains(&format!("the secret's file {}", file.display())), "{told}");
        assert!(!told.contains(long), "{told}");
    }
}
