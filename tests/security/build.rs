//! The build: lints, banned crates, the policy.

use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn r176_no_crate_of_the_workspace_may_be_unsafe() {
    let workspace = read("Cargo.toml");
    assert!(workspace.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"));
    let members = workspace.lines().find(|line| line.starts_with("members = ")).unwrap();
    let members: Vec<&str> = members.split('"').skip(1).step_by(2).collect();
    assert!(members.contains(&"."));
    for member in members {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true\n"), "{member} has lints of its own");
    }
}

#[test]
fn r178_no_crate_that_is_banned_is_in_the_lock_file() {
    let (rules, lock) = (read("deny.toml"), read("Cargo.lock"));
    let banned = rules.lines().find(|line| line.starts_with("deny = ")).unwrap();
    let banned: Vec<&str> = banned.split('"').skip(1).step_by(2).collect();
    assert!(banned.contains(&"rsa"));
    assert!(lock.contains("name = \"ring\"\n"));
    for name in banned {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name} is in Cargo.lock");
    }
}

#[test]
fn r180_there_is_a_policy() {
    let (manifest, policy) = (read("Cargo.toml"), read("SECURITY.md"));
    let repository = manifest.lines().find(|line| line.starts_with("repository = ")).unwrap();
    let repository = repository.split('"').nth(1).unwrap();
    assert!(policy.contains(&format!("{repository}/security/advisories/new")));
    let include = manifest.lines().find(|line| line.starts_with("include = ")).unwrap();
    assert!(include.contains("\"SECURITY.md\"") && include.contains("\"docs/**\""));
    for page in ["docs/security.md", "SECURITY.md"] {
        assert!(read("README.md").contains(&format!("({page})")), "README.md does not name {page}");
    }
    // What the page refers to is there.
    let (page, requirements) = (read("docs/security.md"), read("docs/security-requirements.md"));
    let anchor = |line: &str| {
        let heading = line.strip_prefix("## ")?.to_lowercase().replace(' ', "-");
        let is_kept = |c: &char| c.is_alphanumeric() || *c == '-';
        Some(heading.chars().filter(is_kept).collect::<String>())
    };
    let anchors: Vec<String> = requirements.lines().filter_map(anchor).collect();
    let named: Vec<&str> = page
        .split("(security-requirements.md#")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    assert!(named.len() > 10);
    for name in named {
        assert!(anchors.iter().any(|anchor| anchor == name), "there is no section `{name}`");
    }
}
