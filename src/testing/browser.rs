//! A browser for tests: one profile at one application, which keeps cookies and goes to an identity
//! provider and back.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::net::Ipv4Addr;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{Request, Response, request};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tower_service::Service;

use super::IdentityProvider;
use crate::error::BoxError;
use crate::web::client_address::ClientAddress;

/// A browser for tests of an application, which is whatever speaks `tower::Service`:
/// [`Auth::service`](crate::Auth::service), or the whole router.
///
/// Cookies are kept by name and sent everywhere; a deletion deletes. See [`IdentityProvider`] for
/// an example.
pub struct Browser<S> {
    application: S,
    base_path: String,
    cookies: BTreeMap<String, String>,
}

impl<S> Browser<S> {
    /// A browser without cookies, for an application whose auth routes are under `/api/auth`.
    #[must_use]
    pub fn new(application: S) -> Self {
        Self { application, base_path: "/api/auth".into(), cookies: BTreeMap::new() }
    }

    /// Where the auth routes are.
    #[must_use]
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base_path = path.into();
        self
    }

    /// The value of a cookie as it was sent, percent-encoded.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }
}

impl<S, B> Browser<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: Body,
    B::Error: Into<BoxError>,
{
    /// Goes to an address; redirects are not followed.
    ///
    /// # Errors
    ///
    /// What the application's service or its body fails with.
    pub async fn get(&mut self, address: &str) -> Result<Response<Bytes>, BoxError> {
        self.send(Request::get(address), Bytes::new()).await
    }

    /// Submits a form.
    ///
    /// # Errors
    ///
    /// What the application's service or its body fails with.
    pub async fn post<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        address: &str,
        fields: &[(N, V)],
    ) -> Result<Response<Bytes>, BoxError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            Request::post(address).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, form.into()).await
    }

    /// Signs in with the provider of that id, at which everybody agrees: the answer to the
    /// callback, a redirect to the callback URL or to the error page. What did not get as far as
    /// the provider is answered by the redirect that ended it.
    ///
    /// # Errors
    ///
    /// What the application's service or its body fails with; `AuthorizationRefused` if the
    /// provider shows an error page.
    pub async fn sign_in(
        &mut self,
        id: &str,
        provider: &IdentityProvider,
    ) -> Result<Response<Bytes>, BoxError> {
        let csrf = self.get(&format!("{}/csrf", self.base_path)).await?;
        let csrf: Value = serde_json::from_slice(csrf.body())?;
        let token = csrf.get("csrfToken").and_then(Value::as_str).unwrap_or_default();
        let address = format!("{}/signin/{id}", self.base_path);
        let started = self.post(&address, &[("csrfToken", token)]).await?;
        let target = started.headers().get(LOCATION).and_then(|target| target.to_str().ok());
        let Some(target) = target.filter(|target| provider.is_authorization_endpoint(target))
        else {
            return Ok(started);
        };
        let back = provider.authorize(target)?;
        match back.form() {
            Some(fields) => self.post(&back.address(), fields).await,
            None => self.get(&back.address()).await,
        }
    }

    async fn send(
        &mut self,
        request: request::Builder,
        body: Bytes,
    ) -> Result<Response<Bytes>, BoxError> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.body(Full::new(body))?;
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse()?);
        }
        // As a server tells it.
        request.extensions_mut().insert(ClientAddress(Ipv4Addr::LOCALHOST.into()));
        poll_fn(|context| self.application.poll_ready(context)).await.map_err(Into::into)?;
        let (parts, body) = self.application.call(request).await.map_err(Into::into)?.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            let line = line.to_str()?;
            let pair = line.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if line.contains("; Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.map_err(Into::into)?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

impl<S> fmt::Debug for Browser<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("base_path", &self.base_path).finish_non_exhaustive()
    }
}
