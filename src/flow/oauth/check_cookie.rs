//! Check cookies: the state, the nonce and the code verifier between the two halves of a sign-in.
//! They are sealed, bound to the check, the provider and the attempt, and good for 15 minutes.

use std::borrow::Cow;

use super::super::Context;
use super::attempt_key::AttemptKey;
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::jose::{Claims, SealingKeys};
use crate::oauth::{Check, ResponseMode};
use crate::runtime::clock::after;
use crate::web::cookie::{ResolvedCookie, SetCookie, decode};

/// Attempts of one browser that have cookies at the same time. Three cookies of an attempt are
/// about 1.1 KB, and usual servers read 8 KiB of a line.
const MAXIMUM_ATTEMPTS: usize = 5;
/// Attempts of one request that are looked at.
const MAXIMUM_LOOKED_AT: usize = 64;
/// Attempts that one answer drops: a host beside this one can set more cookies than an answer may
/// have lines.
const MAXIMUM_DROPPED: usize = 8;

/// The claims that a check cookie may have, v4's included: what says more is something else.
const MEMBERS: [&str; 8] =
    ["value", "provider", "attempt", "browser", "max_age", "iat", "exp", "jti"];

/// What a check cookie holds.
pub(crate) struct Sealed {
    pub(crate) value: String,
    /// The `max_age` that a page asked for, if it did.
    pub(crate) max_age: Option<u32>,
    /// Whether nothing about this cookie is against it that the sign-in began in the browser that
    /// comes back now. Those of a Node server do not say where it began.
    pub(crate) began_here: bool,
}

/// The check cookies of one attempt to sign in with one provider. An attempt with a key has cookies
/// of its own; all without share v4's names.
#[derive(Clone)]
pub(crate) struct CheckCookies<'a> {
    context: &'a Context<'a>,
    provider: &'a str,
    response_mode: ResponseMode,
    attempt: Option<AttemptKey>,
}

impl<'a> CheckCookies<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        provider: &'a str,
        response_mode: ResponseMode,
        attempt: Option<AttemptKey>,
    ) -> Self {
        Self { context, provider, response_mode, attempt }
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

    /// The name of a check's cookie: v4's, and the attempt's key.
    fn name_of(&self, policy: &ResolvedCookie) -> String {
        match &self.attempt {
            Some(key) => format!("{}.{}", policy.name, key.as_str()),
            None => policy.name.to_string(),
        }
    }

    /// Whether a check's cookie says in which browser the sign-in began: the state's does, to which
    /// the attempt's key ties the others. Without a key each has to say it.
    fn says_browser(&self, check: Check) -> bool {
        check == Check::State || self.attempt.is_none()
    }

    /// Seals a value for this provider and this attempt.
    pub(crate) fn seal(
        &self,
        check: Check,
        value: &str,
        max_age: Option<u32>,
    ) -> Result<SetCookie, OAuthError> {
        let (policy, keys) = self.parts(check);
        let mut claims = Claims::default();
        claims.insert("value", value);
        claims.insert("provider", self.provider);
        if let Some(key) = &self.attempt {
            claims.insert("attempt", key.as_str());
        }
        if self.says_browser(check)
            && let Some(browser) = self.context.csrf.browser_key()
        {
            claims.insert("browser", browser);
        }
        if let Some(max_age) = max_age {
            claims.insert("max_age", max_age);
        }
        let now = self.context.now;
        let sealed = keys
            .seal(claims, now, policy.maximum_age)
            .map_err(|_| OAuthError::CheckCookieNotMade(check.name()))?;
        let cookie = SetCookie::check(&policy, sealed.text, after(now, policy.maximum_age));
        let cookie = cookie.named(&self.name_of(&policy));
        if cookie.is_kept() {
            Ok(cookie)
        } else {
            Err(OAuthError::CheckCookieTooLong(check.name()))
        }
    }

    /// What was sealed for this provider and this attempt. Of several cookies of the name the first
    /// that opens counts: a host beside this one may have set another.
    pub(crate) fn open(&self, check: Check) -> Result<Sealed, OAuthError> {
        let (policy, keys) = self.parts(check);
        let mut outcome = Err(OAuthError::CheckCookieMissing(check.name()));
        for cookie in self.context.request.cookies().values(&self.name_of(&policy)) {
            match self.opened(check, keys, &cookie) {
                Some(sealed) => return Ok(sealed),
                None if cookie.is_empty() => {}
                None => outcome = Err(OAuthError::CheckCookieInvalid(check.name())),
            }
        }
        outcome
    }

    fn opened(&self, check: Check, keys: &SealingKeys, cookie: &str) -> Option<Sealed> {
        let claims = keys.open(cookie, self.context.now).ok()?;
        let is = |member: &str, expected: &str| {
            let sealed = claims.get::<String>(member);
            sealed.is_some_and(|sealed| equal(sealed.as_bytes(), expected.as_bytes()))
        };
        let members = claims.as_object();
        let is_ours = is("provider", self.provider)
            && match &self.attempt {
                Some(key) => is("attempt", key.as_str()),
                None => !members.contains_key("attempt"),
            }
            && members.keys().all(|name| MEMBERS.contains(&name.as_str()));
        let value = claims.get::<String>("value").filter(|value| is_ours && !value.is_empty())?;
        let browser = self.context.csrf.browser_key();
        let is_of_browser = browser.is_some_and(|browser| is("browser", &browser));
        let began_here = is_of_browser || !self.says_browser(check);
        Some(Sealed { value, max_age: claims.get("max_age"), began_here })
    }

    /// Whether the request has a cookie of this attempt, of whatever content.
    pub(crate) fn are_sent(&self) -> bool {
        Check::ORDER.into_iter().any(|check| {
            let name = self.name_of(&self.parts(check).0);
            self.context.request.cookies().values(&name).any(|value| !value.is_empty())
        })
    }

    /// The deletions of these cookies: each is good for one callback.
    pub(crate) fn deletions(&self, checks: &[Check]) -> Vec<SetCookie> {
        let used = Check::ORDER.into_iter().filter(|check| checks.contains(check));
        used.map(|check| {
            let policy = self.parts(check).0;
            SetCookie::deletion(&policy).named(&self.name_of(&policy))
        })
        .collect()
    }

    /// The deletions that make room for this attempt: what nobody can open goes first, then the
    /// oldest.
    pub(crate) fn superseded(&self) -> Vec<SetCookie> {
        let mut others: Vec<Other<'a>> = Vec::new();
        for (sent, value) in self.context.request.cookies().iter() {
            for check in Check::ORDER {
                let Some(key) = AttemptKey::in_name(sent, &self.parts(check).0.name) else {
                    continue;
                };
                let cookie = (check, decode(value).unwrap_or_default());
                let has_room = others.len() < MAXIMUM_LOOKED_AT;
                match others.iter_mut().find(|other| other.key == key) {
                    Some(other) => other.cookies.push(cookie),
                    None if has_room => others.push(Other { key, cookies: vec![cookie] }),
                    None => {}
                }
            }
        }
        let surplus = (others.len() + 1).saturating_sub(MAXIMUM_ATTEMPTS);
        if surplus == 0 {
            return Vec::new();
        }
        // `None` comes before every time.
        others.sort_by_cached_key(|other| self.began(other));
        let dropped = others.into_iter().take(surplus.min(MAXIMUM_DROPPED));
        let lines = dropped.flat_map(|Other { key, cookies }| {
            let other = Self { attempt: Some(key), ..self.clone() };
            let sent: Vec<Check> = cookies.into_iter().map(|(check, _)| check).collect();
            other.deletions(&sent)
        });
        lines.collect()
    }

    /// When an attempt began, if any of its cookies can be opened.
    fn began(&self, other: &Other<'_>) -> Option<i64> {
        let opened = other.cookies.iter().filter_map(|(check, cookie)| {
            let claims = self.parts(*check).1.open(cookie, self.context.now).ok()?;
            claims.get::<i64>("iat")
        });
        opened.max()
    }
}

/// Another attempt of the same browser, with whichever provider, and what was sent of it.
struct Other<'a> {
    key: AttemptKey,
    cookies: Vec<(Check, Cow<'a, str>)>,
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::Value;

    use crate::crypto::secret::Secret;
    use crate::jose::SealingKeys;

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
