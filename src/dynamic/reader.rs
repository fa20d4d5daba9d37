//! Typed access to a tree: each getter says what it expected and what it found.

use super::document::{Entry, Node, Value, is_variable_name};
use super::key::Section;
use super::problem::{Problems, Spot};
use crate::runtime::environment::{environment, given};

/// A table whose keys are known.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    section: &'static Section,
    entries: &'a [Entry],
    path: String,
    /// Where the table stands.
    pub(super) spot: Spot,
}

/// A value and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    pub(super) node: &'a Node,
    pub(super) spot: Spot,
    pub(super) key_spot: Spot,
    /// How the setting is written.
    example: Option<String>,
}

/// A setting that was understood.
#[derive(Clone, Debug)]
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) spot: Spot,
}

impl<'a> Table<'a> {
    /// Takes a node as a table and reports keys that it does not have.
    pub(super) fn open(
        section: &'static Section,
        node: &'a Node,
        path: &str,
        problems: &mut Problems,
    ) -> Option<Self> {
        let spot = Spot { span: node.span.clone(), path: path.to_owned(), is_shown: false };
        let Value::Table(entries) = &node.value else {
            let kind = node.value.kind();
            problems.value(
                spot,
                format!("{} is a table, and this is {kind}", section.name_of(path)),
                format!("write {}", section.example),
            );
            return None;
        };
        let table = Self { section, entries, path: path.to_owned(), spot };
        for entry in entries {
            if section.key(&entry.key).is_none() {
                table.report_unknown(entry, problems);
            }
        }
        Some(table)
    }

    fn report_unknown(&self, entry: &Entry, problems: &mut Problems) {
        let key = entry.key.escape_debug();
        let advice = (self.section.advice)(&entry.key);
        let fix = match (advice, self.section.suggestion(&entry.key)) {
            (Some(advice), _) => advice.to_owned(),
            (None, Some(suggestion)) => suggestion,
            (None, None) => format!("the keys here are {}", self.section.names()),
        };
        let spot = self.key_spot(entry);
        let cause = format!("{} has no key `{key}`", self.section.name_of(&self.path));
        problems.value(spot, cause, fix);
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn key_spot(&self, entry: &Entry) -> Spot {
        Spot { span: entry.key_span.clone(), path: self.path_of(&entry.key), is_shown: true }
    }

    /// Whether the table has that key, which it may not know.
    pub(super) fn has(&self, key: &str) -> bool {
        self.section.key(key).is_some() && self.entries.iter().any(|entry| entry.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<Found<'a>> {
        debug_assert!(self.section.key(key).is_some(), "{key} is not in the table of keys");
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        let span = entry.value.span.clone();
        let spot = Spot { span, path: self.path_of(key), is_shown: true };
        let example = self.section.key(key).map(|known| format!("{key} = {}", known.example));
        Some(Found { node: &entry.value, spot, key_spot: self.key_spot(entry), example })
    }

    /// A text, or `{ env = "NAME" }`.
    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<Given<String>> {
        self.get(key)?.text(problems)
    }

    /// A text without which the table is of no use.
    pub(super) fn required(&self, key: &str, problems: &mut Problems) -> Option<Given<String>> {
        if self.get(key).is_none() {
            self.report_missing(key, problems);
        }
        self.text(key, problems)
    }

    pub(super) fn report_missing(&self, key: &str, problems: &mut Problems) {
        let example = self.section.key(key).map_or("", |key| key.example);
        problems.missing(
            self.spot.clone(),
            format!("{} has no `{key}`", self.section.name_of(&self.path)),
            format!("write `{key} = {example}`"),
        );
    }

    pub(super) fn boolean(&self, key: &str, problems: &mut Problems) -> Option<Given<bool>> {
        let found = self.get(key)?;
        match found.node.value {
            Value::Boolean(value) => Some(Given { value, spot: found.spot }),
            _ => found.unexpected("true or false", problems),
        }
    }

    /// A number of seconds.
    pub(super) fn seconds(&self, key: &str, problems: &mut Problems) -> Option<Given<u32>> {
        self.get(key)?.number("a whole number of seconds, not negative", problems)
    }

    /// A number of things.
    pub(super) fn count(&self, key: &str, problems: &mut Problems) -> Option<Given<u32>> {
        self.get(key)?.number("a whole number, not negative", problems)
    }

    /// The values of a list, or nothing if there is none.
    pub(super) fn list(&self, key: &str, problems: &mut Problems) -> Vec<Found<'a>> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let Value::List(nodes) = &found.node.value else {
            let _: Option<()> = found.unexpected("a list", problems);
            return Vec::new();
        };
        let item = |(index, node): (usize, &'a Node)| {
            let path = format!("{}[{index}]", found.spot.path);
            let spot = Spot { span: node.span.clone(), path, is_shown: true };
            Found { node, key_spot: spot.clone(), spot, example: None }
        };
        nodes.iter().enumerate().map(item).collect()
    }

    /// Texts of a list.
    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<Given<String>> {
        let items = self.list(key, problems);
        items.into_iter().filter_map(|item| item.text(problems)).collect()
    }

    /// A table below this one.
    pub(super) fn table(
        &self,
        key: &str,
        section: &'static Section,
        problems: &mut Problems,
    ) -> Option<Table<'a>> {
        self.get(key)?.table(section, problems)
    }

    /// Names and texts that the reader of the file chose.
    pub(super) fn free_table(&self, key: &str, problems: &mut Problems) -> Vec<(String, String)> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let Value::Table(entries) = &found.node.value else {
            let _: Option<()> = found.unexpected("a table of texts", problems);
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for entry in entries {
            let path = format!("{}.{}", found.spot.path, entry.key);
            let spot = Spot { span: entry.value.span.clone(), path, is_shown: true };
            let found = Found { node: &entry.value, key_spot: spot.clone(), spot, example: None };
            if let Some(text) = found.text(problems) {
                pairs.push((entry.key.clone(), text.value));
            }
        }
        pairs
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(
        &self,
        key: &str,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<Given<T>> {
        let text = self.text(key, problems)?;
        text.word(words, problems)
    }
}

impl Given<String> {
    /// The meaning of a word.
    pub(super) fn word<T: Copy>(
        self,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<Given<T>> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == self.value) {
            return Some(Given { value: *value, spot: self.spot });
        }
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let fix = match crate::error::spelling::closest(&self.value, known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => {
                format!("write one of {}", crate::error::spelling::listed(known.iter().copied()))
            }
        };
        let shown = self.value.escape_debug();
        problems.value(self.spot, format!("`{shown}` is not known here"), fix);
        None
    }
}

impl<'a> Found<'a> {
    pub(super) fn table(
        &self,
        section: &'static Section,
        problems: &mut Problems,
    ) -> Option<Table<'a>> {
        Table::open(section, self.node, &self.spot.path, problems)
    }

    pub(super) fn text(self, problems: &mut Problems) -> Option<Given<String>> {
        match &self.node.value {
            Value::Text(value) => Some(Given { value: value.clone(), spot: self.spot }),
            Value::Table(entries) => match entries.as_slice() {
                [Entry { key, value: Node { value: Value::Text(name), .. }, .. }]
                    if key == "env" =>
                {
                    match given(name, environment(name)) {
                        Ok(Some(value)) => Some(Given { value, spot: self.spot }),
                        Ok(None) => {
                            report_variable(self.spot, name, problems);
                            None
                        }
                        Err(error) => {
                            let fix = "remove what stands around the value";
                            problems.refused(self.spot.hidden(), &error, fix);
                            None
                        }
                    }
                }
                _ => self.unexpected("a text, or `{ env = \"NAME\" }`", problems),
            },
            _ => self.unexpected("a text", problems),
        }
    }

    fn number(self, expected: &str, problems: &mut Problems) -> Option<Given<u32>> {
        let value = match self.node.value {
            Value::Integer(number) => u32::try_from(number).ok(),
            _ => None,
        };
        match value {
            Some(value) => Some(Given { value, spot: self.spot }),
            None => self.unexpected(expected, problems),
        }
    }

    pub(super) fn unexpected<T>(self, expected: &str, problems: &mut Problems) -> Option<T> {
        let (kind, path) = (self.node.value.kind(), self.spot.path.clone());
        let cause = format!("`{path}` is {expected}, and this is {kind}");
        let fix = match &self.example {
            Some(example) => format!("write `{example}`"),
            None => format!("write {expected}"),
        };
        problems.value(self.spot.hidden(), cause, fix);
        None
    }
}

pub(super) fn report_variable(spot: Spot, name: &str, problems: &mut Problems) {
    if !is_variable_name(name) {
        let cause = "`env` is the name of an environment variable, such as ACME_SECRET";
        problems.value(spot.hidden(), cause, "write the name of a variable in capital letters");
        return;
    }
    problems.value(
        spot.hidden(),
        format!("the environment variable {name} is not set or empty"),
        format!("set {name} for this process"),
    );
}
