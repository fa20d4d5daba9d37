//! OAuth 1.0a (RFC 5849): what has to be known of such a provider, and how requests are signed.

mod definition;
pub(crate) mod signature;

pub(crate) use self::definition::OAuth1Server;
pub use self::definition::{
    OAuth1Client, OAuth1Definition, OAuth1DefinitionBuilder, OAuth1DefinitionParts, OAuth1Endpoints,
};
pub use self::signature::SignatureMethod;
