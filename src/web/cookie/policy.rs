//! The cookie policy: the name and the attributes of each cookie.
//!
//! What browsers refuse cannot be written: `SameSite=None` brings `Secure` with it, and a
//! `__Host-` name has neither domain nor path.

use std::marker::PhantomData;
use std::sync::Arc;

use super::check;
use super::same_site::{IntoSameSite, SameSite};
use crate::error::{ConfigError, ConfigErrors};
use crate::web::site::SiteUrl;

/// A cookie that may name a domain and a path.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Anywhere;

/// Where a cookie goes is up to the application.
#[diagnostic::on_unimplemented(
    message = "a cookie that is tied to one host has the path `/` and no domain (`__Host-`)",
    label = "browsers would refuse this cookie",
    note = "leave it out, or write `CookiePolicy::new(name)` for a cookie without the prefix `__Host-`"
)]
pub trait GoesAnywhere {}

#[diagnostic::do_not_recommend]
impl GoesAnywhere for Anywhere {}

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
/// ```compile_fail,E0277
/// use typegate::cookie::{CookieName, CookiePolicy};
///
/// // a cookie that is tied to one host has the path `/` and no domain
///
/// CookiePolicy::host_locked(CookieName::new("csrf").unwrap()).domain("example.com");
/// ```
#[derive(Clone, Debug)]
pub struct CookiePolicy<Scope = Anywhere> {
    plan: Plan,
    scope: PhantomData<Scope>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    name: Option<CookieName>,
    host_locked: bool,
    pub(super) domain: Option<String>,
    pub(super) path: Option<String>,
    pub(super) same_site: Option<SameSite>,
    pub(super) secure: bool,
    pub(super) maximum_age: Option<i64>,
}

impl Plan {
    /// The name that the application gave, with its prefix.
    pub(super) fn full_name(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        Some(if self.host_locked { format!("__Host-{}", name.0) } else { name.0.clone() })
    }

    /// What of a line is the application's own besides the value, in bytes.
    pub(super) fn own_length(&self, name: &str) -> usize {
        name.len()
            + self.domain.as_ref().map_or(0, String::len)
            + self.path.as_ref().map_or(1, String::len)
    }
}

/// What the six cookies have of their own.
#[derive(Debug)]
pub(super) struct Kind {
    /// What messages call it.
    pub(super) what: &'static str,
    /// v4's name, less its prefix.
    default_name: &'static str,
    secure_prefix: &'static str,
    /// It is there for one sign-in only, and its lifetime is a setting.
    pub(super) is_check: bool,
    /// A callback reads it, and goes on without it.
    pub(super) is_of_callback: bool,
    sends_maximum_age: bool,
}

impl Kind {
    const fn new(what: &'static str, default_name: &'static str) -> Self {
        Self {
            what,
            default_name,
            secure_prefix: SECURE_PREFIX,
            is_check: false,
            is_of_callback: false,
            sends_maximum_age: false,
        }
    }
}

const SECURE_PREFIX: &str = "__Secure-";

/// In the order of [`Cookies::plans`].
pub(super) static KINDS: [Kind; 6] = [
    Kind::new("session", "next-auth.session-token"),
    Kind { is_of_callback: true, ..Kind::new("callback URL", "next-auth.callback-url") },
    Kind { secure_prefix: "__Host-", ..Kind::new("CSRF token", "next-auth.csrf-token") },
    Kind {
        is_check: true,
        sends_maximum_age: true,
        ..Kind::new("PKCE code verifier", "next-auth.pkce.code_verifier")
    },
    Kind { is_check: true, sends_maximum_age: true, ..Kind::new("state", "next-auth.state") },
    Kind { is_check: true, ..Kind::new("nonce", "next-auth.nonce") },
];

/// What is kept for a sign-out at the provider, less its prefix.
pub(super) const PROVIDER_SESSION: &str = "typegate.provider-session";
/// What a visitor typed at a sign-in that has not succeeded yet, less its prefix.
pub(super) const LAST_ATTEMPT: &str = "typegate.last-attempt";
/// Auth.js v5's session, less its prefix.
#[cfg(feature = "auth-js-v5")]
pub(crate) const AUTH_JS_SESSION: &str = "authjs.session-token";

/// The name on a site whose cookies are `Secure` or not.
pub(super) fn resolved_name(plan: &Plan, kind: &Kind, secure: bool) -> String {
    let prefix = if secure { kind.secure_prefix } else { "" };
    plan.full_name().unwrap_or_else(|| format!("{prefix}{}", kind.default_name))
}

impl CookiePolicy<Anywhere> {
    /// A cookie of that name.
    #[must_use]
    pub fn new(name: CookieName) -> Self {
        Self { plan: Plan { name: Some(name), ..Plan::default() }, scope: PhantomData }
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

#[typegate_macros::__unquoted]
impl<Scope> CookiePolicy<Scope> {
    /// The host and all below it that get the cookie, such as `example.com`. Text that is no host
    /// name, a public suffix such as `co.uk`, and what the site's host is not below are
    /// [`ConfigError`]s of `build()`, because browsers refuse such a cookie.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self
    where
        Scope: GoesAnywhere,
    {
        self.plan.domain = Some(domain.into());
        self
    }

    /// The path below which the cookie is sent. Text with characters that a cookie cannot carry,
    /// and a path that leaves the auth routes out, are [`ConfigError`]s of `build()`.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self
    where
        Scope: GoesAnywhere,
    {
        self.plan.path = Some(path.into());
        self
    }

    /// Which requests from other sites bring the cookie along.
    #[must_use]
    pub fn same_site(mut self, same_site: impl IntoSameSite) -> Self {
        let same_site = same_site.into_same_site();
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

    /// For the state, nonce and PKCE cookies: how many seconds a sign-in may take, from 30 to
    /// 86,400 (900 by default).
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
pub(super) const MAXIMUM_LENGTH: usize = 4096;
/// What is in a line besides name, value, domain and path.
const FRAME: &str = ".31=; Domain=; Path=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; \
    SameSite=Strict";
/// More of the application's own leaves too little for a value.
pub(super) const MAXIMUM_OWN_LENGTH: usize = 1024;
/// v5's.
#[cfg(feature = "auth-js-v5")]
const AUTH_JS_CHUNK_LENGTH: usize = 3936;
/// How long a sign-in may take, in seconds.
const CHECK_LIFETIME: i64 = 15 * 60;

impl CookieSet {
    /// Resolves what the application set against v4's defaults.
    pub(crate) fn resolve(
        cookies: &Cookies,
        site_is_https: bool,
        refused: &mut ConfigErrors,
    ) -> Option<Self> {
        let secure = cookies.uses_secure(site_is_https);
        let mut resolved = Vec::with_capacity(KINDS.len());
        for (plan, kind) in cookies.plans.iter().zip(&KINDS) {
            let name = resolved_name(plan, kind, secure);
            refused.extend(check::form(kind.what, &name, plan, secure));
            resolved.push(resolve(plan, name, secure, kind.sends_maximum_age));
        }
        let [session_token, callback_url, csrf_token, pkce_code_verifier, state, nonce] =
            <[ResolvedCookie; 6]>::try_from(resolved).ok()?;
        Some(Self { session_token, callback_url, csrf_token, pkce_code_verifier, state, nonce })
    }
}

impl Cookies {
    /// Whether cookies are `Secure` on a site of that scheme.
    pub(super) fn uses_secure(&self, site_is_https: bool) -> bool {
        self.secure.unwrap_or(site_is_https)
    }

    /// What works and protects less than it could.
    pub(crate) fn doubtful(&self, site: &SiteUrl) -> Option<String> {
        (self.secure == Some(false) && site.is_https()).then(|| {
            format!(
                "`use_secure_cookies(false)` on {} lets browsers send the session without https, \
                 where it can be read: leave it out",
                site.origin()
            )
        })
    }

    pub(super) fn plans(&self) -> &[Plan; 6] {
        &self.plans
    }
}

impl ResolvedCookie {
    /// What is kept for RP-initiated logout: a name of typegate's own, everything else as the
    /// application has it for the session.
    pub(crate) fn of_provider_session(cookies: &Cookies, site_is_https: bool) -> Self {
        Self::like_session(cookies, site_is_https, PROVIDER_SESSION)
    }

    /// What is kept of a sign-in that has not succeeded yet, with the same attributes.
    pub(crate) fn of_last_attempt(cookies: &Cookies, site_is_https: bool) -> Self {
        Self::like_session(cookies, site_is_https, LAST_ATTEMPT)
    }

    /// The session cookie of Auth.js v5: its own name, everything else as the application has it
    /// for the session.
    #[cfg(feature = "auth-js-v5")]
    pub(crate) fn of_auth_js(cookies: &Cookies, site_is_https: bool) -> Self {
        let cookie = Self::like_session(cookies, site_is_https, AUTH_JS_SESSION);
        Self { chunk_length: AUTH_JS_CHUNK_LENGTH, ..cookie }
    }

    fn like_session(cookies: &Cookies, site_is_https: bool, name: &str) -> Self {
        let secure = cookies.uses_secure(site_is_https);
        let [session_token, ..] = &cookies.plans;
        let prefix = if secure { SECURE_PREFIX } else { "" };
        resolve(session_token, format!("{prefix}{name}"), secure, false)
    }
}

fn resolve(
    plan: &Plan,
    name: String,
    site_is_secure: bool,
    sends_maximum_age: bool,
) -> ResolvedCookie {
    // A longer name, domain or path is refused by `check`.
    let own_length = plan.own_length(&name);
    let room = MAXIMUM_LENGTH.saturating_sub(FRAME.len() + own_length);
    ResolvedCookie {
        name: name.into(),
        domain: plan.domain.as_deref().map(Into::into),
        path: plan.path.as_deref().unwrap_or("/").into(),
        secure: plan.secure || site_is_secure,
        same_site: plan.same_site.unwrap_or(SameSite::Lax).as_str(),
        maximum_age: plan.maximum_age.unwrap_or(CHECK_LIFETIME),
        sends_maximum_age: sends_maximum_age || plan.maximum_age.is_some(),
        chunk_length: CHUNK_LENGTH.min(room),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r111_https_sites_use_the_prefixes() {
        let set = CookieSet::resolve(&Cookies::new(), true, &mut ConfigErrors::default()).unwrap();
        assert_eq!(&*set.session_token.name, "__Secure-next-auth.session-token");
        assert_eq!(&*set.csrf_token.name, "__Host-next-auth.csrf-token");
        assert!(set.csrf_token.secure && set.csrf_token.domain.is_none());
        let set = CookieSet::resolve(&Cookies::new(), false, &mut ConfigErrors::default()).unwrap();
        assert_eq!(&*set.state.name, "next-auth.state");
        assert!(!set.state.secure);
    }

    #[cfg(feature = "auth-js-v5")]
    #[test]
    fn the_cookie_of_auth_js_has_the_attributes_of_the_session() {
        let resolve = |cookies: &Cookies, https| ResolvedCookie::of_auth_js(cookies, https);
        let cookie = resolve(&Cookies::new(), true);
        assert_eq!(&*cookie.name, "__Secure-authjs.session-token");
        let policy = CookiePolicy::new(CookieName::new("sid").unwrap()).domain("example.com");
        let cookie = resolve(&Cookies::new().session_token(policy), false);
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
            let mut refused = ConfigErrors::default();
            CookieSet::resolve(&Cookies::new().session_token(policy), true, &mut refused);
            assert!(!refused.is_empty());
        }
    }

    #[test]
    fn same_site_none_is_always_secure() {
        let policy =
            CookiePolicy::new(CookieName::new("s").unwrap()).same_site(SameSite::NoneSecure);
        let set =
            CookieSet::resolve(&Cookies::new().state(policy), false, &mut ConfigErrors::default())
                .unwrap();
        assert!(set.state.secure);
        assert_eq!(set.state.same_site, "None");
    }
}
