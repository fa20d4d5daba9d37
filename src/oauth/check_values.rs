//! The values of the checks: the state (RFC 6749 section 10.12), the nonce (OpenID Connect Core section
//! 3.1.2.1) and the code verifier (RFC 7636), which tie the second half of a sign-in to the first.

use super::{Check, OAuthDefinition};
use crate::crypto::random;
use crate::error::OAuthError;

impl Check {
    /// The order in which they are made and compared.
    pub(crate) const ORDER: [Self; 3] = [Self::State, Self::Pkce, Self::Nonce];

    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Pkce => "pkce",
            Self::Nonce => "nonce",
        }
    }
}

/// What a sign-in has to remember until the browser comes back, where only this browser can use it.
#[derive(Default)]
pub(crate) struct CheckValues {
    pub(crate) state: Option<String>,
    pub(crate) code_verifier: Option<String>,
    pub(crate) nonce: Option<String>,
    /// The `max_age` that was asked for beyond the definition's.
    pub(crate) max_age: Option<u32>,
}

impl CheckValues {
    /// Fresh values for the checks of a definition.
    pub(super) fn made_for(definition: &OAuthDefinition) -> Result<Self, OAuthError> {
        let mut checks = Self::default();
        for check in Check::ORDER.into_iter().filter(|check| definition.has(*check)) {
            let value = random::url_safe_token();
            let value = value.map_err(|_| OAuthError::CheckCookieNotMade(check.name()))?;
            checks.set(check, value);
        }
        Ok(checks)
    }

    /// Refuses a sign-in that lacks one of the definition's checks: there would be nothing to
    /// compare.
    pub(super) fn complete(&self, definition: &OAuthDefinition) -> Result<(), OAuthError> {
        let mut missing = Check::ORDER.into_iter().filter(|check| definition.has(*check));
        match missing.find(|check| self.get(*check).is_none()) {
            Some(check) => Err(OAuthError::CheckCookieMissing(check.name())),
            None => Ok(()),
        }
    }

    pub(crate) fn get(&self, check: Check) -> Option<&str> {
        match check {
            Check::State => self.state.as_deref(),
            Check::Pkce => self.code_verifier.as_deref(),
            Check::Nonce => self.nonce.as_deref(),
        }
    }

    pub(crate) fn set(&mut self, check: Check, value: String) {
        let place = match check {
            Check::State => &mut self.state,
            Check::Pkce => &mut self.code_verifier,
            Check::Nonce => &mut self.nonce,
        };
        *place = Some(value);
    }
}
