//! The cookies of a site and the keys of those that are sealed, resolved once.

use crate::crypto::secret::Secret;
use crate::error::ConfigError;
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
    ) -> Result<Self, ConfigError> {
        let set = CookieSet::resolve(cookies, https)?;
        let keys = |name: &str| SealingKeys::derive(secrets, name);
        let provider_session = ResolvedCookie::of_provider_session(cookies, https);
        Ok(Self {
            provider_session_keys: keys(&provider_session.name),
            provider_session,
            session: SessionCookies::resolve(&set, cookies, https, secrets, codec)?,
            state_keys: keys(&set.state.name),
            nonce_keys: keys(&set.nonce.name),
            pkce_keys: keys(&set.pkce_code_verifier.name),
            set,
        })
    }
}
