//! The client in parts: what the compiler says of `.client_id(..)` and `.client_secret(..)` where a
//! builder takes the client whole. The builders of the catalogue have both, so that people expect them.

use super::generic::OidcTold;
use super::{OAuth1DefinitionBuilder, OAuthDefinitionBuilder, OidcBuilder};
use crate::oauth::OAuthDefinitionTold;
use crate::oauth::v1::OAuth1DefinitionTold;
use crate::rule::stand_ins;
use crate::setting;

/// Nothing is: a builder that takes the client whole has no parts of it.
#[diagnostic::on_unimplemented(
    message = "the client is given whole here, its id and its secret together",
    label = "there is no such part",
    note = "write `.client(OAuthClient::new(client_id, client_secret))`, or \
            `.client(OAuthClient::public(client_id))` for a client without a secret"
)]
pub trait TakesClientInParts {
    #[doc(hidden)]
    fn never<T>() -> T;
}

/// The same for OAuth 1.0a.
#[diagnostic::on_unimplemented(
    message = "the client is given whole here, its key and its secret together",
    label = "there is no such part",
    note = "write `.client(OAuth1Client::new(client_key, client_secret))`"
)]
pub trait TakesOAuth1ClientInParts {
    #[doc(hidden)]
    fn never<T>() -> T;
}

stand_ins! {
    OidcBuilder<OidcTold>, setting::client, TakesClientInParts: client_id client_secret;
    OAuthDefinitionBuilder<OAuthDefinitionTold>, setting::client, TakesClientInParts: client_id client_secret;
    OAuth1DefinitionBuilder<OAuth1DefinitionTold>, setting::oauth1_client, TakesOAuth1ClientInParts:
        client_id client_key client_secret consumer_key consumer_secret;
}
