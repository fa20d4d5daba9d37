//! Claims: the JSON object that a session token carries (JWT, RFC 7519 section 4).

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::JsonObject;

/// The claims of a session token: a JSON object that keeps its order.
///
/// A sign-in gives `name`, `email`, `picture` and `sub`; the `jwt` callback may add others;
/// `iat`, `exp` and `jti` are set when the token is sealed.
///
/// ```
/// use typegate::Claims;
///
/// let mut claims = Claims::default();
/// claims.insert("role", "admin");
/// assert_eq!(claims.get::<String>("role").as_deref(), Some("admin"));
/// assert_eq!(claims.get::<u64>("role"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Claims(JsonObject);

impl Claims {
    /// A claim, if it is there and of that type.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.0.get(name)?).ok()
    }

    /// Sets a claim. A value that JSON cannot express (a map with keys that are no text) counts
    /// as null.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Serialize) {
        self.0.insert(name.into(), serde_json::to_value(value).unwrap_or(Value::Null));
    }

    /// Sets a claim in its place.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        match self.0.get_mut(name) {
            Some(member) => *member = value,
            None => drop(self.0.insert(name.to_owned(), value)),
        }
    }

    /// Removes a claim and keeps the order of the others.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name)
    }

    /// The subject: the user's id.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.get("sub").and_then(Value::as_str)
    }

    /// The members as JSON.
    #[must_use]
    pub fn as_object(&self) -> &JsonObject {
        &self.0
    }

    /// The members as JSON.
    #[must_use]
    pub fn into_object(self) -> JsonObject {
        self.0
    }
}

impl From<JsonObject> for Claims {
    fn from(members: JsonObject) -> Self {
        Self(members)
    }
}
