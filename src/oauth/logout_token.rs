//! Logout token validation (OpenID Connect Back-Channel Logout 1.0 section 2.6, whose step numbers
//! are in brackets).

use serde_json::Value;

use super::RelyingParty;
use super::issued_token::{Kind, Parties, subject, verified};
use crate::error::OAuthError;
use crate::model::JsonObject;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a logout token says that passed every check.
#[derive(Debug)]
pub(crate) struct Logout {
    /// Who is signed out, in the provider's words.
    pub(crate) subject: String,
    /// The `jti`, which no other token has.
    pub(crate) token_id: String,
    /// When it expires, in seconds since 1970.
    pub(crate) expires: f64,
}

/// Why a logout token is not taken.
#[derive(Debug)]
pub(crate) enum LogoutRefused {
    /// It is not known to be signed by the provider for this client.
    Unproven(OAuthError),
    /// The provider signed it for this client, but it is not a logout token, or names nobody.
    Invalid(OAuthError),
}

impl RelyingParty {
    /// In this order: [2, 3] signature, issuer, audience and times, as for an ID token; then the
    /// claims of a logout token.
    pub(crate) async fn verify_logout_token(&self, token: &str) -> Result<Logout, LogoutRefused> {
        let now = self.clock.now();
        let signed = async {
            let metadata = self.server.metadata(&self.http_client, now).await?;
            let parties = Parties { relying_party: self, metadata: &metadata, now };
            verified(token, Kind::LogoutToken, &parties).await
        };
        let claims = signed.await.map_err(LogoutRefused::Unproven)?.claims;
        check(&claims).map_err(|reason| LogoutRefused::Invalid(Kind::LogoutToken.refused(reason)))
    }
}

fn check(claims: &JsonObject) -> Result<Logout, &'static str> {
    // [5] Without this an ID token would do.
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err("does not say that somebody signed out");
    }
    // [6] With one it could be taken for an ID token elsewhere.
    if claims.contains_key("nonce") {
        return Err("has a nonce");
    }
    let token_id = claims.get("jti").and_then(Value::as_str).filter(|id| !id.is_empty());
    let token_id = token_id.ok_or("has no id")?;
    // [4]
    if claims.get("sid").is_some_and(|session| !session.is_string()) {
        return Err("names a session that is no text");
    }
    if !claims.contains_key("sub") {
        let names_a_session = claims.contains_key("sid");
        return Err(if names_a_session {
            "names a session and no subject"
        } else {
            "names nobody"
        });
    }
    let subject = subject(claims).ok_or("has no usable subject")?;
    let expires = claims.get("exp").and_then(Value::as_f64).unwrap_or_default();
    Ok(Logout { subject: subject.into(), token_id: token_id.into(), expires })
}
