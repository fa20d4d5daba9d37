//! A whole application on a database, and people who use it.

use bytes::Bytes;
use http::header::{COOKIE, LOCATION};
use http::{Request, Response, StatusCode};
use serde_json::Value;

use crate::adapter::{
    DatabaseOptions, MySqlAdapter, PostgresAdapter, RedisAdapter, RedisOptions, SessionStore,
    SqliteAdapter, UserStore, VerificationTokenStore,
};
use crate::crypto::hash::sha256_hexadecimal;
use crate::model::VerificationToken;
use crate::provider::Email;
use crate::runtime::clock::after;
use crate::testing::{Browser, IdentityProvider};
use crate::{Auth, AuthService, DefaultSession, Secret};

const SECRET: &str = "a secret for tests, long enough for all of us";
const BASE: &str = "http://localhost:3000/api/auth";
/// The session cookie.
pub(in crate::adapter) const SESSION: &str = "next-auth.session-token";

/// An application on whatever database an address leads to. That of Redis is
/// `address#prefix#address of the users`.
pub(in crate::adapter) async fn engine_at(url: &str, idp: &IdentityProvider) -> Auth {
    let options = DatabaseOptions::default;
    let mut parts = url.split('#');
    let first = parts.next().unwrap();
    match first.split(':').next().unwrap() {
        "sqlite" => engine(SqliteAdapter::connect(first).await.unwrap(), idp),
        "postgres" => engine(PostgresAdapter::connect_with(first, options()).await.unwrap(), idp),
        "mysql" => engine(MySqlAdapter::connect_with(first, options()).await.unwrap(), idp),
        "redis" => {
            let options = RedisOptions::default().key_prefix(parts.next().unwrap());
            let users = SqliteAdapter::connect(parts.next().unwrap()).await.unwrap();
            engine(RedisAdapter::connect_with(first, users, options).await.unwrap(), idp)
        }
        other => panic!("{other}"),
    }
}

fn engine<A: UserStore + SessionStore + VerificationTokenStore>(
    adapter: A,
    idp: &IdentityProvider,
) -> Auth {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .adapter(adapter)
        .provider(idp.oidc("idp"))
        .provider(Email::new(async |_| Ok(())))
        .http_client(idp.clone())
        .build()
        .unwrap()
}

/// Puts a link into a database, as a request for one does, and returns where it leads.
pub(in crate::adapter) async fn link(auth: &Auth, address: &str, token: &str) -> String {
    let hash = sha256_hexadecimal(&[token.as_bytes(), SECRET.as_bytes()]);
    let end = after(auth.config.clock.now(), 3600);
    let stored = VerificationToken::new(address, hash.into(), end);
    auth.config.tokens.as_ref().unwrap().create_verification_token(stored).await.unwrap();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("token", token).append_pair("email", address);
    format!("/api/auth/callback/email?{}", query.finish())
}

/// The address of whoever a session token belongs to.
pub(in crate::adapter) async fn session_of(auth: &Auth, token: &str) -> Option<String> {
    let request = Request::get("/api/auth/session").header(COOKIE, format!("{SESSION}={token}"));
    let answer = auth.handle(request.body(Bytes::new()).unwrap()).await;
    let session: Value = serde_json::from_slice(answer.body()).unwrap();
    session["user"]["email"].as_str().map(ToOwned::to_owned)
}

/// Somebody with a browser.
pub(in crate::adapter) struct Visitor(pub(in crate::adapter) Browser<AuthService<DefaultSession>>);

impl Visitor {
    pub(in crate::adapter) fn new(auth: &Auth) -> Self {
        Self(Browser::new(auth.service()))
    }

    pub(in crate::adapter) async fn submit(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Response<Bytes> {
        let csrf = self.0.get("/api/auth/csrf").await.unwrap();
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let mut fields = fields.to_vec();
        fields.push(("csrfToken", csrf["csrfToken"].as_str().unwrap()));
        self.0.post(&format!("/api/auth/{path}"), &fields).await.unwrap()
    }

    /// Follows a link and says whether it signed in.
    pub(in crate::adapter) async fn follow(&mut self, link: &str) -> bool {
        let answer = self.0.get(link).await.unwrap();
        let place = place(&answer);
        let refused = format!("{BASE}/error?error=Verification");
        assert!([refused.as_str(), "http://localhost:3000"].contains(&place), "{place}");
        place != refused
    }
}

/// Where an answer sends the browser.
pub(in crate::adapter) fn place(answer: &Response<Bytes>) -> &str {
    assert_eq!(answer.status(), StatusCode::FOUND);
    answer.headers()[LOCATION].to_str().unwrap()
}

/// The code on the error page that an answer leads to.
pub(in crate::adapter) fn error(answer: &Response<Bytes>) -> Option<&str> {
    place(answer).strip_prefix(BASE)?.strip_prefix("/error?error=")
}
