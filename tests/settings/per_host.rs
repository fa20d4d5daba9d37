//! Settings judged per host: behind a trusted proxy the site is known only when a request comes,
//! and what could not be judged before is reported then, once.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use tower::ServiceExt as _;
use typegate::cookie::{CookieName, CookiePolicy, Cookies};
use typegate::provider::catalog::GitHub;
use typegate::{
    Auth, AuthService, ClientAddressSource, DefaultSession, LogEntry, Logger, Pages, Secret,
    TrustedProxy,
};

use crate::support::SECRET;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        self.0.lock().unwrap().push(format!("{} {}", entry.code, entry.message));
    }
}

/// A site behind a proxy, and the lines that it logs.
fn behind_a_proxy(cookies: Cookies, pages: Pages) -> (AuthService<DefaultSession>, Lines) {
    let lines = Lines::default();
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(TrustedProxy::hosts([
            "app.example.com",
            "*.other.example",
            "*.another.example",
        ]))
        .client_address(ClientAddressSource::forwarded_for(1))
        .provider(GitHub::new("id", "s3cr3t".into()))
        .cookies(cookies)
        .pages(pages)
        .logger(lines.clone())
        .build()
        .unwrap();
    (auth.service(), lines)
}

async fn ask(service: &AuthService<DefaultSession>, host: &str, scheme: &str) {
    let request = Request::get("/api/auth/csrf")
        .header("x-forwarded-host", host)
        .header("x-forwarded-proto", scheme)
        .body(Empty::<Bytes>::new())
        .unwrap();
    let answer = service.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn r196_what_a_host_makes_of_the_cookies_is_said_once() {
    let policy = CookiePolicy::new(CookieName::new("sid").unwrap()).domain("example.com");
    let cookies = Cookies::new().session_token(policy);
    let (service, lines) = behind_a_proxy(cookies, Pages::new());
    for _ in 0..3 {
        ask(&service, "app.example.com", "https").await;
    }
    assert_eq!(lines.take(), Vec::<String>::new());
    for _ in 0..3 {
        ask(&service, "app.other.example", "https").await;
        ask(&service, "app.example.com", "https").await;
        ask(&service, "app.another.example", "https").await;
    }
    let lines = lines.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    for word in ["DOUBTFUL_SETTING", "`app.other.example`", "`example.com`"] {
        assert!(lines[0].contains(word), "{lines:?}");
    }
}

#[tokio::test]
async fn r196_what_a_host_makes_of_other_settings_is_said() {
    let secure = Cookies::new().use_secure_cookies(true);
    let in_circles = Pages::new().error("https://app.example.com/api/auth/%65rror").into();
    let in_the_clear = Pages::new().error("http://www.example.com/oops").into();
    let elsewhere = Pages::new().sign_in("https://login.example/in").into();
    for (cookies, pages, scheme, word) in [
        (secure, Pages::new(), "http", "https"),
        (Cookies::new().use_secure_cookies(false), Pages::new(), "https", "use_secure_cookies"),
        (Cookies::new(), in_circles, "https", "itself"),
        (Cookies::new(), in_the_clear, "https", "https://"),
        (Cookies::new(), elsewhere, "https", "another site"),
    ] {
        let (service, lines) = behind_a_proxy(cookies, pages);
        ask(&service, "app.example.com", scheme).await;
        let lines = lines.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(word), "{lines:?}");
    }
}
