//! A site that typegate serves in this process.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use serde::Deserialize;
use typegate::adapter::MemoryAdapter;
use typegate::client::Client;
use typegate::hooks::{Callbacks, SessionSource, Trigger};
use typegate::provider::catalog::GitHub;
use typegate::provider::{Credentials, Email};
use typegate::slot::Given;
use typegate::testing::FrozenClock;
use typegate::{
    Auth, AuthorizeError, BoxError, CallbackError, DefaultSession, HttpClient, Jwt, Secret, User,
};

use super::Seen;

pub(crate) const ORIGIN: &str = "http://localhost:3000";
pub(crate) const BASE: &str = "http://localhost:3000/api/auth";
const NOW: i64 = 1_700_000_000;

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Knows `ada` with the password `1815`; `broken` and `locked` fail in two ways.
async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    match (login.username.as_str(), login.password.as_str()) {
        ("ada", "1815") => Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com"))),
        ("broken", _) => Err(AuthorizeError::failed("the directory is down")),
        ("locked", _) => Err(AuthorizeError::visible("This account is locked")),
        _ => Ok(None),
    }
}

/// Takes a new name from an update, and looks the name up in an update without data.
fn callbacks() -> Callbacks<DefaultSession, Given> {
    Callbacks::new()
        .jwt(|request| async move {
            let mut token = request.token;
            if request.trigger == Trigger::Update {
                let name = request.update.map(|data| data["name"].clone());
                token.insert("name", name.unwrap_or_else(|| "Ada, looked up again".into()));
            }
            Ok(token)
        })
        // Without this the answer to an update shows the token as it was before it, as in v4.
        .session(|request| async move {
            let mut session = request.session;
            if let SessionSource::Token(token) = request.source {
                session.user.name = token.get("name");
            }
            Ok(session)
        })
        .into()
}

/// The application, its outbox and its clock. Cloning it is cloning a handle.
#[derive(Clone)]
pub(crate) struct Site {
    auth: Auth,
    pub(crate) clock: FrozenClock,
    seen: Arc<Mutex<Vec<Seen>>>,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::at(ORIGIN)
    }

    pub(crate) fn at(url: &str) -> Self {
        let clock = FrozenClock::at(NOW);
        let mails = Arc::new(Mutex::new(Vec::new()));
        let outbox = Arc::clone(&mails);
        let email = Email::new(move |message| {
            let outbox = Arc::clone(&outbox);
            async move {
                if message.to.starts_with("bounce@") {
                    return Err(CallbackError::new("the mail server is down"));
                }
                outbox.lock().unwrap().push(message.url);
                Ok(())
            }
        });
        let auth = Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(url.parse().unwrap())
            .clock(clock.clone())
            .adapter(MemoryAdapter::new())
            .session(Jwt::default())
            .provider(GitHub::new("client id", "client secret".into()))
            .provider(email)
            .provider(Credentials::new(authorize))
            .callbacks(callbacks())
            .build()
            .unwrap();
        Self { auth, clock, seen: Arc::default(), mails }
    }

    /// A client of the site, with its clock.
    pub(crate) fn client(&self) -> Client {
        self.client_at(ORIGIN)
    }

    pub(crate) fn client_at(&self, url: &str) -> Client {
        Client::builder(url.parse().unwrap())
            .http_client(self.clone())
            .clock(self.clock.clone())
            .build()
            .unwrap()
    }

    /// A client that has signed in.
    pub(crate) async fn signed_in(&self) -> Client {
        let client = self.client();
        client
            .sign_in("credentials")
            .field("username", "ada")
            .field("password", "1815")
            .await
            .unwrap();
        self.take_seen();
        client
    }

    pub(crate) fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    pub(crate) fn take_lines(&self) -> Vec<String> {
        self.take_seen().iter().map(|seen| seen.line(BASE)).collect()
    }

    pub(crate) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

impl HttpClient for Site {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.seen.lock().unwrap().push(Seen::new(&request));
        Ok(self.auth.handle(request).await)
    }
}
