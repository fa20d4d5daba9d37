//! The redirect URI, with the response added to it.

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

/// Where an authorization response goes: made only after the client and its redirect
/// URI were checked, so a value of this type is safe to redirect to.
#[derive(Clone)]
pub(super) struct ReturnAddress {
    pub(super) redirect_uri: Url,
    pub(super) state: Option<String>,
}

impl ReturnAddress {
    /// RFC 6749 section 4.1.2.
    pub(super) fn success(self, issuer: &str, code: &str) -> Response {
        self.respond(issuer, &[("code", code)])
    }

    /// RFC 6749 section 4.1.2.1.
    pub(super) fn error(self, issuer: &str, error: &str, description: &str) -> Response {
        self.respond(issuer, &[("error", error), ("error_description", description)])
    }

    /// With 303 the browser drops the form that was posted to this provider
    /// (RFC 9700 section 4.12).
    fn respond(self, issuer: &str, parameters: &[(&str, &str)]) -> Response {
        let mut uri = self.redirect_uri;
        uri.query_pairs_mut()
            .extend_pairs(parameters)
            .extend_pairs(self.state.map(|state| ("state", state)))
            // RFC 9207 section 2: on errors too.
            .append_pair("iss", issuer);
        Redirect::to(uri.as_str()).into_response()
    }
}
