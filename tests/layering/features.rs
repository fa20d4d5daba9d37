//! Public methods behind a feature of Cargo: each has a stand-in for a program that forgot the
//! feature (`src/rule/feature.rs`), because the compiler explains a type that is left out, and of a
//! method says "not found".

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::sources;

/// A source file, with its path below `src`.
struct Source {
    path: PathBuf,
    text: String,
}

fn all_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter(|file| !file.ends_with("tests.rs") && !file.iter().any(|part| part == "tests"))
        .map(|file| Source {
            text: fs::read_to_string(&file).unwrap(),
            path: file.strip_prefix(&root).unwrap().to_owned(),
        })
        .collect()
}

/// The lines that stand behind `#[cfg(feature = ..)]` and the attributes after it.
fn gated_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> =
        text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines().collect();
    let is_gate = |line: &str| {
        line.starts_with("#[cfg(feature")
            || line.starts_with("#[cfg(any(") && line.contains("feature")
    };
    let starts: Vec<usize> =
        (0..lines.len()).filter(|index| is_gate(lines[*index].trim())).collect();
    starts.into_iter().filter_map(move |start| {
        let mut after = lines[start + 1..].iter();
        after.find(|line| !line.trim().starts_with("#[") && !line.trim().starts_with("//")).copied()
    })
}

/// The name of a public function, if the line begins one.
fn function(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("pub async fn "))?;
    rest.split(['(', '<']).next()
}

/// The folders and files of modules behind a feature, without their extension.
fn gated_modules(sources: &[Source]) -> Vec<PathBuf> {
    let mut modules = Vec::new();
    for Source { path, text } in sources {
        let folder = match path.file_stem().and_then(|name| name.to_str()) {
            Some("mod" | "lib") => path.parent().unwrap().to_owned(),
            _ => path.with_extension(""),
        };
        for line in gated_lines(text) {
            let Some((_, name)) = line.rsplit_once("mod ") else { continue };
            modules.extend(name.strip_suffix(';').map(|name| folder.join(name)));
        }
    }
    modules
}

/// The methods of `impl Type { .. }`, with the type.
fn inherent_methods(text: &str) -> Vec<(&str, &str)> {
    let mut methods = Vec::new();
    let mut owner = None;
    for line in text.lines() {
        if line.starts_with("impl") && line.ends_with('{') && !line.contains(" for ") {
            let header = line.strip_prefix("impl").unwrap();
            // Behind the parameters of the `impl`, in front of those of the type.
            let header = if header.starts_with('<') {
                header.split_once("> ").map_or("", |it| it.1)
            } else {
                header
            };
            owner = header.trim().split(['<', ' ']).next();
        } else if line == "}" {
            owner = None;
        }
        methods.extend(owner.zip(function(line)));
    }
    methods
}

#[test]
fn every_method_behind_a_feature_has_a_stand_in() {
    let sources = all_sources();
    let modules = gated_modules(&sources);
    assert!(modules.iter().any(|module| module.ends_with("email/smtp")), "{modules:?}");
    let is_gated =
        |path: &Path| modules.iter().any(|gate| path.with_extension("").starts_with(gate));
    let types: BTreeSet<&str> = sources
        .iter()
        .filter(|source| !is_gated(&source.path))
        .flat_map(|source| source.text.lines())
        .filter_map(|line| line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum ")))
        .filter_map(|rest| rest.split(['<', '(', ' ', ';']).next())
        .collect();

    let mut stand_ins = BTreeSet::new();
    let mut needed = BTreeSet::new();
    for Source { path, text } in &sources {
        for function in text.split("fn ").skip(1) {
            let signature = function.split('{').next().unwrap();
            if signature.contains("for<'a> Features<'a>:") {
                stand_ins.extend(signature.split(['(', '<']).next());
            }
        }
        if is_gated(path) {
            let methods = inherent_methods(text).into_iter();
            needed.extend(methods.filter(|(owner, _)| types.contains(owner)).map(|(_, name)| name));
        }
        needed.extend(gated_lines(text).filter(|line| line.starts_with(' ')).filter_map(function));
    }
    for name in ["smtp", "routes", "oauth2_client", "accept_auth_js_v5", "cluster"] {
        assert!(needed.contains(name), "`{name}` was not found in {needed:?}");
    }
    let without: Vec<&&str> = needed.iter().filter(|name| !stand_ins.contains(**name)).collect();
    assert!(
        without.is_empty(),
        "{without:?} are behind a feature: write a stand-in for each, as src/rule/feature.rs says"
    );
}
