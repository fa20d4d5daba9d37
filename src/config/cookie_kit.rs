//! The cookies of a site, and the keys of those that are sealed.

use crate::crypto::secret::Secret;
use crate::error::ConfigErrors;
use crate::jose::SealingKeys;
use crate::session::SessionCodec;
use crate::session::SessionCookies;
use crate::web::cookie::{CookieSet, Cookies, ResolvedCookie};

/// The cookies of a site and the keys of those that are sealed.
#[derive(Debug)]
pub(crate) struct CookieKit {
    pub(crate) set: CookieSet,
    /// What flows use for the session, which may have more than the one cookie of `set`.
    pub(crate) session: SessionCookies,
    /// What a provider wants to hear when somebody signs out.
    pub(crate) provider_session: ResolvedCookie,
    pub(crate) provider_session_keys: SealingKeys,
    /// What a visitor typed, for the page after a sign-in that failed.
    pub(crate) last_attempt: ResolvedCookie,
    pub(crate) last_attempt_keys: SealingKeys,
    pub(crate) state_keys: SealingKeys,
    pub(crate) nonce_keys: SealingKeys,
    pub(crate) pkce_keys: SealingKeys,
}

impl CookieKit {
    pub(crate) fn new(
        cookies: &Cookies,
        https: bool,
        secrets: &[Secret],
        codec: &SessionCodec,
        refused: &mut ConfigErrors,
    ) -> Option<Self> {
        let set = CookieSet::resolve(cookies, https, refused)?;
        let session = SessionCookies::resolve(&set, cookies, https, secrets, codec);
        let keys = |name: &str| SealingKeys::derive(secrets, name);
        let provider_session = ResolvedCookie::of_provider_session(cookies, https);
        let last_attempt = ResolvedCookie::of_last_attempt(cookies, https);
        Some(Self {
            last_attempt_keys: keys(&last_attempt.name),
            last_attempt,
            provider_session_keys: keys(&provider_session.name),
            provider_session,
            session: refused.keep(session)?,
            state_keys: keys(&set.state.name),
            nonce_keys: keys(&set.nonce.name),
            pkce_keys: keys(&set.pkce_code_verifier.name),
            set,
        })
    }
}
