//! An account: how a user signs in at a provider, with the tokens that came of it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::JsonObject;

/// The kind of provider an account belongs to, as NextAuth v4 stores it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AccountType {
    /// OAuth 1.0a, OAuth 2.0 and OpenID Connect alike (v4 has one word for the three).
    OAuth,
    /// A link sent by e-mail.
    Email,
    /// The application's own check.
    Credentials,
}

impl AccountType {
    /// The text stored in databases and sent to clients.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Email => "email",
            Self::Credentials => "credentials",
        }
    }
}

impl fmt::Display for AccountType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An identity at a provider, and the tokens that came with it.
///
/// The pair of `provider` and `provider_account_id` is unique and compared byte by byte.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// The provider's kind.
    pub account_type: AccountType,
    /// The provider's id in this application, such as `github`.
    pub provider: String,
    /// The subject at the provider.
    pub provider_account_id: String,
    /// What the token endpoint answered.
    pub tokens: TokenSet,
}

impl Account {
    /// An account without tokens.
    #[must_use]
    pub fn new(
        account_type: AccountType,
        provider: impl Into<String>,
        provider_account_id: impl Into<String>,
    ) -> Self {
        Self {
            account_type,
            provider: provider.into(),
            provider_account_id: provider_account_id.into(),
            tokens: TokenSet::default(),
        }
    }
}

/// An account about to be stored, with the user it belongs to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewAccount {
    /// The owner.
    pub user_id: String,
    /// The identity.
    pub account: Account,
}

impl NewAccount {
    /// Ties an identity to a user.
    #[must_use]
    pub fn new(user_id: impl Into<String>, account: Account) -> Self {
        Self { user_id: user_id.into(), account }
    }
}

/// The members of a token response (RFC 6749 section 5.1) in their order, with `expires_in`
/// replaced by the absolute `expires_at`.
///
/// A lifetime may be a number or a text, also with a fraction or an exponent; of one that is neither,
/// or that goes beyond the year 9999, nothing is known. An `id_token` or a `refresh_token` that is no
/// text, or an empty one, is none.
///
/// `Debug` shows the members' names only.
///
/// ```
/// use serde_json::json;
/// use typegate::TokenSet;
///
/// let tokens = TokenSet::from_response(
///     json!({"access_token": "at", "expires_in": 3600, "scope": ["a", "b"]}).as_object().unwrap(),
///     1_700_000_000,
/// );
/// assert_eq!(tokens.access_token(), Some("at"));
/// assert_eq!(tokens.expires_at(), Some(1_700_003_600));
/// assert_eq!(tokens.scope(), Some("a b"));
/// assert!(!format!("{tokens:?}").contains("\"at\""));
/// ```
#[derive(Clone, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TokenSet(JsonObject);

impl TokenSet {
    /// Takes a token response received at `now` (seconds since 1970).
    #[must_use]
    pub fn from_response(response: &JsonObject, now: i64) -> Self {
        let mut members = JsonObject::new();
        for (name, value) in response {
            match (name.as_str(), value) {
                ("expires_in", value) => {
                    let end = seconds(value).map(|seconds| now.saturating_add(seconds));
                    if let Some(end) = end.filter(|end| *end <= END_OF_TIME) {
                        members.insert("expires_at".into(), end.into());
                    }
                }
                // Some providers say when themselves. What is no number may be a date.
                ("expires_at", value) => {
                    let end = seconds(value).map_or_else(|| value.clone(), Value::from);
                    members.insert(name.clone(), end);
                }
                ("id_token" | "refresh_token", value)
                    if value.as_str().is_none_or(str::is_empty) => {}
                // v4 does: a scope given as a list is joined with spaces.
                ("scope", Value::Array(scopes)) => {
                    let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
                    members.insert(name.clone(), scopes.join(" ").into());
                }
                (_, value) => {
                    members.insert(name.clone(), value.clone());
                }
            }
        }
        Self(members)
    }

    /// Takes members as an adapter stored them.
    #[must_use]
    pub fn from_members(members: JsonObject) -> Self {
        Self(members)
    }

    /// All members, unknown ones included.
    #[must_use]
    pub fn members(&self) -> &JsonObject {
        &self.0
    }

    /// A member that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> Option<&str> {
        self.text("access_token")
    }

    /// The refresh token.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        self.text("refresh_token")
    }

    /// The ID token as it was received. It has been validated when a flow hands it out.
    #[must_use]
    pub fn id_token(&self) -> Option<&str> {
        self.text("id_token")
    }

    /// The type of the access token, such as `Bearer`.
    #[must_use]
    pub fn token_type(&self) -> Option<&str> {
        self.text("token_type")
    }

    /// The granted scope, tokens separated by spaces.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.text("scope")
    }

    /// When the access token expires, in seconds since 1970.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.0.get("expires_at").and_then(Value::as_i64)
    }

    /// Whether it is time to refresh them, and there is something to do it with.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        /// Tokens that expire this soon are refreshed, in seconds.
        const MARGIN: i64 = 60;
        self.refresh_token().is_some()
            && self.expires_at().is_some_and(|end| end <= now.as_second().saturating_add(MARGIN))
    }

    /// These tokens with the members of a newer set in the place of theirs: what a provider does
    /// not repeat when it refreshes, such as a refresh token that it does not rotate, stays.
    pub(crate) fn renewed_by(&self, newer: &Self) -> Self {
        let mut members = self.0.clone();
        // A new access token without an end has none.
        members.remove("expires_at");
        members.extend(newer.0.iter().map(|(name, value)| (name.clone(), value.clone())));
        Self(members)
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(crate) fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The last second of the year 9999: no calendar of ours goes further.
const END_OF_TIME: i64 = 253_402_300_799;

/// Some providers send numbers as text, with a fraction or with an exponent.
fn seconds(value: &Value) -> Option<i64> {
    let whole = |number: f64| number.is_finite().then_some(number as i64);
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole(text.parse().ok()?))
        }
        _ => None,
    }
}
