//! A browser: one cookie jar, one site.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE};
use http::{HeaderName, HeaderValue, Method, Request};
use serde_json::Value;
use typegate::clock::Clock as _;
use typegate::testing::{AuthorizationResponse, FrozenClock};
use typegate::{Auth, ClientAddress, DefaultSession};

use super::{Answer, Jar, ORIGIN};

pub(crate) struct Browser<D = DefaultSession> {
    auth: Auth<D>,
    clock: FrozenClock,
    origin: String,
    pub(crate) jar: Jar,
    /// What stands in the `Cookie` line in front of its own: cookies of others, of whatever bytes.
    pub(crate) foreign: Vec<u8>,
    /// Headers of every request.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The address that the server sees: one of the internet, unless a test says otherwise.
    pub(crate) peer: Option<IpAddr>,
}

impl<D> Browser<D> {
    pub(crate) fn new(auth: &Auth<D>, clock: &FrozenClock) -> Self {
        Self::at(ORIGIN, auth, clock)
    }

    /// A browser at a site with another address.
    pub(crate) fn at(origin: &str, auth: &Auth<D>, clock: &FrozenClock) -> Self {
        Self {
            auth: auth.clone(),
            clock: clock.clone(),
            origin: origin.into(),
            jar: Jar::default(),
            foreign: Vec::new(),
            headers: Vec::new(),
            peer: Some([192, 0, 2, 1].into()),
        }
    }

    /// The `Cookie` header of the next request.
    pub(crate) fn cookie_header(&self) -> String {
        self.jar.header(self.clock.now().as_second())
    }

    /// Comes back from an identity provider: by a link, or by a form that its page posts.
    pub(crate) async fn bring(&mut self, response: &AuthorizationResponse) -> Answer {
        let Some(form) = response.form() else { return self.get(&response.address()).await };
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let cookies = self.jar.cross_site_post_header(self.clock.now().as_second());
        let kind = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, &response.address(), cookies, kind, form.into()).await
    }

    pub(crate) async fn request(
        &mut self,
        method: Method,
        address: &str,
        content_type: Option<&str>,
        body: impl Into<Bytes>,
    ) -> Answer {
        let cookies = self.cookie_header();
        self.send(method, address, cookies, content_type, body.into()).await
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        cookies: String,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Answer {
        let target = address.strip_prefix(&self.origin).unwrap_or(address);
        let mut request = Request::builder().method(method).uri(target);
        let lines: Vec<_> = [&self.foreign, cookies.as_bytes()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        if !lines.is_empty() {
            request = request.header(COOKIE, lines.join(&b"; "[..]));
        }
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(peer) = self.peer {
            request = request.extension(ClientAddress(peer));
        }
        let answer = Answer::new(self.auth.handle(request.body(body).unwrap()).await);
        let https = self.origin.starts_with("https:");
        for cookie in &answer.cookies {
            self.jar.take(cookie.clone(), https, self.clock.now().as_second());
        }
        answer
    }

    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        self.request(Method::GET, address, None, Bytes::new()).await
    }

    /// Submits a form as it is.
    pub(crate) async fn submit(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = Some("application/x-www-form-urlencoded");
        self.request(Method::POST, address, kind, form).await
    }

    /// Submits a form with the browser's CSRF token.
    pub(crate) async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf_token().await;
        let mut fields = fields.to_vec();
        fields.push(("csrfToken", &token));
        self.submit(address, &fields).await
    }

    pub(crate) async fn post_json(&mut self, address: &str, body: &Value) -> Answer {
        let kind = Some("application/json");
        self.request(Method::POST, address, kind, body.to_string()).await
    }

    pub(crate) async fn csrf_token(&mut self) -> String {
        let answer = self.get("/api/auth/csrf").await;
        answer.json()["csrfToken"].as_str().unwrap().to_owned()
    }

    /// What the client's `getSession` sees.
    pub(crate) async fn session(&mut self) -> Value {
        self.get("/api/auth/session").await.json()
    }

    pub(crate) async fn sign_in_with_credentials(&mut self) -> Answer {
        let fields = [("username", "ada"), ("password", "1815")];
        self.post("/api/auth/callback/credentials", &fields).await
    }
}
