//! Differences between two transcripts, and whether each was agreed.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::transcript::Entry;

/// A deviation that `docs/differences-from-nextauth-v4.md` explains.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agreement {
    /// The security requirement, e.g. R009, or a name for what has no number.
    pub(crate) id: String,
    /// The section of the document.
    heading: String,
    /// The start of the row or sentence there.
    explained_by: String,
    pub(crate) why: String,
    /// Whether it shows in so many answers that the rest is worth a figure of its own.
    #[serde(default)]
    pub(crate) uniform: bool,
    /// The profiles where it shows; none are all.
    #[serde(default)]
    profiles: Vec<String>,
    /// The requests where it shows; `*` stands for any text, here and below.
    requests: Vec<String>,
    /// Lines of the real package that are missing.
    #[serde(default)]
    missing: Vec<String>,
    /// Lines that typegate has in their place or besides.
    #[serde(default)]
    added: Vec<String>,
    /// Lines that both have, at another place among the others.
    #[serde(default)]
    moved: Vec<String>,
}

/// A line that only one side has, or that stands elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    Missing(String),
    Added(String),
    Moved(String),
}

impl Change {
    /// Whether the line is part of the answer.
    fn shows_in_browser(&self) -> bool {
        let (Self::Missing(line) | Self::Added(line) | Self::Moved(line)) = self;
        !line.starts_with("call ") && !line.starts_with("provider ")
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Missing(line) => format!("- {line}"),
            Self::Added(line) => format!("+ {line}"),
            Self::Moved(line) => format!("~ {line}"),
        }
    }
}

/// The lines that are not common to both, in order: a longest common subsequence is.
pub(crate) fn changes(recorded: &[String], ours: &[String]) -> Vec<Change> {
    let mut lengths = vec![vec![0_usize; ours.len() + 1]; recorded.len() + 1];
    for (i, line) in recorded.iter().enumerate().rev() {
        for (j, other) in ours.iter().enumerate().rev() {
            lengths[i][j] = if line == other {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut changes: Vec<Change> = Vec::new();
    let mut note = |change: Change, opposite: Change| match changes
        .iter_mut()
        .find(|known| **known == opposite)
    {
        Some(known) => {
            let (Change::Missing(line) | Change::Added(line) | Change::Moved(line)) = change;
            *known = Change::Moved(line);
        }
        None => changes.push(change),
    };
    while i < recorded.len() || j < ours.len() {
        if i < recorded.len() && j < ours.len() && recorded[i] == ours[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == ours.len() || (i < recorded.len() && lengths[i + 1][j] >= lengths[i][j + 1])
        {
            let line = &recorded[i];
            note(Change::Missing(line.clone()), Change::Added(line.clone()));
            i += 1;
        } else {
            let line = &ours[j];
            note(Change::Added(line.clone()), Change::Missing(line.clone()));
            j += 1;
        }
    }
    changes
}

/// Whether `text` has the shape of `pattern`, where `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    (0..=text.len())
        .filter(|end| text.is_char_boundary(*end))
        .any(|end| matches(rest, &text[end..]))
}

/// The reviewed list, and what of it has been met.
pub(crate) struct Agreements {
    list: Vec<Agreement>,
    /// For each agreement: its requests, missing, added and moved lines that have been met.
    met: Vec<[Vec<bool>; 4]>,
}

impl Agreements {
    /// Those that are about a profile.
    pub(crate) fn of(profile: &str) -> Self {
        let list: Vec<_> = all()
            .into_iter()
            .filter(|agreement| {
                agreement.profiles.is_empty()
                    || agreement.profiles.iter().any(|name| name == profile)
            })
            .collect();
        let met = list
            .iter()
            .map(|Agreement { requests, missing, added, moved, .. }| {
                [requests, missing, added, moved].map(|patterns| vec![false; patterns.len()])
            })
            .collect();
        Self { list, met }
    }

    /// The agreement that a difference falls under.
    pub(crate) fn explain(&mut self, request: &str, change: &Change) -> Option<&Agreement> {
        for (agreement, met) in self.list.iter().zip(&mut self.met) {
            let (side, patterns, line) = match change {
                Change::Missing(line) => (1, &agreement.missing, line),
                Change::Added(line) => (2, &agreement.added, line),
                Change::Moved(line) => (3, &agreement.moved, line),
            };
            let asked = agreement.requests.iter().position(|pattern| matches(pattern, request));
            let found = patterns.iter().position(|pattern| matches(pattern, line));
            if let (Some(asked), Some(found)) = (asked, found) {
                met[0][asked] = true;
                met[side][found] = true;
                return Some(agreement);
            }
        }
        None
    }

    /// What is agreed and does not occur.
    pub(crate) fn stale(&self) -> Vec<String> {
        let mut stale = Vec::new();
        for (agreement, met) in self.list.iter().zip(&self.met) {
            let Agreement { id, requests, missing, added, moved, .. } = agreement;
            for (patterns, met) in [requests, missing, added, moved].into_iter().zip(met) {
                let unmet = patterns.iter().zip(met).filter(|(_, met)| !**met);
                stale.extend(unmet.map(|(pattern, _)| format!("{id}: {pattern}")));
            }
        }
        stale
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn all() -> Vec<Agreement> {
    serde_json::from_str(&read("tests/compat/differences.json")).unwrap()
}

#[test]
fn every_agreed_difference_is_explained() {
    let document = read("docs/differences-from-nextauth-v4.md");
    for Agreement { id, heading, explained_by, why, .. } in all() {
        let (_, section) = document
            .split_once(&format!("\n## {heading}\n"))
            .unwrap_or_else(|| panic!("{id}: no section “{heading}”"));
        let section = section.split("\n## ").next().unwrap();
        assert!(section.contains(&explained_by), "{id}: “{heading}” does not say “{explained_by}”");
        assert!(!why.is_empty(), "{id}: no reason");
    }
}

#[test]
fn a_pattern_stands_for_what_it_says() {
    assert!(matches("a*c", "abbc"));
    assert!(matches("*", ""));
    assert!(!matches("a*c", "abbcd"));
    assert!(!matches("a", "ab"));
}

#[test]
fn one_changed_line_is_two_changes() {
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let changed = changes(&lines("a b c"), &lines("a x c"));
    assert_eq!(changed, [Change::Missing("b".into()), Change::Added("x".into())]);
    assert_eq!(changes(&lines("a b"), &lines("a b")), []);
    assert_eq!(changes(&lines("a b c"), &lines("b c a")), [Change::Moved("a".into())]);
}

/// What a comparison found.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) requests: usize,
    /// Nothing differs.
    pub(crate) identical: usize,
    /// Only what is agreed uniformly differs.
    pub(crate) identical_but_for_uniform: usize,
    /// Besides, what the application or the provider sees may differ: a browser cannot tell.
    pub(crate) same_for_browser: usize,
    /// What differs otherwise, and is agreed.
    pub(crate) agreed: usize,
    /// Each agreement's id, and in how many requests it shows.
    pub(crate) counts: Vec<(String, usize)>,
    /// The lines that nobody agreed to.
    pub(crate) others: Vec<String>,
    pub(crate) other_requests: usize,
}

/// Holds one transcript against the other.
pub(crate) fn compare(recorded: &[Entry], ours: &[Entry], agreements: &mut Agreements) -> Findings {
    let mut findings = Findings::default();
    for (name, recorded, ours) in pairs(recorded, ours) {
        findings.requests += 1;
        let mut agreed: Vec<(String, bool)> = Vec::new();
        let mut others = Vec::new();
        let mut shows_in_browser = false;
        for change in changes(recorded, ours) {
            match agreements.explain(name, &change) {
                Some(Agreement { id, uniform, .. }) => {
                    shows_in_browser |= !uniform && change.shows_in_browser();
                    if !agreed.iter().any(|(known, _)| known == id) {
                        agreed.push((id.clone(), *uniform));
                    }
                }
                None => others.push(format!("    {}", change.describe())),
            }
        }
        for (id, _) in &agreed {
            match findings.counts.iter_mut().find(|(known, _)| known == id) {
                Some((_, count)) => *count += 1,
                None => findings.counts.push((id.clone(), 1)),
            }
        }
        if others.is_empty() && !shows_in_browser {
            findings.same_for_browser += 1;
        }
        if !others.is_empty() {
            findings.other_requests += 1;
            findings.others.push(name.to_owned());
            findings.others.append(&mut others);
        } else if agreed.is_empty() {
            findings.identical += 1;
        } else if agreed.iter().all(|(_, uniform)| *uniform) {
            findings.identical_but_for_uniform += 1;
        } else {
            findings.agreed += 1;
        }
    }
    findings
}

/// Both transcripts side by side. A request that only one side got to has no lines on the other:
/// a sign-in that fails on the way to the provider never comes back.
fn pairs<'a>(
    recorded: &'a [Entry],
    ours: &'a [Entry],
) -> impl Iterator<Item = (&'a str, &'a [String], &'a [String])> {
    let lines = |entries: &'a [Entry], name: &str| -> &'a [String] {
        entries.iter().find(|entry| entry.name == name).map_or(&[], |entry| &entry.lines)
    };
    let only_ours =
        ours.iter().filter(|ours| !recorded.iter().any(|entry| entry.name == ours.name));
    recorded
        .iter()
        .chain(only_ours)
        .map(move |Entry { name, .. }| (name.as_str(), lines(recorded, name), lines(ours, name)))
}
