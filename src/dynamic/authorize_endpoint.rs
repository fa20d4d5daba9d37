//! Credentials that another process checks, over HTTP: for applications in any language.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::crypto::secret::ClientSecret;
use crate::error::AuthorizeError;
use crate::model::{JsonObject, User};
use crate::provider::Credentials;
use crate::rule::slot::NotGiven;
use crate::web::outbound::ErasedHttpClient;

/// Members of the form that are the flow's own and no credentials.
const FLOW_MEMBERS: [&str; 4] = ["csrfToken", "callbackUrl", "json", "redirect"];

/// Where credentials are checked.
pub(super) struct AuthorizeEndpoint {
    pub(super) url: Url,
    /// Sent as a bearer token (RFC 6750 section 2.1), so that the endpoint knows who asks.
    pub(super) secret: Option<ClientSecret>,
    pub(super) client: Arc<dyn ErasedHttpClient>,
}

impl AuthorizeEndpoint {
    pub(super) fn provider(self, provider: Credentials<NotGiven>) -> Credentials {
        let endpoint = Arc::new(self);
        provider.authorize(move |form: JsonObject| {
            let endpoint = Arc::clone(&endpoint);
            async move { endpoint.ask(form).await }
        })
    }

    /// `POST`s the form as a JSON object. 200 with a user signs in; 401, 403, 204 and 200 with
    /// `null` refuse; everything else is a failure.
    async fn ask(&self, mut form: JsonObject) -> Result<Option<User>, AuthorizeError> {
        form.retain(|name, _| !FLOW_MEMBERS.contains(&name.as_str()));
        let mut request = Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json");
        if let Some(secret) = &self.secret {
            let mut value = HeaderValue::try_from(format!("Bearer {}", secret.expose()))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let request = request.body(Bytes::from(serde_json::to_vec(&form)?))?;
        let answer = self.client.send(request).await.map_err(AuthorizeError::failed)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NO_CONTENT => {
                return Ok(None);
            }
            status => {
                let status = status.as_u16();
                let text = format!("the endpoint answered {status}, which is neither yes nor no");
                return Err(AuthorizeError::failed(text));
            }
        }
        let said: Value = serde_json::from_slice(answer.body())
            .map_err(|_| AuthorizeError::failed("the endpoint's answer is not JSON"))?;
        if said.is_null() {
            return Ok(None);
        }
        User::deserialize(said).map(Some).map_err(|_| {
            AuthorizeError::failed("the endpoint's answer is not a user with a text `id`")
        })
    }
}
