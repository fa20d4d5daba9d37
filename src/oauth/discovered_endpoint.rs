//! An endpoint in a discovery document: an address that may be used, or why it is none.

use serde_json::Value;
use url::Url;

use super::Transport;
use crate::error::Quoted;

/// A member that names no address that may be used, and why not.
#[derive(Clone, Debug)]
pub(crate) struct UnusableEndpoint {
    pub(crate) member: &'static str,
    /// The end of a sentence about the member.
    pub(crate) reason: String,
}

impl UnusableEndpoint {
    /// What is said where the endpoint can be done without.
    pub(crate) fn counts_as_missing(&self) -> String {
        format!("the discovered `{}` {}, so it counts as missing", self.member, self.reason)
    }
}

/// The address, if the member is there; null says the same as a member that is missing.
pub(super) fn read(
    value: Option<&Value>,
    member: &'static str,
    transport: Transport,
) -> Result<Option<Url>, UnusableEndpoint> {
    let unusable = |reason: String| Err(UnusableEndpoint { member, reason });
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return unusable("is not a text".to_owned()),
    };
    match Url::parse(text) {
        // RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3.
        Ok(url) if transport.takes(&url) => Ok(Some(url)),
        Ok(_) => unusable(format!("is not https, but {}", Quoted(text))),
        Err(_) => unusable(format!("is not an absolute URL, but {}", Quoted(text))),
    }
}
