//! The renaming of signed-in people, through the client's `update`.

use serde_json::Value;
use typegate::Claims;

/// Longer names are refused; the token travels with every request.
const LONGEST_NAME: usize = 100;

/// What the client sends is anybody's: takes the one member that may be changed, and looks at it.
pub(crate) fn rename(token: &mut Claims, data: &Value) {
    if let Some(name) = data["name"].as_str()
        && !name.is_empty()
        && name.len() <= LONGEST_NAME
    {
        token.insert("name", name);
    }
}
