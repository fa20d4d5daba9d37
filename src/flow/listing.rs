//! The listings: `GET providers` and `GET csrf`.

use serde_json::json;

use super::Context;
use crate::config::{Config, Site};
use crate::model::JsonObject;
use crate::web::Reply;

/// The providers by id, in the order of the configuration. Sets no cookie.
pub(crate) fn providers(config: &Config, site: &Site<'_>) -> Reply {
    let base = site.url.base();
    let mut listing = JsonObject::new();
    for provider in &config.providers {
        let id = provider.id();
        let entry = json!({
            "id": id,
            "name": provider.name(),
            "type": provider.kind(),
            "signinUrl": format!("{base}/signin/{id}"),
            "callbackUrl": format!("{base}/callback/{id}"),
        });
        listing.insert(id.to_owned(), entry);
    }
    Reply::json(json!(listing).to_string().into_bytes())
}

/// The token that forms have to carry.
pub(crate) fn csrf_token(context: &Context<'_>) -> Reply {
    Reply::json(json!({ "csrfToken": context.csrf.text() }).to_string().into_bytes())
}
