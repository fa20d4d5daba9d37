//! `Cookie` headers: a session cookie is found whatever other cookies stand beside it, and none of
//! those is a session.

use http::HeaderValue;
use serde_json::Value;
use typegate::provider::Credentials;
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, Secret, User};

use crate::browser::Browser;
use crate::site::{Asked, NOW, ORIGIN, Panics, SECRET};

struct Site {
    auth: Auth,
    panics: Panics,
    session: String,
}

impl Site {
    fn new() -> Self {
        let panics = Panics::default();
        let authorize =
            |_: Value| async { Ok::<_, AuthorizeError>(Some(User::new("1").name("Ada Lovelace"))) };
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .provider(Credentials::new(authorize).text_field("name", "Name"))
            .build()
            .unwrap();
        let mut browser = Browser::new(&auth);
        let token = browser.csrf_token();
        browser.post("/api/auth/callback/credentials", &[("csrfToken", &token)]);
        let session = browser.cookie("next-auth.session-token").unwrap().to_owned();
        Self { auth, panics, session: format!("next-auth.session-token={session}") }
    }

    fn name(&self, lines: &[&[u8]]) -> Option<String> {
        let asked = Asked::get("/api/auth/session");
        let asked = lines.iter().fold(asked, |asked, line| asked.header("cookie", line));
        let answer = asked.of(&self.auth, "")?;
        let session: Value = serde_json::from_slice(answer.body()).unwrap();
        self.panics.assert_none();
        Some(session["user"]["name"].as_str().unwrap_or_default().to_owned())
    }
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let is_about_us = data.windows(9).any(|window| window.eq_ignore_ascii_case(b"next-auth"));
    if is_about_us || HeaderValue::from_bytes(data).is_err() {
        return;
    }
    SITE.with(|site| {
        let session = site.session.as_bytes();
        assert_eq!(site.name(&[data]).unwrap(), "");
        for lines in [
            vec![[data, b"; ", session].concat()],
            vec![[session, b"; ", data].concat()],
            vec![data.to_vec(), session.to_vec()],
            vec![session.to_vec(), data.to_vec()],
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
            assert_eq!(site.name(&lines).unwrap(), "Ada Lovelace", "{}", data.escape_ascii());
        }
    });
}
