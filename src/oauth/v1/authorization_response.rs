//! The authorization response of OAuth 1.0a (RFC 5849 section 2.2): the parameters with which the
//! browser comes back.

use super::Token;
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::oauth::error_response;
use crate::web::{Field, Fields};

/// Longest verifier that is passed on.
const MAXIMUM_VERIFIER_LENGTH: usize = 1024;

/// The parameters of a response that names a request token, none of which has been checked yet.
pub(crate) struct OAuth1AuthorizationResponse<'a> {
    pub(crate) token: &'a str,
    verifier: Field<'a>,
}

impl<'a> OAuth1AuthorizationResponse<'a> {
    /// Refuses a response without a token, or with several.
    pub(crate) fn read(query: &'a Fields) -> Result<Self, OAuthError> {
        let token = text("oauth_token", query.field("oauth_token"))?;
        Ok(Self { token, verifier: query.field("oauth_verifier") })
    }

    /// Whoever started a sign-in elsewhere and sends somebody here has another token.
    pub(super) fn check_token(&self, request_token: &Token) -> Result<(), OAuthError> {
        match equal(self.token.as_bytes(), request_token.text.as_bytes()) {
            true => Ok(()),
            false => Err(OAuthError::parameter("oauth_token", "is not this browser's")),
        }
    }

    pub(super) fn verifier(&self) -> Result<&'a str, OAuthError> {
        let verifier = text("oauth_verifier", self.verifier)?;
        if verifier.len() > MAXIMUM_VERIFIER_LENGTH {
            return Err(OAuthError::parameter("oauth_verifier", "is too long"));
        }
        Ok(verifier)
    }
}

fn text<'a>(name: &'static str, field: Field<'a>) -> Result<&'a str, OAuthError> {
    match field {
        Field::Text(text) if !text.is_empty() => Ok(text),
        Field::Unusable => Err(OAuthError::parameter(name, "is repeated or no text")),
        Field::Text(_) | Field::Absent => Err(OAuthError::parameter(name, "is missing")),
    }
}

/// The refusal of the person who was asked, for which RFC 5849 has no parameter: most providers
/// send `denied` with the token, some OAuth 2.0's `error`.
pub(crate) fn refusal(answer: &Fields, query: &Fields) -> Option<OAuthError> {
    let sent = ["oauth_token", "oauth_verifier"].map(|name| answer.text(name));
    let sent: Vec<&str> = sent.into_iter().flatten().collect();
    error_response(answer, query, &sent).or_else(|| {
        let is_denied = query.field("denied") != Field::Absent;
        is_denied.then(|| OAuthError::ProviderRefused {
            error: "denied".into(),
            description: None,
            advice: None,
        })
    })
}
