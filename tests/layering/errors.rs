//! Public errors: a `main` that returns one prints its `Debug`, which reads as `Display` does, with
//! the causes.

use std::fs;
use std::path::Path;

use super::sources;

/// The public types of a file that are errors, by a derive or by hand.
fn errors(text: &str) -> Vec<String> {
    let name = |rest: &str| rest.split(['<', '(', ' ', ';']).next().unwrap().to_owned();
    let mut found = Vec::new();
    let mut derives = "";
    for line in text.lines() {
        if line.starts_with("#[derive(") {
            derives = line;
        }
        let declared = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "));
        if let Some(rest) = declared {
            found.extend(derives.contains("thiserror::Error").then(|| name(rest)));
        }
        if declared.is_some() || line.is_empty() {
            derives = "";
        }
        found.extend(line.strip_prefix("impl std::error::Error for ").map(name));
    }
    found.retain(|error| {
        ["struct", "enum"].iter().any(|kind| text.contains(&format!("\npub {kind} {error}")))
    });
    found
}

#[test]
fn the_debug_of_a_public_error_is_written_for_people() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    // Those that turn into all errors cannot be errors themselves.
    let mut all = vec!["CallbackError".to_owned(), "AuthorizeError".to_owned()];
    let mut written = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        all.extend(errors(&text));
        written.push_str(&text);
    }
    all.sort();
    for known in ["AdapterError", "ConfigError", "OAuthError", "ProfileError", "Report"] {
        assert!(all.iter().any(|error| error == known), "`{known}` was not found in {all:?}");
    }
    let is_written = |error: &&String| {
        let ways =
            [format!("debug_as_display!({error});"), format!("impl fmt::Debug for {error} {{")];
        ways.iter().any(|way| written.contains(way))
    };
    let derived: Vec<&String> = all.iter().filter(|error| !is_written(error)).collect();
    assert!(derived.is_empty(), "`Debug` of {derived:?} is not written for people");
}
