//! Session cookies: what is written as a session is read again as the same one, or is refused
//! before it is written.
//!
//! The input is the name of a person, or JSON that the page passes to `update`.

use serde_json::{Value, json};
use typegate::hooks::Callbacks;
use typegate::provider::Credentials;
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, Secret, User};

use crate::browser::Browser;
use crate::site::{NOW, ORIGIN, Panics, SECRET};

fn site() -> (Auth, Panics) {
    let panics = Panics::default();
    let authorize = |form: Value| async move {
        let name = form["name"].as_str().unwrap_or_default();
        Ok::<_, AuthorizeError>(Some(User::new("1").name(name)))
    };
    let callbacks = Callbacks::new().jwt(|request| async move {
        let mut token = request.token;
        if let Some(data) = request.update {
            token.insert("data", data);
        }
        Ok(token)
    });
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(ORIGIN.parse().unwrap())
        .clock(FrozenClock::at(NOW))
        .logger(panics.clone())
        .callbacks(callbacks)
        .provider(Credentials::new(authorize).text_field("name", "Name"))
        .build()
        .unwrap();
    (auth, panics)
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: (Auth, Panics) = site());
    let Ok(given) = str::from_utf8(data) else { return };
    SITE.with(|(auth, panics)| {
        let mut browser = Browser::new(auth);
        let token = browser.csrf_token();
        let path = "/api/auth/callback/credentials";
        // A short name is read as it is; a long one fills several cookies, or is refused.
        for name in [given.to_owned(), given.repeat(1 + 6_000 / given.len().max(1))] {
            let fields = [("csrfToken", &*token), ("name", &*name), ("json", "true")];
            let answer = browser.post(path, &fields).unwrap();
            if answer.status().is_success() {
                let session = session(&mut browser);
                assert_eq!(session["user"]["name"].as_str(), Some(&*name));
            }
        }
        if let Ok(update) = serde_json::from_str::<Value>(given)
            && browser.cookie("next-auth.session-token").is_some()
        {
            let body = json!({ "csrfToken": token, "data": update });
            browser.post_json("/api/auth/session", &body).unwrap();
            assert_eq!(session(&mut browser)["user"]["email"], Value::Null);
            let claims = browser.claims().unwrap();
            if let Some(kept) = claims.get::<Value>("data") {
                assert_eq!(kept, update);
            }
        }
        panics.assert_none();
    });
}

fn session<D>(browser: &mut Browser<'_, D>) -> Value {
    let answer = browser.get("/api/auth/session").unwrap();
    serde_json::from_slice(answer.body()).unwrap()
}
