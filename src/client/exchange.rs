//! One exchange: a request with the jar's cookies, and its response taken apart.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;
use url::Url;

use super::{ClientError, Shared};
use crate::model::JsonObject;

/// What Auth.js v5 answers with JSON instead of a redirect for; v4 wants `json=true` in the form.
const RETURN_REDIRECT: HeaderName = HeaderName::from_static("x-auth-return-redirect");

/// A request that is to be made.
pub(super) struct Call {
    method: Method,
    url: Url,
    body: Body,
}

enum Body {
    None,
    Form(String),
    Json(Vec<u8>),
}

impl Call {
    pub(super) fn get(url: Url) -> Self {
        Self { method: Method::GET, url, body: Body::None }
    }

    pub(super) fn post_form(url: Url, form: String) -> Self {
        Self { method: Method::POST, url, body: Body::Form(form) }
    }

    pub(super) fn post_json(url: Url, object: &JsonObject) -> Self {
        // JSON values always serialise.
        let body = serde_json::to_vec(object).unwrap_or_default();
        Self { method: Method::POST, url, body: Body::Json(body) }
    }
}

/// An answer of whatever status.
pub(super) struct Answer {
    method: Method,
    url: Url,
    status: StatusCode,
    location: Option<String>,
    json: Option<Value>,
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON of a good answer.
    pub(super) fn into_json(self) -> Result<Value, ClientError> {
        if !self.status.is_success() {
            return Err(ClientError::status(&self.method, &self.url, self.status));
        }
        self.json.ok_or_else(|| ClientError::not_json(&self.method, &self.url, self.status))
    }

    /// Where the answer leads: the `url` of v4's and v5's JSON, of whatever status, or the
    /// redirect that an older server sends.
    pub(super) fn target(&self, site: &Url) -> Result<Url, ClientError> {
        let target = match (&self.json, &self.location) {
            (_, Some(location)) if self.status.is_redirection() => location,
            (Some(Value::Object(object)), _) => match object.get("url") {
                Some(Value::String(url)) => url,
                _ if !self.status.is_success() => {
                    return Err(ClientError::status(&self.method, &self.url, self.status));
                }
                _ => return Err(self.unexpected("the answer does not say where to go on")),
            },
            _ if !self.status.is_success() => {
                return Err(ClientError::status(&self.method, &self.url, self.status));
            }
            _ => return Err(ClientError::not_json(&self.method, &self.url, self.status)),
        };
        // v4's client fails at a path, which a `signIn` callback may well return.
        let url = site.join(target).map_err(|_| self.unexpected("the answer leads nowhere"))?;
        // It will be opened in a browser, which must not be made to run `javascript:`.
        if !matches!(url.scheme(), "http" | "https") {
            return Err(self.unexpected("the answer leads to something that is no web address"));
        }
        Ok(url)
    }

    pub(super) fn unexpected(&self, problem: &'static str) -> ClientError {
        ClientError::unexpected(&self.method, &self.url, self.status, problem)
    }
}

impl Shared {
    /// Makes a request with the jar's cookies and takes those of the answer.
    pub(super) async fn send(&self, call: Call) -> Result<Answer, ClientError> {
        let Call { method, url, body } = call;
        let failed = |error| ClientError::transport(&method, &url, error);
        let mut request = Request::builder()
            .method(&method)
            .uri(url.as_str())
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        let body = match body {
            Body::None => Bytes::new(),
            Body::Form(form) => {
                request = request
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(RETURN_REDIRECT, "1");
                form.into()
            }
            Body::Json(json) => {
                request = request.header(CONTENT_TYPE, "application/json");
                json.into()
            }
        };
        if let Some(cookies) = self.jar().header(self.clock.now()) {
            request = request.header(COOKIE, cookies);
        }
        let request = request.body(body).map_err(|error| failed(error.into()))?;
        let response = self.http.send(request).await.map_err(failed)?;
        self.jar().take(response.headers().get_all(SET_COOKIE), &self.site, self.clock.now());
        let location = response.headers().get(LOCATION);
        Ok(Answer {
            status: response.status(),
            location: location.and_then(|value| Some(value.to_str().ok()?.to_owned())),
            json: serde_json::from_slice(response.body()).ok(),
            method,
            url,
        })
    }
}
