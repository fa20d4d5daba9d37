//! Compatibility with next-auth 4, answer by answer.
//!
//! The scenarios in `scenarios/` are played against typegate, and its answers compared with those
//! of next-auth 4.24.15, which `tests/data/compat` keeps. A difference that `differences.json` does
//! not list fails, and so does a listed one that no longer occurs.
//!
//! With `TYPEGATE_TEST_NODE=$(command -v node)`, after `tests/compat/reference/setup`, the real
//! package is asked as well: whether it still answers what was recorded, and whether its client
//! does the same at both. `TYPEGATE_COMPAT_RECORD=1` in addition writes the recordings anew.

#![cfg(test)]
#![expect(clippy::string_slice, reason = "a test that meets a surprise fails")]

mod browser;
mod differences;
mod identity_provider;
mod page;
mod play;
mod profile;
mod scenario;
#[path = "../../examples/compat/server/mod.rs"]
mod server;
mod servers;
#[expect(dead_code, reason = "the flow tests sign with more keys")]
#[path = "../flow/support/signing.rs"]
mod signing;
mod transcript;

use std::fs;
use std::path::{Path, PathBuf};

use differences::{Agreements, Findings, changes, compare};
use identity_provider::IdentityProvider;
use play::play;
use profile::{DB, JWT, JWT_ADAPTER, Profile};
use servers::{Node, say};

fn recording(profile: &Profile) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/compat");
    folder.join(format!("{}.txt", profile.name))
}

/// Asks typegate and holds its answers against the recorded ones.
async fn typegate_answers_the_same(profile: &Profile) {
    let recorded = transcript::read(&fs::read_to_string(recording(profile)).unwrap());
    let provider = IdentityProvider::start().await;
    let site = servers::typegate(profile, &provider).await;
    let ours = play(&site, &provider, profile.name, &scenario::all()).await;
    let mut agreements = Agreements::of(profile.name);
    let findings = compare(&recorded, &ours, &mut agreements);
    say(&report(profile, &findings));
    assert!(
        findings.others.is_empty(),
        "{}: differences that nobody agreed to (- next-auth, + typegate):\n{}",
        profile.name,
        findings.others.join("\n")
    );
    let stale = agreements.stale();
    assert!(stale.is_empty(), "{}: agreed, but no longer so:\n{}", profile.name, stale.join("\n"));
}

/// The figures. What is agreed for every answer are headers and deleted check cookies, and log
/// entries besides; it is counted with its numbers below.
fn report(profile: &Profile, findings: &Findings) -> String {
    let Findings { requests, identical, agreed, same_for_browser, other_requests, .. } = findings;
    let besides = identical + findings.identical_but_for_uniform;
    let numbers: Vec<_> =
        findings.counts.iter().map(|(id, count)| format!("{id} ×{count}")).collect();
    format!(
        "{}: {requests} requests, {identical} identical; but for what is agreed for every answer: \
         {besides} identical, {agreed} agreed differences, {other_requests} others; \
         {same_for_browser} the same for a browser\n  {}\n",
        profile.name,
        numbers.join(", ")
    )
}

/// Asks the real package and holds its answers against the recorded ones, or records them.
async fn next_auth_answers_as_recorded(profile: &Profile) {
    let Some(node) = Node::find() else { return };
    let provider = IdentityProvider::start().await;
    let next_auth = node.next_auth(profile, &provider);
    let answers = play(&next_auth.site, &provider, profile.name, &scenario::all()).await;
    if std::env::var_os("TYPEGATE_COMPAT_RECORD").is_some() {
        fs::write(recording(profile), transcript::write(&answers)).unwrap();
        return;
    }
    let recorded = transcript::read(&fs::read_to_string(recording(profile)).unwrap());
    for (recorded, answered) in recorded.iter().zip(&answers) {
        assert_eq!(recorded.name, answered.name);
        let changes = changes(&recorded.lines, &answered.lines);
        assert!(changes.is_empty(), "{}: {changes:#?}", recorded.name);
    }
    assert_eq!(recorded.len(), answers.len());
}

#[tokio::test]
async fn typegate_answers_the_same_with_tokens() {
    typegate_answers_the_same(&JWT).await;
}

#[tokio::test]
async fn typegate_answers_the_same_with_tokens_and_an_adapter() {
    typegate_answers_the_same(&JWT_ADAPTER).await;
}

#[tokio::test]
async fn typegate_answers_the_same_with_database_sessions() {
    typegate_answers_the_same(&DB).await;
}

#[tokio::test]
async fn next_auth_answers_as_recorded_with_tokens() {
    next_auth_answers_as_recorded(&JWT).await;
}

#[tokio::test]
async fn next_auth_answers_as_recorded_with_tokens_and_an_adapter() {
    next_auth_answers_as_recorded(&JWT_ADAPTER).await;
}

#[tokio::test]
async fn next_auth_answers_as_recorded_with_database_sessions() {
    next_auth_answers_as_recorded(&DB).await;
}

#[tokio::test]
async fn the_client_of_next_auth_does_the_same_at_both() {
    let Some(node) = Node::find() else { return };
    for profile in [JWT, JWT_ADAPTER] {
        let provider = IdentityProvider::start().await;
        let next_auth = node.next_auth(&profile, &provider);
        let typegate = servers::typegate(&profile, &provider).await;
        let expected = node.client(&next_auth.site).await;
        let changes = changes(&expected, &node.client(&typegate).await);
        assert!(changes.is_empty(), "{}: {changes:#?}", profile.name);
        assert!(expected.len() > 40, "the client did little: {expected:#?}");
    }
}
