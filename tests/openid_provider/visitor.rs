//! Somebody with a browser, at the application in this process and at the provider over loopback.

use std::collections::BTreeMap;

use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method};
use serde_json::Value;
use typegate::testing::Browser;
use typegate::{Auth, AuthService, DefaultSession};
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

    /// Signs in: where the application sends the browser at last.
    pub(crate) async fn sign_in(&mut self, what: &str) -> String {
        let csrf = self.application.get("/api/auth/csrf").await.unwrap();
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let fields = [("csrfToken", csrf["csrfToken"].as_str().unwrap())];
        let away = self.application.post("/api/auth/signin/idp", &fields).await.unwrap();
        let mut address = Url::parse(location(away.headers()).unwrap()).unwrap();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        for _ in 0..10 {
            if address.as_str().starts_with(ORIGIN) {
                let answer = self.application.get(address.as_str()).await.unwrap();
                return location(answer.headers()).unwrap().to_owned();
            }
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = client.request(Method::GET, address.as_str());
            let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
            for line in answer.headers().get_all(SET_COOKIE) {
                let pair = line.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.into(), value.into());
            }
            if let Some(target) = location(answer.headers()) {
                address = address.join(target).unwrap();
                continue;
            }
            let page = answer.text().await.unwrap();
            assert!(page.contains("<form"), "{what}: {page}");
            let form = fields_of(&page);
            let target = attribute(&page, "action=\"");
            let answer = self.application.post(&target, &form).await.unwrap();
            return location(answer.headers()).unwrap().to_owned();
        }
        panic!("{what}: the provider sends the browser in a circle")
    }
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
