//! The endpoints of flows beyond a sign-in: device authorization (RFC 8628 section 4), introspection
//! and revocation (RFC 8414 section 2).

use url::Url;

use super::Transport;
use super::discovered_endpoint::{UnusableEndpoint, read};
use crate::model::JsonObject;

/// Where they are, as far as the discovery document says. No sign-in needs them, so none fails for
/// one that cannot be used.
#[derive(Clone, Debug, Default)]
pub(crate) struct FurtherEndpoints {
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) introspection_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    /// Which ones are there and cannot be used, and why not.
    pub(crate) unusable: Vec<UnusableEndpoint>,
}

impl FurtherEndpoints {
    pub(super) fn of(document: &JsonObject, transport: Transport) -> Self {
        let mut unusable = Vec::new();
        let mut endpoint = |name: &'static str| {
            let url = read(document.get(name), name, transport);
            url.map_err(|endpoint| unusable.push(endpoint)).ok().flatten()
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
