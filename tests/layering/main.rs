//! The layers of the house: reads the imports of `src` and fails on an upward or a circular one.

#![cfg(test)]

mod errors;
mod features;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of docs/design.md, lowest first.
const LAYERS: [&[&str]; 9] = [
    &["crypto", "error", "json", "model", "rule", "runtime", "setting", "theme"],
    &["jose", "web"],
    &["oauth"],
    &["adapter", "hooks", "log", "rate_limit", "session"],
    &["provider"],
    &["config", "dynamic"],
    &["flow"],
    &["auth"],
    &["bin", "client", "serve", "testing"],
];

/// What the façade re-exports under a short name and modules may use by it.
const FACADE: [(&str, &str); 1] = [("Auth", "config")];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// A use of one top-level module by another.
struct Use {
    from: String,
    to: String,
    place: String,
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every `crate::…` outside comments and unit tests.
fn uses() -> Vec<Use> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut uses = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let from = first.trim_end_matches(".rs").to_owned();
        let is_test = relative.iter().any(|part| part == "tests" || part == "tests.rs");
        if from == "lib" || is_test {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap();
            for rest in line.split("crate::").skip(1) {
                let name: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let facade = FACADE.iter().find(|(short, _)| *short == name);
                let to = facade.map_or(name, |(_, module)| (*module).to_owned());
                let place = format!("src/{}:{}", relative.display(), number + 1);
                if to != from {
                    uses.push(Use { from: from.clone(), to, place });
                }
            }
        }
    }
    uses
}

#[test]
fn every_module_has_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(module == "lib" || layer(module).is_some(), "`{module}` has no layer");
    }
}

#[test]
fn no_module_uses_a_higher_layer() {
    let uses = uses();
    assert!(uses.len() > 100, "the imports were not found");
    let upward: Vec<String> = uses
        .iter()
        .filter(|Use { from, to, .. }| layer(to).is_none() || layer(to) > layer(from))
        .map(|Use { from, to, place }| format!("{place}: `{from}` uses `{to}`"))
        .collect();
    assert!(upward.is_empty(), "\n{}", upward.join("\n"));
}

#[test]
fn no_modules_of_one_layer_use_each_other_in_a_circle() {
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let uses = uses();
    for Use { from, to, .. } in uses.iter().filter(|used| layer(&used.from) == layer(&used.to)) {
        edges.entry(from).or_default().insert(to);
    }
    // What can be reached from a module must not contain the module.
    for start in edges.keys() {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&str> = edges[start].iter().copied().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module) {
                next.extend(edges.get(module).into_iter().flatten());
            }
        }
        assert!(!reached.contains(start), "`{start}` uses itself by way of {reached:?}");
    }
}

/// The relying party takes plain values and returns plain values. Of the wire it uses locations,
/// forms and outgoing HTTP; what NextAuth answers a browser with is the flows' business.
#[test]
fn the_relying_party_knows_nothing_of_nextauth() {
    const NOT_ITS_OWN: [&str; 6] =
        ["Context", "ErrorCode", "PageError", "Reply", "ResolvedCookie", "SetCookie"];
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/oauth"), &mut files);
    assert!(files.iter().any(|file| file.ends_with("relying_party.rs")), "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            let code = line.split("//").next().unwrap();
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let found = words.find(|word| NOT_ITS_OWN.contains(word));
            assert_eq!(found, None, "{}: {line}", file.display());
        }
    }
}

/// Text from outside reaches a log through `log`, which makes one harmless line of it.
#[test]
fn r198_nothing_else_writes_to_tracing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut writers = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let relative = file.strip_prefix(&root).unwrap();
        let macros = ["error", "warn", "info", "debug", "trace", "event"];
        if macros.iter().any(|name| text.contains(&format!("tracing::{name}!"))) {
            writers.insert(relative.iter().next().unwrap().to_str().unwrap().to_owned());
        }
        // The fields of spans are written, too, and these have none from outside.
        if text.contains("span!") || text.contains("instrument]") {
            assert_eq!(relative, Path::new("runtime/span.rs"));
        }
    }
    assert_eq!(writers, BTreeSet::from(["bin".to_owned(), "log".to_owned()]));
}
