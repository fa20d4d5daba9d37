//! The security requirements: every test that docs/security-requirements.md names exists, every
//! requirement has a row, and every file of `tests` is compiled.

#![cfg(test)]

mod build;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Of the requirements.
const NUMBERS: RangeInclusive<u16> = 1..=227;

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security-requirements.md");
    fs::read_to_string(page).unwrap()
}

/// What is in a folder, without the packages that `setup` installs there.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| !path.ends_with("node_modules"))
}

/// The names of all functions of `src` and `tests`, and of the modules that `modules!` makes into
/// tests.
fn functions() -> HashSet<String> {
    fn read(folder: &Path, names: &mut HashSet<String>) {
        for path in entries(folder) {
            if path.is_dir() {
                read(&path, names);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let declared = text.split("fn ").skip(1).filter_map(|rest| {
                    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()
                });
                names.extend(declared.map(ToOwned::to_owned));
            }
        }
    }
    let mut names = HashSet::new();
    for folder in ["src", "tests"] {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut names);
    }
    names
}

/// What stands in backticks in the last cell of a row.
fn named_tests(row: &str) -> Vec<&str> {
    let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
    let quoted = cells.last().unwrap().split('`').skip(1).step_by(2);
    quoted.filter(|name| name.contains('_')).collect()
}

fn rows(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() >= 2)
}

#[test]
fn every_test_that_is_named_exists() {
    let (page, functions) = (page(), functions());
    let mut found = 0;
    for row in rows(&page) {
        for name in named_tests(row) {
            assert!(functions.contains(name), "there is no test `{name}`: {row}");
            found += 1;
        }
    }
    assert!(found > 100, "the tables were not found");
}

/// A file that no module names is compiled by nobody, and its tests pass for ever. So does a folder
/// without the `main.rs` that makes it a binary.
#[test]
fn every_file_of_tests_is_compiled() {
    fn is_rust(path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == "rs")
    }
    /// Holds the folder's files against its root module, and counts them.
    fn check(folder: &Path) -> usize {
        let roots = ["main.rs", "mod.rs"].map(|root| fs::read_to_string(folder.join(root)));
        let root = roots.into_iter().find_map(Result::ok);
        let mut count = 0;
        for path in entries(folder) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let found = if path.is_dir() { check(&path) } else { usize::from(is_rust(&path)) };
            if found > 0 && !["main", "mod"].contains(&name) {
                let root = root.as_deref().unwrap_or_default();
                assert!(
                    root.contains(&format!("mod {name};")),
                    "{} is in no module",
                    path.display()
                );
            }
            count += found;
        }
        count
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut count = 0;
    for path in entries(&tests) {
        assert!(!is_rust(&path), "{}: a test binary is a folder with a main.rs", path.display());
        if path.is_dir() {
            let found = check(&path);
            let is_binary = path.join("main.rs").exists();
            assert!(is_binary || found == 0, "{} has no main.rs", path.display());
            count += found;
        }
    }
    assert!(count > 100, "the tests were not found");
}

#[test]
fn every_requirement_has_one_row_and_a_test_or_a_reason() {
    let page = page();
    let mut numbers = BTreeSet::new();
    for row in rows(&page) {
        let Some(number) = row.strip_prefix("| R").and_then(|rest| rest.get(..3)) else { continue };
        assert!(numbers.insert(number.parse::<u16>().unwrap()), "{row}");
        let is_reasoned = row.contains("**open**") || row.contains("not applicable");
        assert!(!named_tests(row).is_empty() || is_reasoned, "{row}");
    }
    for number in NUMBERS {
        assert!(numbers.contains(&number), "R{number:03} has no row");
    }
}
