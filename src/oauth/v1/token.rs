//! Temporary credentials and token credentials (RFC 5849 section 1.1): a token and its secret.

use crate::model::{JsonObject, TokenSet};
use crate::web::Fields;

/// Longest token and secret together, in bytes. Most that are longer do not fit into a cookie.
const MAXIMUM_LENGTH: usize = 2048;

/// A token and the secret that signs with it.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) secret: String,
}

impl Token {
    /// What an answer gives (RFC 5849 sections 2.1 and 2.3); both parameters are required there.
    pub(super) fn from_answer(answer: &Fields) -> Result<Self, &'static str> {
        let text = answer.text("oauth_token").filter(|text| !text.is_empty());
        let text = text.ok_or("has no token")?;
        let secret = answer.text("oauth_token_secret").ok_or("has no token secret")?;
        if text.len() + secret.len() > MAXIMUM_LENGTH {
            return Err("has a token that is too long");
        }
        Ok(Self { text: text.to_owned(), secret: secret.to_owned() })
    }

    /// What requests are signed with.
    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.text, &self.secret)
    }
}

impl From<Token> for TokenSet {
    /// v4 does: the other members of the answer are dropped.
    fn from(Token { text, secret }: Token) -> Self {
        let mut members = JsonObject::new();
        members.insert("oauth_token".into(), text.into());
        members.insert("oauth_token_secret".into(), secret.into());
        Self::from_members(members)
    }
}
