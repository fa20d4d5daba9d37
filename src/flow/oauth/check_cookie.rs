//! State, nonce and code verifier between the two halves of a sign-in: sealed, bound to the
//! cookie's name and to the provider, good for 15 minutes.

use std::borrow::Cow;

use super::super::Context;
use crate::clock::after;
use crate::cookie::{ResolvedCookie, SetCookie};
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::jwt::{Claims, SealingKeys};
use crate::provider::{Check, ResponseMode};

/// The name of a check in messages.
pub(super) fn name(check: Check) -> &'static str {
    match check {
        Check::State => "state",
        Check::Pkce => "pkce",
        Check::Nonce => "nonce",
    }
}

/// The order in which cookies are set, read and deleted.
pub(crate) const ORDER: [Check; 3] = [Check::State, Check::Pkce, Check::Nonce];

/// What a check cookie holds.
pub(crate) struct Sealed {
    pub(crate) value: String,
    /// The `max_age` that a page asked for, if it did.
    pub(crate) maximum_age: Option<u32>,
}

/// The check cookies of one provider.
#[derive(Clone, Copy)]
pub(crate) struct CheckCookies<'a> {
    context: &'a Context<'a>,
    provider: &'a str,
    response_mode: ResponseMode,
}

impl<'a> CheckCookies<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        provider: &'a str,
        response_mode: ResponseMode,
    ) -> Self {
        Self { context, provider, response_mode }
    }

    /// Cookie and keys of a check.
    fn parts(&self, check: Check) -> (Cow<'a, ResolvedCookie>, &'a SealingKeys) {
        let kit = self.context.kit;
        let (policy, keys) = match check {
            Check::State => (&kit.set.state, &kit.state_keys),
            Check::Pkce => (&kit.set.pkce_code_verifier, &kit.pkce_keys),
            Check::Nonce => (&kit.set.nonce, &kit.nonce_keys),
        };
        let policy = match self.response_mode {
            ResponseMode::Query => Cow::Borrowed(policy),
            ResponseMode::FormPost => Cow::Owned(policy.with_cross_site_posts()),
        };
        (policy, keys)
    }

    /// Seals a value for this provider.
    pub(crate) fn seal(
        &self,
        check: Check,
        value: &str,
        maximum_age: Option<u32>,
    ) -> Result<SetCookie, OAuthError> {
        let (policy, keys) = self.parts(check);
        let mut claims = Claims::default();
        claims.insert("value", value);
        claims.insert("provider", self.provider);
        if let Some(maximum_age) = maximum_age {
            claims.insert("max_age", maximum_age);
        }
        let now = self.context.now;
        let sealed = keys
            .seal(claims, now, policy.maximum_age)
            .map_err(|_| OAuthError::CheckCookieNotMade(name(check)))?;
        Ok(SetCookie::check(&policy, sealed.text, after(now, policy.maximum_age)))
    }

    /// What was sealed for this provider.
    pub(crate) fn open(&self, check: Check) -> Result<Sealed, OAuthError> {
        let (policy, keys) = self.parts(check);
        let cookie = self.context.request.cookies().value(&policy.name);
        let cookie = cookie.filter(|cookie| !cookie.is_empty());
        let cookie = cookie.ok_or(OAuthError::CheckCookieMissing(name(check)))?;
        let invalid = || OAuthError::CheckCookieInvalid(name(check));
        let claims = keys.open(&cookie, self.context.now).map_err(|_| invalid())?;
        let is_ours = claims
            .get::<String>("provider")
            .is_some_and(|sealed| equal(sealed.as_bytes(), self.provider.as_bytes()));
        let value = claims.get::<String>("value").filter(|value| !value.is_empty());
        let value = value.filter(|_| is_ours).ok_or_else(invalid)?;
        Ok(Sealed { value, maximum_age: claims.get("max_age") })
    }

    /// The deletions of these cookies: each is good for one callback.
    pub(crate) fn deletions(&self, checks: &[Check]) -> Vec<SetCookie> {
        let used = ORDER.into_iter().filter(|check| checks.contains(check));
        used.map(|check| SetCookie::deletion(&self.parts(check).0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::Value;

    use crate::jwt::SealingKeys;
    use crate::secret::Secret;

    /// Cookies made by next-auth 4.24.15 are opened, or refused, as there.
    #[test]
    fn r010_r011_cookies_of_next_auth_are_accepted_and_refused_alike() {
        let data: Value =
            serde_json::from_str(include_str!("../../../tests/data/jwe.json")).unwrap();
        let cases = data["check_cookies"].as_array().unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let text = |name: &str| case[name].as_str().unwrap();
            let secret = Secret::dangerously_short(text("secret")).unwrap();
            let keys = SealingKeys::derive(&[secret], text("cookie"));
            let at = Timestamp::from_second(case["at"].as_i64().unwrap()).unwrap();
            let opened = keys.open(text("token"), at).ok().filter(|claims| {
                claims.get::<String>("provider").as_deref() == Some(text("provider"))
                    && claims.get::<String>("value").is_some()
            });
            assert_eq!(opened.is_some(), case["accepted"], "{}", case["name"]);
        }
    }
}
