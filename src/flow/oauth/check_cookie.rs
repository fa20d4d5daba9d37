//! State, nonce and code verifier between the two halves of a sign-in: sealed, bound to the
//! cookie's name and to the provider, good for 15 minutes.

use super::super::Context;
use crate::clock::after;
use crate::config::CookieKit;
use crate::cookie::{ResolvedCookie, SetCookie};
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::jwt::{Claims, SealingKeys};
use crate::provider::Check;

/// The name of a check in messages.
pub(super) fn name(check: Check) -> &'static str {
    match check {
        Check::State => "state",
        Check::Pkce => "pkce",
        Check::Nonce => "nonce",
    }
}

/// Name in messages, cookie and keys of a check.
fn parts(kit: &CookieKit, check: Check) -> (&'static str, &ResolvedCookie, &SealingKeys) {
    let (policy, keys) = match check {
        Check::State => (&kit.set.state, &kit.state_keys),
        Check::Pkce => (&kit.set.pkce_code_verifier, &kit.pkce_keys),
        Check::Nonce => (&kit.set.nonce, &kit.nonce_keys),
    };
    (name(check), policy, keys)
}

/// The order in which cookies are set, read and deleted.
pub(crate) const ORDER: [Check; 3] = [Check::State, Check::Pkce, Check::Nonce];

/// Seals a value for one provider.
pub(crate) fn seal(
    context: &Context<'_>,
    check: Check,
    provider: &str,
    value: &str,
) -> Result<SetCookie, OAuthError> {
    let (name, policy, keys) = parts(context.kit, check);
    let mut claims = Claims::default();
    claims.insert("value", value);
    claims.insert("provider", provider);
    let sealed = keys
        .seal(claims, context.now, policy.maximum_age)
        .map_err(|_| OAuthError::CheckCookieNotMade(name))?;
    Ok(SetCookie::check(policy, sealed.text, after(context.now, policy.maximum_age)))
}

/// The value that was sealed for this provider.
pub(crate) fn open(
    context: &Context<'_>,
    check: Check,
    provider: &str,
) -> Result<String, OAuthError> {
    let (name, policy, keys) = parts(context.kit, check);
    let cookie = context.request.cookies().value(&policy.name);
    let cookie = cookie.filter(|cookie| !cookie.is_empty());
    let cookie = cookie.ok_or(OAuthError::CheckCookieMissing(name))?;
    let invalid = || OAuthError::CheckCookieInvalid(name);
    let claims = keys.open(&cookie, context.now).map_err(|_| invalid())?;
    let is_ours = claims
        .get::<String>("provider")
        .is_some_and(|sealed| equal(sealed.as_bytes(), provider.as_bytes()));
    let value = claims.get::<String>("value").filter(|value| !value.is_empty());
    value.filter(|_| is_ours).ok_or_else(invalid)
}

/// The deletions of the check cookies of a provider: each is good for one callback.
pub(crate) fn deletions(context: &Context<'_>, checks: &[Check]) -> Vec<SetCookie> {
    let used = ORDER.into_iter().filter(|check| checks.contains(check));
    used.map(|check| SetCookie::deletion(parts(context.kit, check).1)).collect()
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
