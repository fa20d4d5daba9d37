//! The documentation as files: links lead somewhere, the book has every page, and what is quoted is
//! what is there.

#![cfg(test)]

mod markdown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use markdown::Page;

/// Where the repository is on the web: a link to it is one to a file.
const REPOSITORY: &str = "https://github.com/typegate/typegate/blob/main/";

/// Folders that hold what others wrote or what a build left.
const FOREIGN: [&str; 6] = ["node_modules", "target", ".git", ".next", "corpus", "artifacts"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The pages below a folder, by their path in the repository.
fn pages(folder: &Path, found: &mut BTreeMap<PathBuf, Page>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !FOREIGN.contains(&name) {
            pages(&path, found);
        } else if name.ends_with(".md") {
            let page = Page::read(&fs::read_to_string(&path).unwrap());
            found.insert(path.strip_prefix(root()).unwrap().to_owned(), page);
        }
    }
}

fn all_pages() -> BTreeMap<PathBuf, Page> {
    let mut found = BTreeMap::new();
    pages(root(), &mut found);
    assert!(found.len() > 20, "{} pages", found.len());
    found
}

/// `docs/../README.md` is `README.md`; nothing if it is outside the repository.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir if !normal.pop() => return None,
            Component::Normal(name) => normal.push(name),
            _ => {}
        }
    }
    Some(normal)
}

/// What is wrong with a link of that page.
fn broken(pages: &BTreeMap<PathBuf, Page>, from: &Path, link: &str) -> Option<String> {
    let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = match (target.strip_prefix(REPOSITORY), target) {
        (Some(path), _) => PathBuf::from(path),
        (None, "") => from.to_owned(),
        (None, _) if target.contains(':') => return None,
        (None, _) => from.parent().unwrap().join(target),
    };
    let Some(path) = normal(&path).filter(|path| root().join(path).exists()) else {
        return Some(format!("{}: `{link}` leads to no file", from.display()));
    };
    let is_there = match pages.get(&path) {
        _ if anchor.is_empty() => true,
        Some(page) => page.anchors.contains(anchor),
        None => false,
    };
    (!is_there).then(|| format!("{}: `{link}` leads to no heading", from.display()))
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let pages = all_pages();
    let links =
        pages.iter().flat_map(|(from, page)| page.links.iter().map(move |link| (from, link)));
    let broken: Vec<_> = links.filter_map(|(from, link)| broken(&pages, from, link)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Rustdoc shows these pages under another address, where a relative link leads to nothing.
#[test]
fn a_page_that_rustdoc_shows_has_no_relative_links() {
    let source = read("src/lib.rs");
    let mut shown = 0;
    for line in source.lines() {
        let page = line.strip_prefix("#[doc = include_str!(\"../");
        let Some(page) = page.and_then(|rest| rest.split('"').next()) else { continue };
        shown += 1;
        for link in Page::read(&read(page)).links {
            assert!(link.contains(':') || link.starts_with('#'), "{page}: `{link}`");
        }
    }
    assert!(shown > 0);
}

/// Rust on a page is compiled by `src/lib.rs`, unless it says `ignore` because another test has it.
#[test]
fn rust_on_a_page_is_compiled() {
    let ignored =
        ["docs/actix.md", "docs/operation.md", "docs/start.md", "docs/your-own-database.md"];
    let source = read("src/lib.rs");
    for path in all_pages().into_keys() {
        let path = path.to_str().unwrap();
        if path != "README.md" && !path.starts_with("docs/") {
            continue;
        }
        let text = read(path);
        let mut blocks = text.lines().filter(|line| line.starts_with("```rust"));
        if blocks.clone().any(|line| line.contains("ignore")) {
            assert!(ignored.contains(&path), "{path} has Rust that nobody compiles");
        }
        if blocks.any(|line| !line.contains("ignore")) {
            let is_there = source.contains(&format!("\"../{path}\""));
            assert!(is_there, "{path} has Rust: name it among the pages of src/lib.rs");
        }
    }
}

#[test]
fn the_book_and_the_readme_lead_to_every_page() {
    let names = fs::read_dir(root().join("docs")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> =
        names.filter(|name| name.ends_with(".md") && name != "SUMMARY.md").collect();
    let book: Vec<String> = Page::read(&read("docs/SUMMARY.md")).links;
    let once: BTreeSet<String> = book.iter().cloned().collect();
    assert_eq!(book.len(), once.len(), "a page is in the book twice");
    assert_eq!(once, pages);

    let readme = Page::read(&read("README.md")).links;
    for page in pages {
        for link in Page::read(&read(&format!("docs/{page}"))).links {
            assert!(!link.starts_with("../"), "{page}: `{link}` is not in the book");
        }
        let link = format!("docs/{page}");
        assert!(readme.contains(&link), "the README does not lead to {link}");
    }
}

#[test]
fn the_layer_for_forms_is_that_of_the_example() {
    let page = read("docs/databases.md");
    let block = page.split("```rust\n").find(|block| block.contains("async fn from_own_pages"));
    let shown = block.and_then(|block| block.split("```").next()?.split_once("\n\n"));
    let (_, layer) = shown.unwrap();
    assert!(read("examples/devices_and_roles.rs").contains(layer), "the example has no\n{layer}");
}

/// The README leaves out lines of the text that `ui-tests` compares, and changes none.
#[test]
fn the_error_in_the_readme_is_what_the_compiler_says() {
    let readme = read("README.md");
    let shown = readme.split("```text\n").find(|block| block.starts_with("error[")).unwrap();
    let shown: Vec<&str> = shown.split("```").next().unwrap().lines().collect();
    assert!(shown.len() > 5);
    let said = read("ui-tests/tests/fail/04_credentials_sessions/default_with_adapter.stderr");
    let mut said = said.lines();
    for line in shown {
        assert!(said.any(|other| other == line), "the compiler does not say `{line}` there");
    }
}

#[test]
fn the_first_program_of_the_book_is_an_example_that_compiles() {
    let page = read("docs/start.md");
    let shown = page.split("```rust,ignore\n").nth(1).and_then(|rest| rest.split("```").next());
    let example = read("examples/minimal.rs");
    let program = example.split_once("\n\nuse ").map(|(_, program)| format!("use {program}"));
    assert_eq!(shown, program.as_deref());
}

#[test]
fn what_the_page_on_operation_quotes_is_in_the_example() {
    let page = read("docs/operation.md");
    let folder = "examples/opentelemetry";
    let example = ["main", "telemetry"].map(|name| read(&format!("{folder}/src/{name}.rs")));
    let quoted = page.split("```rust,ignore\n").skip(1);
    let quoted: Vec<&str> = quoted.filter_map(|rest| rest.split("```").next()).collect();
    assert!(quoted.len() > 3);
    for quoted in quoted {
        assert!(example.iter().any(|file| file.contains(quoted)), "no file has\n{quoted}");
    }
    let manifest = read(&format!("{folder}/Cargo.toml"));
    let shown =
        page.split("```toml\nopentelemetry").nth(1).and_then(|rest| rest.split("```").next());
    for line in shown.unwrap().lines().skip(1) {
        assert!(manifest.lines().any(|other| other == line), "the example has no `{line}`");
    }
}

#[test]
fn what_the_page_on_frameworks_quotes_is_in_the_examples() {
    let page = read("docs/actix.md");
    let examples = [read("examples/actix/src/main.rs"), read("examples/hyper.rs")];
    let quoted = page.split("```rust,ignore\n").skip(1);
    let quoted: Vec<&str> = quoted.filter_map(|rest| rest.split("```").next()).collect();
    assert!(quoted.len() > 1);
    for quoted in quoted {
        let is_there = examples.iter().any(|example| example.contains(quoted));
        assert!(is_there, "no example has\n{quoted}");
    }
    // What it lists of dependencies is what the file that is copied needs.
    let manifest = read("examples/actix/Cargo.toml");
    let shown = page.split("[dependencies]\n").nth(1).and_then(|rest| rest.split("```").next());
    let needed = manifest.split("[dependencies]\n").nth(1);
    let needed = needed.and_then(|rest| rest.split("\n\n").next());
    let names = |list: &str| -> Vec<String> {
        list.lines().filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
    };
    assert_eq!(names(shown.unwrap()), names(needed.unwrap()));
}
