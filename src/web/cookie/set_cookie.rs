//! A `Set-Cookie` line (RFC 6265bis section 4.1), kept as data until the response is written.

use std::fmt::Write as _;
use std::sync::Arc;

use http::HeaderValue;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ResolvedCookie;
use super::policy::MAXIMUM_LENGTH;
use crate::web::public_suffix::registrable;
use crate::web::site::SiteUrl;

/// What JavaScript's `encodeURIComponent` leaves as it is.
pub(crate) const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A cookie to be set or deleted.
#[derive(Clone, Debug)]
pub(crate) struct SetCookie {
    name: Arc<str>,
    pub(super) value: String,
    policy: ResolvedCookie,
    pub(super) maximum_age: Option<i64>,
    expires: Option<Timestamp>,
}

impl SetCookie {
    /// A cookie until the browser is closed.
    pub(crate) fn session(policy: &ResolvedCookie, value: impl Into<String>) -> Self {
        Self {
            name: Arc::clone(&policy.name),
            value: value.into(),
            policy: policy.clone(),
            maximum_age: None,
            expires: None,
        }
    }

    /// A cookie until `expires`.
    pub(crate) fn until(
        policy: &ResolvedCookie,
        value: impl Into<String>,
        expires: Timestamp,
    ) -> Self {
        Self { expires: Some(expires), ..Self::session(policy, value) }
    }

    /// A check cookie: `Expires`, and `Max-Age` where v4 sends it.
    pub(crate) fn check(
        policy: &ResolvedCookie,
        value: impl Into<String>,
        expires: Timestamp,
    ) -> Self {
        let maximum_age = policy.sends_maximum_age.then_some(policy.maximum_age);
        Self { maximum_age, ..Self::until(policy, value, expires) }
    }

    /// A deletion: everything but value and lifetime as it was when the cookie was set.
    pub(crate) fn deletion(policy: &ResolvedCookie) -> Self {
        Self { maximum_age: Some(0), ..Self::session(policy, "") }
    }

    /// The same cookie under the name of a chunk.
    pub(crate) fn named(mut self, name: &str) -> Self {
        if *self.name != *name {
            self.name = name.into();
        }
        self
    }

    /// The same for every other domain for which the site's host can set it: the host alone, and the
    /// domains that it belongs to (RFC 6265bis section 5.1.3). The prefix `__Host-` allows none.
    pub(crate) fn for_other_domains(&self, site: &SiteUrl) -> Vec<Self> {
        if self.name.starts_with("__Host-") {
            return Vec::new();
        }
        let host = site.url().domain().unwrap_or_default();
        let most = registrable(host).map_or(0, str::len);
        let ends = host.match_indices('.').map(|(dot, _)| dot + 1);
        let domains = std::iter::once(0).chain(ends).filter_map(|start| host.get(start..));
        let domains = domains.filter(|domain| most > 0 && domain.len() >= most);
        std::iter::once(None)
            .chain(domains.map(Some))
            .filter(|domain| *domain != self.policy.domain.as_deref())
            .map(|domain| {
                let policy =
                    ResolvedCookie { domain: domain.map(Into::into), ..self.policy.clone() };
                Self { policy, ..self.clone() }
            })
            .collect()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether browsers keep it.
    pub(crate) fn is_kept(&self) -> bool {
        self.header_value().is_some_and(|line| line.len() <= MAXIMUM_LENGTH)
    }

    /// The header's value; attributes in v4's order. `None` only for a name that no header can
    /// carry, which [`CookieName`](super::CookieName) excludes.
    pub(crate) fn header_value(&self) -> Option<HeaderValue> {
        let mut text = String::with_capacity(self.name.len() + self.value.len() + 120);
        text.push_str(&self.name);
        text.push('=');
        text.extend(utf8_percent_encode(&self.value, URI_COMPONENT));
        // Writing into a String does not fail.
        if let Some(seconds) = self.maximum_age {
            let _ = write!(text, "; Max-Age={seconds}");
        }
        if let Some(domain) = &self.policy.domain {
            text.push_str("; Domain=");
            text.push_str(domain);
        }
        text.push_str("; Path=");
        text.push_str(&self.policy.path);
        if let Some(expires) = self.expires {
            let (before, printer) = (text.len(), jiff::fmt::rfc2822::DateTimePrinter::new());
            text.push_str("; Expires=");
            // A year that the format cannot say: the browser's session, then.
            if printer.print_timestamp_rfc9110(&expires, &mut text).is_err() {
                text.truncate(before);
            }
        }
        text.push_str("; HttpOnly");
        if self.policy.secure {
            text.push_str("; Secure");
        }
        text.push_str("; SameSite=");
        text.push_str(self.policy.same_site);
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::error::ConfigErrors;
    use serde_json::Value;

    use super::*;
    use crate::web::cookie::{CookieSet, Cookies};

    #[test]
    fn r112_r119_lines_are_written_as_v4_writes_them() {
        let data: Value =
            serde_json::from_str(include_str!("../../../tests/data/cookies.json")).unwrap();
        for (secure, defaults) in [(false, "plain"), (true, "secure")] {
            let set =
                CookieSet::resolve(&Cookies::new(), secure, &mut ConfigErrors::default()).unwrap();
            let check = |policy: &ResolvedCookie, name: &str| {
                let expected = &data["defaults"][defaults][name];
                let text = |cookie: SetCookie| {
                    let value = cookie.header_value().unwrap();
                    value.to_str().unwrap().to_owned()
                };
                let at = Timestamp::from_second(1_700_000_900).unwrap();
                assert_eq!(&*policy.name, expected["name"]);
                assert_eq!(text(SetCookie::deletion(policy)), expected["cleared"]);
                if policy.sends_maximum_age {
                    assert_eq!(
                        text(SetCookie::check(policy, "VALUE", at)),
                        expected["with_expires"]
                    );
                } else {
                    assert_eq!(text(SetCookie::session(policy, "VALUE")), expected["set"]);
                    assert_eq!(
                        text(SetCookie::until(policy, "VALUE", at)),
                        expected["with_expires"]
                    );
                }
            };
            check(&set.session_token, "sessionToken");
            check(&set.callback_url, "callbackUrl");
            check(&set.csrf_token, "csrfToken");
            check(&set.pkce_code_verifier, "pkceCodeVerifier");
            check(&set.state, "state");
            check(&set.nonce, "nonce");
        }
        for case in data["value_encoding"].as_array().unwrap() {
            let encoded = utf8_percent_encode(case["value"].as_str().unwrap(), URI_COMPONENT);
            assert_eq!(format!("n={encoded}"), case["serialized"]);
        }
    }
}
