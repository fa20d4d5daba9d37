//! Credentials that another process checks, over HTTP: for applications in any language.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::crypto::secret::ClientSecret;
use crate::error::outage::is_unreachable;
use crate::error::{AuthorizeError, BoxError};
use crate::model::{JsonObject, User};
use crate::provider::Credentials;
use crate::rule::slot::NotGiven;
use crate::web::outbound::{
    ErasedHttpClient, FailedRequest, address, ask, check_status, of_client,
};

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
    /// The provider, with this as its check.
    pub(super) fn checks(self: &Arc<Self>, provider: Credentials<NotGiven>) -> Credentials {
        let endpoint = Arc::clone(self);
        provider.authorize(move |form: JsonObject| {
            let endpoint = Arc::clone(&endpoint);
            async move { endpoint.ask(form).await }
        })
    }

    /// The address, as a log may have it, if somebody answers there, asked without a form (RFC 9110
    /// section 9.3.7), so that nobody counts it as a guess. Most programs answer a method that they do
    /// not take by 405.
    pub(super) async fn reach(&self) -> Result<String, FailedRequest> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::OPTIONS;
        *request.uri_mut() = self.url.as_str().parse().unwrap_or_default();
        let asked = address(request.uri(), &[]);
        let read = |answer: &Response<Bytes>| match answer.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => check_status(answer, &[]),
            status if status.is_server_error() || status.is_redirection() => {
                check_status(answer, &[])
            }
            _ => Ok(()),
        };
        ask(&*self.client, request, &[], read).await.map(|()| asked)
    }

    /// A failure of the endpoint, with what to do about it.
    fn unanswered(&self, what: impl Into<String>, source: Option<BoxError>) -> Unanswered {
        let url = self.url.as_str().parse().unwrap_or_default();
        Unanswered { asked: address(&url, &[]), what: what.into(), source }
    }

    /// `POST`s the form as a JSON object. 200 with a user signs in; 401, 403, 204 and 200 with
    /// `null` refuse; everything else is a failure. Of those, what can be no verdict gives the attempt
    /// back; 500 may be how a program says no.
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
        let answer = self.client.send(request).await.map_err(|error| {
            // Who was reached and says nothing may have heard a wrong password.
            let is_unreachable = is_unreachable(of_client(&*error));
            let what = "did not answer: see that its program runs, and that `endpoint` leads there";
            let unanswered = self.unanswered(what, Some(error));
            match is_unreachable {
                true => AuthorizeError::unavailable(unanswered),
                false => AuthorizeError::failed(unanswered),
            }
        })?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NO_CONTENT => {
                return Ok(None);
            }
            // Not 502 and 504: with them a proxy says that a program died or hung, perhaps of this.
            StatusCode::SERVICE_UNAVAILABLE => {
                let what = "answered 503, so nobody checked: see that its program runs";
                return Err(AuthorizeError::unavailable(self.unanswered(what, None)));
            }
            status => {
                let what = format!(
                    "answered {}, which is neither yes (200) nor no (401): {}",
                    status.as_u16(),
                    advice(status)
                );
                return Err(AuthorizeError::failed(self.unanswered(what, None)));
            }
        }
        let said: Value = serde_json::from_slice(answer.body()).map_err(|_| {
            let what = "answered 200 without JSON: its program answers with a user or `null`";
            AuthorizeError::failed(self.unanswered(what, None))
        })?;
        if said.is_null() {
            return Ok(None);
        }
        User::deserialize(said).map(Some).map_err(|_| {
            let what = "answered 200 with JSON that is no user: its program answers with an object \
                        that has a text `id`, or `null`";
            AuthorizeError::failed(self.unanswered(what, None))
        })
    }
}

/// Why there is neither yes nor no.
#[derive(Debug, thiserror::Error)]
#[error("the endpoint {asked} (authorize) {what}")]
struct Unanswered {
    asked: String,
    what: String,
    source: Option<BoxError>,
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
            "look at the path of `endpoint`, which has to take POST"
        }
        status if status.is_redirection() => "write the address that it leads to as `endpoint`",
        status if status.is_server_error() => "the log of its program says why",
        _ => "see what its program expects",
    }
}
