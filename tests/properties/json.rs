//! A JSON reader independent of the code under test, which keeps repeated members.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

/// The members of an object in their order, a repeated one as often as it stands there.
pub(crate) fn members(text: &str) -> Option<Vec<(String, Value)>> {
    serde_json::Deserializer::from_str(text).deserialize_map(Members).ok()
}
