//! The endpoints of flows beyond a sign-in: device authorization (RFC 8628 section 4), introspection
//! and revocation (RFC 8414 section 2).

use serde_json::Value;
use url::Url;

use super::Transport;
use crate::model::JsonObject;

/// Where they are, as far as the discovery document says. No sign-in needs them, so none fails for
/// one that cannot be used.
#[derive(Clone, Debug, Default)]
pub(crate) struct FurtherEndpoints {
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) introspection_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    /// Which ones are there and cannot be used, and why not.
    pub(crate) unusable: Vec<(&'static str, &'static str)>,
}

impl FurtherEndpoints {
    pub(super) fn of(document: &JsonObject, transport: Transport) -> Self {
        let mut unusable = Vec::new();
        let mut endpoint = |name: &'static str| {
            let url = read(document.get(name)?, transport);
            url.map_err(|reason| unusable.push((name, reason))).ok().flatten()
        };
        let device_authorization_endpoint = endpoint("device_authorization_endpoint");
        let introspection_endpoint = endpoint("introspection_endpoint");
        let revocation_endpoint = endpoint("revocation_endpoint");
        Self {
            device_authorization_endpoint,
            introspection_endpoint,
            revocation_endpoint,
            unusable,
        }
    }
}

/// An address, or why it is none; null says the same as a member that is missing.
fn read(member: &Value, transport: Transport) -> Result<Option<Url>, &'static str> {
    let text = match member {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => return Err("is not a text"),
    };
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    // RFC 6749 section 3.2, RFC 7009 section 2, RFC 7662 section 2, RFC 8628 section 3.1.
    if transport.takes(&url) { Ok(Some(url)) } else { Err("is not https") }
}
