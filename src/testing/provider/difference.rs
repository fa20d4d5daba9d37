//! The differences between what was expected and what came.

use std::fmt;

use serde_json::Value;

use crate::model::JsonObject;

/// A member that is other than expected.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// Which member, and of what: "the user's `name`".
    pub place: String,
    /// What was expected; none if nobody expected anything.
    pub expected: Option<Value>,
    /// What is there; none if nothing is.
    pub found: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, expected, found } = self;
        match (expected, found) {
            (Some(expected), Some(found)) => {
                write!(f, "{place} is {found}, expected was {expected}")
            }
            (Some(expected), None) => write!(f, "{place} is missing, expected was {expected}"),
            (None, Some(found)) => write!(f, "{place} is {found}, which nobody expected"),
            (None, None) => write!(f, "{place} is missing"),
        }
    }
}

/// The members that differ; the whole, if what is expected has no members.
pub(super) fn compared(
    what: &str,
    found: JsonObject,
    expected: &Value,
    only_listed: bool,
) -> Vec<Difference> {
    match expected {
        Value::Object(expected) => differences(&format!("{what}'s"), &found, expected, only_listed),
        _ => vec![Difference {
            place: what.to_owned(),
            expected: Some(expected.clone()),
            found: Some(Value::Object(found)),
        }],
    }
}

/// The members that differ. A null is a member that is missing.
pub(super) fn differences(
    of: &str,
    found: &JsonObject,
    expected: &JsonObject,
    only_listed: bool,
) -> Vec<Difference> {
    let present = |members: &JsonObject, name: &str| {
        members.get(name).filter(|value| !value.is_null()).cloned()
    };
    let unlisted = found.keys().filter(|name| !only_listed && !expected.contains_key(*name));
    let mut all = Vec::new();
    for name in expected.keys().chain(unlisted) {
        let (expected, found) = (present(expected, name), present(found, name));
        if expected != found {
            all.push(Difference { place: format!("{of} `{name}`"), expected, found });
        }
    }
    all
}
