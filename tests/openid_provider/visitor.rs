//! A visitor with a browser, at the application in this process and at the provider over loopback.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;
use typegate::testing::Browser;
use typegate::{Auth, AuthService, DefaultHttpClient, DefaultSession, HttpClient as _};
use url::Url;

use super::ORIGIN;

pub(crate) struct Visitor {
    application: Browser<AuthService<DefaultSession>>,
    /// Cookies of the provider.
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub(crate) fn new(auth: &Auth) -> Self {
        Self { application: Browser::new(auth.service()), cookies: BTreeMap::new() }
    }

    pub(crate) async fn session(&mut self) -> Value {
        let answer = self.application.get("/api/auth/session").await.unwrap();
        serde_json::from_slice(answer.body()).unwrap()
    }

    async fn csrf_token(&mut self) -> String {
        let csrf = self.application.get("/api/auth/csrf").await.unwrap();
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        csrf["csrfToken"].as_str().unwrap().to_owned()
    }

    /// Asks the provider for an address, as this browser.
    async fn ask(&mut self, address: &str) -> Response<Bytes> {
        self.send(Method::GET, address, String::new()).await
    }

    async fn send(&mut self, method: Method, address: &str, form: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            Request::builder().method(method).uri(address).header(COOKIE, cookies.join("; "));
        if !form.is_empty() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let client = DefaultHttpClient::new().unwrap();
        let answer = client.send(request.body(form.into()).unwrap()).await.unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.into(), value.into());
        }
        answer
    }

    /// Signs out: the page of the provider to which the browser is sent.
    pub(crate) async fn sign_out(&mut self) -> String {
        let token = self.csrf_token().await;
        let fields = [("csrfToken", token)];
        let away = self.application.post("/api/auth/signout", &fields).await.unwrap();
        let address = location(away.headers()).unwrap().to_owned();
        text(&self.ask(&address).await)
    }

    /// Signs out at the provider, without a word to the application.
    pub(crate) async fn sign_out_at(&mut self, issuer: &str) {
        let page = text(&self.ask(&format!("{issuer}/session/end")).await);
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(fields_of(&page)).append_pair("logout", "yes").finish();
        let answer = self.send(Method::POST, &attribute(&page, "action=\""), form).await;
        assert_eq!(answer.status(), 303, "{}", text(&answer));
    }

    /// Signs in: where the application sends the browser at last.
    pub(crate) async fn sign_in(&mut self, what: &str) -> String {
        let token = self.csrf_token().await;
        let fields = [("csrfToken", token)];
        let away = self.application.post("/api/auth/signin/idp", &fields).await.unwrap();
        let mut address = Url::parse(location(away.headers()).unwrap()).unwrap();
        for _ in 0..10 {
            if address.as_str().starts_with(ORIGIN) {
                let answer = self.application.get(address.as_str()).await.unwrap();
                return location(answer.headers()).unwrap().to_owned();
            }
            let answer = self.ask(address.as_str()).await;
            if let Some(target) = location(answer.headers()) {
                address = address.join(target).unwrap();
                continue;
            }
            let page = text(&answer);
            assert!(page.contains("<form"), "{what}: {page}");
            let form = fields_of(&page);
            let target = attribute(&page, "action=\"");
            let answer = self.application.post(&target, &form).await.unwrap();
            return location(answer.headers()).unwrap().to_owned();
        }
        panic!("{what}: the provider sends the browser in a circle")
    }
}

fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

fn location(headers: &HeaderMap) -> Option<&str> {
    headers.get(LOCATION).map(|target| target.to_str().unwrap())
}

/// The hidden fields of the page that posts the answer.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input").skip(1);
    inputs.map(|input| (attribute(input, "name=\""), attribute(input, "value=\""))).collect()
}

fn attribute(markup: &str, start: &str) -> String {
    let rest = markup.split_once(start).unwrap().1;
    let value = rest.split_once('"').unwrap().0;
    value.replace("&quot;", "\"").replace("&#x2F;", "/").replace("&amp;", "&")
}
