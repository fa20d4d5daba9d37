//! Under which name, and with which attributes, does each cookie go out?
//!
//! What browsers refuse cannot be written: `SameSite=None` brings `Secure` with it, and a
//! `__Host-` name has no setters for a domain or a path.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::ConfigError;

/// Which requests from other sites bring the cookie along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SameSite {
    /// Top-level navigations do: the default, and what a redirect back from an identity provider
    /// needs.
    Lax,
    /// None do. A sign-in that comes back from an identity provider loses its check cookies.
    Strict,
    /// All do. Browsers take this only together with `Secure`, so it is always sent with it.
    NoneSecure,
}

impl SameSite {
    fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "Lax",
            Self::Strict => "Strict",
            Self::NoneSecure => "None",
        }
    }
}

/// A cookie that may name a domain and a path.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Anywhere;

/// A cookie that browsers tie to one host: its name starts with `__Host-`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct HostLocked;

/// Name and attributes of one cookie; what is not set stays as v4 has it.
///
/// ```
/// use typegate::cookie::{CookieName, CookiePolicy, SameSite};
///
/// let shared = CookiePolicy::new(CookieName::new("sid").unwrap())
///     .domain("example.com")
///     .same_site(SameSite::NoneSecure);
/// let locked = CookiePolicy::host_locked(CookieName::new("csrf").unwrap());
/// ```
///
/// A cookie tied to one host has no domain:
///
/// ```compile_fail,E0599
/// use typegate::cookie::{CookieName, CookiePolicy};
///
/// CookiePolicy::host_locked(CookieName::new("csrf").unwrap()).domain("example.com");
/// ```
#[derive(Clone, Debug)]
pub struct CookiePolicy<Scope = Anywhere> {
    plan: Plan,
    scope: PhantomData<Scope>,
}

#[derive(Clone, Debug, Default)]
struct Plan {
    name: Option<CookieName>,
    host_locked: bool,
    domain: Option<String>,
    path: Option<String>,
    same_site: Option<SameSite>,
    secure: bool,
    maximum_age: Option<i64>,
}

impl CookiePolicy<Anywhere> {
    /// A cookie of that name.
    #[must_use]
    pub fn new(name: CookieName) -> Self {
        Self { plan: Plan { name: Some(name), ..Plan::default() }, scope: PhantomData }
    }

    /// The host and all below it that get the cookie, such as `example.com`. Text that is no
    /// host name is a [`ConfigError`] of `build()`.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.plan.domain = Some(domain.into());
        self
    }

    /// The path below which the cookie is sent. Text with characters that a cookie cannot carry
    /// is a [`ConfigError`] of `build()`.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.plan.path = Some(path.into());
        self
    }
}

impl CookiePolicy<HostLocked> {
    /// A cookie whose name gets the prefix `__Host-`: `Secure`, path `/`, no domain (RFC 6265bis
    /// section 4.1.3.2).
    #[must_use]
    pub fn host_locked(name: CookieName) -> Self {
        let plan = Plan { name: Some(name), host_locked: true, secure: true, ..Plan::default() };
        Self { plan, scope: PhantomData }
    }
}

impl<Scope> CookiePolicy<Scope> {
    /// Which requests from other sites bring the cookie along.
    #[must_use]
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.plan.secure |= same_site == SameSite::NoneSecure;
        self.plan.same_site = Some(same_site);
        self
    }

    /// Sends the cookie over https only, whatever the site's own scheme is.
    #[must_use]
    pub fn secure(mut self) -> Self {
        self.plan.secure = true;
        self
    }

    /// For the state, nonce and PKCE cookies: how many seconds a sign-in may take (900 by
    /// default).
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.plan.maximum_age = Some(i64::from(seconds));
        self
    }
}

/// A cookie name of characters that RFC 6265 section 4.1.1 allows, without a `__Host-` or
/// `__Secure-` prefix of its own where that prefix would be a lie.
///
/// ```
/// use typegate::cookie::CookieName;
///
/// assert!(CookieName::new("sid").is_ok());
/// assert!(CookieName::new("a;b").is_err());
/// assert!(CookieName::new("__Host-sid").is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CookieName(String);

impl CookieName {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if it is empty, has characters that a cookie name cannot have, or starts
    /// with `__Host-` (use [`CookiePolicy::host_locked`]).
    pub fn new(name: impl Into<String>) -> Result<Self, ConfigError> {
        let name = name.into();
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(ConfigError::new(format!(
                "the cookie name `{}` is not made of letters, digits and !#$%&'*+-.^_`|~",
                name.escape_debug()
            )));
        }
        if name.to_ascii_lowercase().starts_with("__host-") {
            return Err(ConfigError::new(format!(
                "the cookie name `{name}` has the prefix __Host- of its own: \
                 use CookiePolicy::host_locked, which keeps the promise of that prefix"
            )));
        }
        Ok(Self(name))
    }
}

/// The cookies whose name or attributes differ from NextAuth v4's.
#[derive(Clone, Debug, Default)]
pub struct Cookies {
    secure: Option<bool>,
    plans: [Plan; 6],
}

macro_rules! setters {
    ($($(#[$docs:meta])* $name:ident = $index:literal;)*) => {
        $($(#[$docs])*
        #[must_use]
        pub fn $name<Scope>(mut self, policy: CookiePolicy<Scope>) -> Self {
            if let Some(plan) = self.plans.get_mut($index) {
                *plan = policy.plan;
            }
            self
        })*
    };
}

impl Cookies {
    /// No cookie differs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the prefixes `__Secure-` and `__Host-` and the attribute `Secure` are used. By
    /// default they are exactly if the site is https.
    #[must_use]
    pub fn use_secure_cookies(mut self, secure: bool) -> Self {
        self.secure = Some(secure);
        self
    }

    setters! {
        /// The session token.
        session_token = 0;
        /// Where to go after a sign-in.
        callback_url = 1;
        /// The CSRF token.
        csrf_token = 2;
        /// The PKCE code verifier of a sign-in under way.
        pkce_code_verifier = 3;
        /// The state of a sign-in under way.
        state = 4;
        /// The nonce of a sign-in under way.
        nonce = 5;
    }
}

/// Name and attributes as they go on the wire.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedCookie {
    pub(crate) name: Arc<str>,
    pub(crate) domain: Option<Arc<str>>,
    pub(crate) path: Arc<str>,
    pub(crate) secure: bool,
    pub(crate) same_site: &'static str,
    /// Lifetime of a check cookie's sealed value.
    pub(crate) maximum_age: i64,
    /// Whether the lifetime is also sent as `Max-Age`: v4 does, except for the nonce.
    pub(crate) sends_maximum_age: bool,
    /// Characters of a value in one cookie; a longer session goes on in the next.
    pub(crate) chunk_length: usize,
}

impl ResolvedCookie {
    /// The same cookie, sent along by a form of another site as well. Browsers want `Secure` with
    /// it and let it be set on localhost without https.
    pub(crate) fn with_cross_site_posts(&self) -> Self {
        let same_site = SameSite::NoneSecure.as_str();
        Self { same_site, secure: true, ..self.clone() }
    }
}

/// The six cookies of one site, resolved once.
#[derive(Clone, Debug)]
pub(crate) struct CookieSet {
    pub(crate) session_token: ResolvedCookie,
    pub(crate) callback_url: ResolvedCookie,
    pub(crate) csrf_token: ResolvedCookie,
    pub(crate) pkce_code_verifier: ResolvedCookie,
    pub(crate) state: ResolvedCookie,
    pub(crate) nonce: ResolvedCookie,
}

/// v4's: 4096 less its estimate of name and attributes.
const CHUNK_LENGTH: usize = 3933;
/// Bytes that every browser keeps of a cookie, its attributes included (RFC 6265 section 6.1).
const MAXIMUM_LENGTH: usize = 4096;
/// What is in a line besides name, value, domain and path.
const FRAME: &str = ".31=; Domain=; Path=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; \
    SameSite=Strict";
/// More of the application's own leaves too little for a value.
const MAXIMUM_OWN_LENGTH: usize = 1024;
/// v5's.
#[cfg(feature = "auth-js-v5")]
const AUTH_JS_CHUNK_LENGTH: usize = 3936;
/// How long a sign-in may take, in seconds.
const CHECK_LIFETIME: i64 = 15 * 60;

impl CookieSet {
    /// Resolves what the application set against v4's defaults.
    pub(crate) fn resolve(cookies: &Cookies, site_is_https: bool) -> Result<Self, ConfigError> {
        let secure = cookies.secure.unwrap_or(site_is_https);
        let [session_token, callback_url, csrf_token, pkce_code_verifier, state, nonce] =
            &cookies.plans;
        let prefixed = if secure { "__Secure-" } else { "" };
        let host_prefixed = if secure { "__Host-" } else { "" };
        let resolve = |plan: &Plan, prefix, default, sends| {
            resolve(plan, &format!("{prefix}{default}"), secure, sends)
        };
        Ok(Self {
            session_token: resolve(session_token, prefixed, "next-auth.session-token", false)?,
            callback_url: resolve(callback_url, prefixed, "next-auth.callback-url", false)?,
            csrf_token: resolve(csrf_token, host_prefixed, "next-auth.csrf-token", false)?,
            pkce_code_verifier: resolve(
                pkce_code_verifier,
                prefixed,
                "next-auth.pkce.code_verifier",
                true,
            )?,
            state: resolve(state, prefixed, "next-auth.state", true)?,
            nonce: resolve(nonce, prefixed, "next-auth.nonce", false)?,
        })
    }
}

impl ResolvedCookie {
    /// What is kept for a federated sign-out: a name of typegate's own, everything else as the
    /// application has it for the session.
    pub(crate) fn of_provider_session(
        cookies: &Cookies,
        site_is_https: bool,
    ) -> Result<Self, ConfigError> {
        let secure = cookies.secure.unwrap_or(site_is_https);
        let [session_token, ..] = &cookies.plans;
        let plan = Plan { name: None, host_locked: false, ..session_token.clone() };
        let prefix = if secure { "__Secure-" } else { "" };
        resolve(&plan, &format!("{prefix}typegate.provider-session"), secure, false)
    }
}

#[cfg(feature = "auth-js-v5")]
impl ResolvedCookie {
    /// The session cookie of Auth.js v5: its own name, everything else as the application has it
    /// for the session.
    pub(crate) fn of_auth_js(cookies: &Cookies, site_is_https: bool) -> Result<Self, ConfigError> {
        let secure = cookies.secure.unwrap_or(site_is_https);
        let [session_token, ..] = &cookies.plans;
        let plan = Plan { name: None, host_locked: false, ..session_token.clone() };
        let prefix = if secure { "__Secure-" } else { "" };
        let cookie = resolve(&plan, &format!("{prefix}authjs.session-token"), secure, false)?;
        Ok(Self { chunk_length: AUTH_JS_CHUNK_LENGTH, ..cookie })
    }
}

fn resolve(
    plan: &Plan,
    default_name: &str,
    site_is_secure: bool,
    sends_maximum_age: bool,
) -> Result<ResolvedCookie, ConfigError> {
    let name = match &plan.name {
        Some(name) if plan.host_locked => format!("__Host-{}", name.0),
        Some(name) => name.0.clone(),
        None => default_name.to_owned(),
    };
    let own_length = name.len()
        + plan.domain.as_ref().map_or(0, String::len)
        + plan.path.as_ref().map_or(1, String::len);
    if own_length > MAXIMUM_OWN_LENGTH {
        let start: String = name.chars().take(32).collect();
        return Err(ConfigError::new(format!(
            "name, domain and path of the cookie `{start}…` are longer than {MAXIMUM_OWN_LENGTH} \
             characters"
        )));
    }
    let room = MAXIMUM_LENGTH - FRAME.len() - own_length;
    let secure = plan.secure || site_is_secure;
    if name.to_ascii_lowercase().starts_with("__secure-") && !secure {
        return Err(ConfigError::new(format!(
            "the cookie `{name}` is named __Secure- on a site without https: \
             browsers refuse it; add .secure() or take another name"
        )));
    }
    for (what, value) in [("domain", &plan.domain), ("path", &plan.path)] {
        let breaks = |c: char| c.is_control() || c == ';' || !c.is_ascii() || c == ' ';
        if value.as_ref().is_some_and(|value| value.is_empty() || value.contains(breaks)) {
            return Err(ConfigError::new(format!(
                "the {what} of the cookie `{name}` is not valid"
            )));
        }
    }
    if plan.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
        return Err(ConfigError::new(format!(
            "the path of the cookie `{name}` starts without `/`"
        )));
    }
    Ok(ResolvedCookie {
        name: name.into(),
        domain: plan.domain.as_deref().map(Into::into),
        path: plan.path.as_deref().unwrap_or("/").into(),
        secure,
        same_site: plan.same_site.unwrap_or(SameSite::Lax).as_str(),
        maximum_age: plan.maximum_age.unwrap_or(CHECK_LIFETIME),
        sends_maximum_age: sends_maximum_age || plan.maximum_age.is_some(),
        chunk_length: CHUNK_LENGTH.min(room),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r111_https_sites_use_the_prefixes() {
        let set = CookieSet::resolve(&Cookies::new(), true).unwrap();
        assert_eq!(&*set.session_token.name, "__Secure-next-auth.session-token");
        assert_eq!(&*set.csrf_token.name, "__Host-next-auth.csrf-token");
        assert!(set.csrf_token.secure && set.csrf_token.domain.is_none());
        let set = CookieSet::resolve(&Cookies::new(), false).unwrap();
        assert_eq!(&*set.state.name, "next-auth.state");
        assert!(!set.state.secure);
    }

    #[cfg(feature = "auth-js-v5")]
    #[test]
    fn the_cookie_of_auth_js_has_the_attributes_of_the_session() {
        let resolve = |cookies: &Cookies, https| ResolvedCookie::of_auth_js(cookies, https);
        let cookie = resolve(&Cookies::new(), true).unwrap();
        assert_eq!(&*cookie.name, "__Secure-authjs.session-token");
        let policy = CookiePolicy::new(CookieName::new("sid").unwrap()).domain("example.com");
        let cookie = resolve(&Cookies::new().session_token(policy), false).unwrap();
        assert_eq!(&*cookie.name, "authjs.session-token");
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert!(!cookie.secure);
    }

    #[test]
    fn r118_attributes_that_would_end_the_header_are_refused() {
        let name = || CookieName::new("sid").unwrap();
        for policy in [
            CookiePolicy::new(name()).domain("a;b"),
            CookiePolicy::new(name()).domain(""),
            CookiePolicy::new(name()).path("/a\r\nSet-Cookie: x"),
            CookiePolicy::new(name()).path("a"),
        ] {
            assert!(CookieSet::resolve(&Cookies::new().session_token(policy), true).is_err());
        }
    }

    #[test]
    fn same_site_none_is_always_secure() {
        let policy =
            CookiePolicy::new(CookieName::new("s").unwrap()).same_site(SameSite::NoneSecure);
        let set = CookieSet::resolve(&Cookies::new().state(policy), false).unwrap();
        assert!(set.state.secure);
        assert_eq!(set.state.same_site, "None");
    }
}
