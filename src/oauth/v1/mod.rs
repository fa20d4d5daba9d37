//! OAuth 1.0a (RFC 5849): the definition of a provider, and the client that talks to it.

mod authorization_response;
mod definition;
mod relying_party;
pub(crate) mod signature;
mod signed_request;
mod token;

pub(crate) use self::authorization_response::{OAuth1AuthorizationResponse, refusal};
use self::definition::OAuth1Server;
pub use self::definition::{
    OAuth1Client, OAuth1Definition, OAuth1DefinitionBuilder, OAuth1DefinitionSlots,
    OAuth1DefinitionTold, OAuth1Endpoints, oauth1_option,
};
pub(crate) use self::relying_party::OAuth1RelyingParty;
pub use self::signature::SignatureMethod;
pub(crate) use self::token::Token;
