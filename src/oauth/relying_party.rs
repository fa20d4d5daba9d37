//! The relying party: an OAuth 2.0 client (RFC 6749) that speaks OpenID Connect, for one provider.
//!
//! A sign-in is [`authorization_request`](RelyingParty::authorization_request),
//! [`authorization_url`](RelyingParty::authorization_url), [`exchange`](RelyingParty::exchange) and
//! [`user_info`](RelyingParty::user_info). Afterwards there are [`refresh`](RelyingParty::refresh),
//! [`verify_logout_token`](RelyingParty::verify_logout_token) and
//! [`end_session_url`](RelyingParty::end_session_url). Each method is in the file named after its
//! message. What a sign-in has to remember between two calls goes to the caller, as
//! [`CheckValues`](super::CheckValues).

use std::fmt;
use std::sync::Arc;

use super::single_flight::SingleFlight;
use super::{OAuthDefinition, Remark, Server};
use crate::error::ConfigError;
use crate::model::TokenSet;
use crate::runtime::clock::Clock;
use crate::web::outbound::ErasedHttpClient;

/// The client of one provider.
pub(crate) struct RelyingParty {
    pub(super) definition: Box<OAuthDefinition>,
    pub(super) server: Server,
    pub(super) http_client: Arc<dyn ErasedHttpClient>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) refreshes: SingleFlight<TokenSet>,
}

impl RelyingParty {
    /// Fails if an endpoint of the definition is not an address that may be used, or if what is
    /// selected of an answer is no path.
    pub(crate) fn check_endpoints(definition: &OAuthDefinition) -> Result<(), ConfigError> {
        let selects = [&definition.token_endpoint.select, &definition.user_info_endpoint.select];
        let wrong = selects.into_iter().flatten().find(|path| !path.starts_with('/'));
        if let Some(path) = wrong {
            return Err(ConfigError::new(format!(
                "the provider `{}` selects `{}` of an answer, which is no path: write `data.user`, \
                 `[0]`, or a JSON Pointer (RFC 6901) such as `/data/user`",
                definition.common.id,
                path.escape_debug()
            )));
        }
        Server::new(definition, 0).map(drop)
    }

    /// Metadata and keys are kept for `lifetime` seconds. Fails as
    /// [`check_endpoints`](Self::check_endpoints) does.
    pub(crate) fn new(
        definition: Box<OAuthDefinition>,
        lifetime: i64,
        http_client: Arc<dyn ErasedHttpClient>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConfigError> {
        let server = Server::new(&definition, lifetime)?;
        let refreshes = SingleFlight::default();
        Ok(Self { definition, server, http_client, clock, refreshes })
    }

    /// What is known of the provider.
    pub(crate) fn definition(&self) -> &OAuthDefinition {
        &self.definition
    }

    /// What the provider did otherwise than it should since the last call.
    pub(crate) fn take_remarks(&self) -> Vec<Remark> {
        self.server.remarks.take()
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty").field("definition", &self.definition).finish_non_exhaustive()
    }
}
