//! A token and its secret, from an answer, and in the cookie between the two halves of a sign-in.

use super::super::Context;
use super::super::oauth::{AttemptKey, CheckCookies};
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::oauth::{Check, ResponseMode};
use crate::web::Fields;
use crate::web::cookie::SetCookie;

/// Longest token and secret together, in bytes. Most that are longer do not fit into a cookie.
const MAXIMUM_LENGTH: usize = 2048;

/// The one check cookie of OAuth 1.0a is the state's, and the request token tells attempts apart.
pub(super) fn check_cookies<'a>(
    context: &'a Context<'a>,
    provider: &'a str,
    request_token: &str,
) -> CheckCookies<'a> {
    let attempt = Some(AttemptKey::of(request_token));
    CheckCookies::new(context, provider, ResponseMode::Query, attempt)
}

/// Temporary or token credentials (RFC 5849 section 1.1).
pub(super) struct Token {
    pub(super) text: String,
    pub(super) secret: String,
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

    /// Seals the token for this browser and this provider, in the place of OAuth 2.0's state.
    /// v4 keeps it in a map of the process, which any browser may use, and puts the secret into
    /// the address.
    pub(super) fn seal(
        &self,
        context: &Context<'_>,
        provider: &str,
    ) -> Result<Vec<SetCookie>, OAuthError> {
        let value = serde_json::to_string(&self.pair());
        let value = value.map_err(|_| OAuthError::CheckCookieNotMade("state"))?;
        let check_cookies = check_cookies(context, provider, &self.text);
        let mut cookies = vec![check_cookies.seal(Check::State, &value, None)?];
        cookies.extend(check_cookies.superseded());
        Ok(cookies)
    }

    /// The token with which this browser was sent to this provider, if it is the one that came back:
    /// whoever started a sign-in elsewhere and sends somebody here has another.
    pub(super) fn open(check_cookies: &CheckCookies<'_>, given: &str) -> Result<Self, OAuthError> {
        let value = check_cookies.open(Check::State)?.value;
        let (text, secret): (String, String) =
            serde_json::from_str(&value).map_err(|_| OAuthError::CheckCookieInvalid("state"))?;
        if !equal(given.as_bytes(), text.as_bytes()) {
            return Err(OAuthError::CallbackParameter("oauth_token", "is not this browser's"));
        }
        Ok(Self { text, secret })
    }
}
