//! The errors of a sign-in with an identity provider, step by step.

use std::borrow::Cow;

use super::{AdapterError, BoxError, ErrorCode, debug_as_display};

/// A failure on the way to or from an identity provider.
///
/// No variant holds a token, a code or a secret; of what the provider answered no more is quoted than
/// what it says went wrong.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// The discovery document could not be fetched or used.
    #[error("the discovery document could not be used")]
    Discovery(#[source] BoxError),
    /// An endpoint that this step needs is not configured and not discovered.
    #[error("the provider has no {0}")]
    MissingEndpoint(&'static str),
    /// The browser cannot be sent to an endpoint: its address has more than one reading, or holds a
    /// user name.
    #[error("the browser cannot be sent to the `{0}`")]
    Endpoint(&'static str, #[source] BoxError),
    /// The random generator of the operating system failed, or a cookie could not be sealed.
    #[error("the {0} cookie could not be made")]
    CheckCookieNotMade(&'static str),
    /// What the provider sent would make a cookie that no browser keeps.
    #[error("the {0} cookie would be longer than 4096 bytes, which browsers drop")]
    CheckCookieTooLong(&'static str),
    /// The state, nonce or PKCE cookie did not come back.
    #[error("the {0} cookie is missing")]
    CheckCookieMissing(&'static str),
    /// The cookie does not open, has expired, or was made for another provider.
    #[error("the {0} cookie is not valid for this sign-in")]
    CheckCookieInvalid(&'static str),
    /// The callback's parameters are not those of an authorization response.
    #[error("the callback parameter `{0}` {1}")]
    CallbackParameter(&'static str, Cow<'static, str>),
    /// The identity provider refused, with its own code (RFC 6749 section 4.1.2.1).
    #[error("the provider answered `{error}`{}", behind(.description, .advice))]
    ProviderRefused {
        /// The provider's code, cut and freed of control characters.
        error: String,
        /// The provider's sentence, likewise.
        description: Option<String>,
        /// Which setting is behind the code, and what was sent.
        advice: Option<String>,
    },
    /// The provider did not accept the pushed authorization request (RFC 9126).
    #[error("the pushed authorization request failed")]
    PushedAuthorization(#[source] BoxError),
    /// The provider gave no request token (OAuth 1.0a, RFC 5849 section 2.1).
    #[error("the request token could not be had")]
    RequestToken(#[source] BoxError),
    /// The answer with the request token lacks what the flow needs.
    #[error("the answer with the request token {0}")]
    RequestTokenResponse(&'static str),
    /// The token endpoint refused or did not answer.
    #[error("the token request failed")]
    TokenRequest(#[source] BoxError),
    /// The token response lacks what the flow needs.
    #[error("the token response {0}")]
    TokenResponse(&'static str),
    /// There is no refresh token.
    #[error("the tokens cannot be refreshed: {0}")]
    NotRefreshable(&'static str),
    /// The provider gave no new tokens for a refresh token.
    #[error("the tokens could not be refreshed")]
    Refresh(#[source] BoxError),
    /// The provider no longer accepts the refresh token (`invalid_grant`, RFC 6749 section 5.2).
    #[error("the provider takes the refresh token no more")]
    RefreshTokenRefused(#[source] BoxError),
    /// The ID token is not acceptable (OpenID Connect Core section 3.1.3.7).
    #[error("the ID token {0}")]
    IdToken(String),
    /// The logout token is not acceptable (OpenID Connect Back-Channel Logout 1.0 section 2.6).
    #[error("the logout token {0}")]
    LogoutToken(String),
    /// The provider's keys could not be fetched.
    #[error("the provider's keys could not be fetched")]
    KeySet(#[source] BoxError),
    /// The userinfo endpoint refused or did not answer.
    #[error("the userinfo request failed")]
    UserInfo(#[source] BoxError),
    /// The userinfo response belongs to somebody else (OpenID Connect Core section 5.3.2).
    #[error("the userinfo response {0}")]
    UserInfoSubject(&'static str),
    /// The adapter failed while the visitor was looked up.
    #[error("the visitor could not be looked up")]
    Adapter(#[from] AdapterError),
}

fn behind(description: &Option<String>, advice: &Option<String>) -> String {
    let description = description.iter().map(|text| format!(": {text}"));
    description.chain(advice.iter().map(|text| format!(" ({text})"))).collect()
}

debug_as_display!(OAuthError);

impl OAuthError {
    pub(crate) fn parameter(name: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::CallbackParameter(name, reason.into())
    }

    /// The name under which older releases documented a failure at this step, logged in addition
    /// to today's.
    pub(crate) fn retired_code(&self) -> Option<ErrorCode> {
        match self {
            Self::CheckCookieNotMade("pkce")
            | Self::CheckCookieMissing("pkce")
            | Self::CheckCookieInvalid("pkce") => Some(ErrorCode::Pkce),
            Self::TokenRequest(_) | Self::TokenResponse(_) => Some(ErrorCode::OAuthGetAccessToken),
            Self::UserInfo(_) | Self::UserInfoSubject(_) => Some(ErrorCode::OAuthGetProfile),
            _ => None,
        }
    }
}
