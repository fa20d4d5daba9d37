//! Mail vendors: how they read their variables and write their requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use crate::error::{BoxError, ConfigError};
use crate::runtime::environment::{environment, needed};

/// A variable that has to be set.
pub(super) fn variable(name: &str) -> Result<String, ConfigError> {
    needed(name, environment(name))
}

/// A request with a JSON body and one header that says who sends it.
pub(super) fn json(
    url: &str,
    (header, value): (&str, String),
    body: &Value,
) -> Result<Request<Bytes>, BoxError> {
    let request = Request::post(url).header(CONTENT_TYPE, "application/json");
    Ok(request.header(header, value).body(body.to_string().into())?)
}

/// RFC 6750 section 2.1.
pub(super) fn bearer(key: &str) -> (&'static str, String) {
    (AUTHORIZATION.as_str(), format!("Bearer {key}"))
}

/// RFC 7617.
pub(super) fn basic(user: &str, password: &str) -> (&'static str, String) {
    let pair = STANDARD.encode(format!("{user}:{password}"));
    (AUTHORIZATION.as_str(), format!("Basic {pair}"))
}
