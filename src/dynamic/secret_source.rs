//! Sources of secrets: never the configuration itself.

use std::collections::HashMap;
use std::fs;

use super::document::{Entry, Node, Value, is_path};
use super::problem::Problems;
use super::reader::{Found, Given, Table, report_variable};
use crate::crypto::secret::{ClientSecret, Secret};
use crate::error::ConfigError;
use crate::runtime::environment::{environment, given};
use crate::runtime::oddity::Oddity;

/// What an application registered by name.
pub(super) type RegisteredSecrets = HashMap<String, ClientSecret>;

const FORMS: &str = "`{ env = \"NAME\" }`, `{ file = \"/run/secrets/name\" }` or \
                     `{ registered = \"name\" }`";

impl Table<'_> {
    /// A secret; its spot shows nothing.
    pub(super) fn secret(
        &self,
        key: &str,
        registered: &RegisteredSecrets,
        problems: &mut Problems,
    ) -> Option<Given<ClientSecret>> {
        read(self.get(key)?, Meaning::of(key), registered, problems)
    }

    /// The address of a server, which stands in the configuration if it holds no password.
    pub(super) fn address(
        &self,
        key: &str,
        registered: &RegisteredSecrets,
        problems: &mut Problems,
    ) -> Option<Given<String>> {
        let found = self.get(key)?;
        let Value::Text(text) = &found.node.value else {
            let secret = read(found, Meaning::Text, registered, problems)?;
            return Some(Given { value: secret.value.expose().to_owned(), spot: secret.spot });
        };
        if url::Url::parse(text).is_ok_and(|url| url.password().is_some()) {
            let cause = format!(
                "`{}` holds a password, and a secret does not stand in a configuration",
                found.spot.path
            );
            problems.value(found.spot.hidden(), cause, format!("write {FORMS}"));
            return None;
        }
        Some(Given { value: text.clone(), spot: found.spot })
    }

    /// A list of secrets.
    pub(super) fn secrets(
        &self,
        key: &str,
        registered: &RegisteredSecrets,
        problems: &mut Problems,
    ) -> Vec<Given<ClientSecret>> {
        let items = self.list(key, problems);
        let read = |item| read(item, Meaning::of(key), registered, problems);
        items.into_iter().filter_map(read).collect()
    }
}

/// What the value of a variable is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Meaning {
    /// The application's own secret: every byte counts.
    KeyMaterial,
    Text,
}

impl Meaning {
    fn of(key: &str) -> Self {
        match key {
            "secret" | "previous_secrets" => Self::KeyMaterial,
            _ => Self::Text,
        }
    }

    fn of_variable(self, name: &str) -> Result<Option<String>, ConfigError> {
        let value = environment(name);
        if let (Self::KeyMaterial, Some(value)) = (self, &value) {
            Secret::check_variable(name, value)?;
        }
        given(name, value)
    }
}

/// A path, and nothing that may be a secret in its place.
fn shown(path: &str) -> String {
    if is_path(path) { format!(" {}", path.escape_debug()) } else { String::new() }
}

fn read(
    found: Found<'_>,
    meaning: Meaning,
    registered: &RegisteredSecrets,
    problems: &mut Problems,
) -> Option<Given<ClientSecret>> {
    let path = found.spot.path.clone();
    let spot = found.spot.clone().hidden();
    let entries = match &found.node.value {
        Value::Text(_) => {
            let cause =
                format!("`{path}` is a secret, and a secret does not stand in a configuration");
            problems.value(spot, cause, format!("write {FORMS}"));
            return None;
        }
        Value::Table(entries) => entries.as_slice(),
        _ => return found.unexpected(FORMS, problems),
    };
    let [Entry { key, value: Node { value: Value::Text(name), .. }, .. }] = entries else {
        return found.unexpected(FORMS, problems);
    };
    let value = match key.as_str() {
        "env" => match meaning.of_variable(name) {
            Ok(Some(value)) => ClientSecret::new(value),
            Ok(None) => {
                report_variable(spot, name, problems);
                return None;
            }
            Err(error) => {
                problems.refused(spot, &error, "do what the message says");
                return None;
            }
        },
        "file" => match fs::read_to_string(name) {
            // Editors and `echo` end a file with a newline that belongs to no secret.
            Ok(text) if !text.trim_end_matches(['\r', '\n']).is_empty() => {
                let text = text.trim_end_matches(['\r', '\n']);
                if let Some(oddity) = Oddity::of(text) {
                    let what = oddity.what();
                    let cause = format!("what the secret's file{} holds {what}", shown(name));
                    problems.value(spot, cause, oddity.fix());
                    return None;
                }
                ClientSecret::new(text)
            }
            outcome => {
                let why = outcome.map_or_else(|error| error.to_string(), |_| "it is empty".into());
                let cause = format!("the secret's file{} cannot be read: {why}", shown(name));
                problems.value(
                    spot,
                    cause,
                    "write the path of a text file that this process can read",
                );
                return None;
            }
        },
        "registered" => match registered.get(name) {
            Some(secret) => secret.clone(),
            None => {
                let name = name.escape_debug();
                let cause = format!("no secret is registered under the name `{name}`");
                problems.value(spot, cause, "register it: `Registry::secret(name, value)`");
                return None;
            }
        },
        _ => return found.unexpected(FORMS, problems),
    };
    Some(Given { value, spot })
}
