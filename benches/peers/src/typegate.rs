//! typegate on axum, with sessions in cookies and in SQLite.

use std::error::Error;
use std::path::Path;

use jiff::{Timestamp, ToSpan as _};
use typegate::adapter::{SessionStore as _, SqliteAdapter, UserStore as _};
use typegate::provider::{Credentials, catalog};
use typegate::{Auth, AuthorizeError, NewSession, NewUser, Secret, User};

use crate::http::{self, EMAIL};
use crate::{Peer, Question, serve};

const SECRET: &str = "a secret for benches, long enough for all of us";
const SITE: &str = "http://localhost:3000";

pub(crate) fn peers(folder: &Path) -> Result<Vec<Peer>, Box<dyn Error>> {
    let with_cookies = Auth::builder()
        .secret(Secret::new(SECRET)?)
        .url(SITE.parse()?)
        .provider(Credentials::new(authorize))
        .build()?;
    let address = serve(with_cookies.routes())?;
    let (stored, token) = stored(folder)?;
    let cookie = format!("next-auth.session-token={token}");
    let peer = |question, address, request, expected| Peer {
        name: "typegate",
        question,
        address,
        request,
        expected,
    };
    let session = http::get("/api/auth/session", &http::sign_in(address)?);
    let of_a_row = http::get("/api/auth/session", &cookie);
    Ok(vec![
        peer(Question::Session, address, session, EMAIL),
        peer(Question::SignIn, address, http::sign_in_again(address)?, "session-token="),
        peer(Question::Csrf, address, http::get("/api/auth/csrf", ""), "csrfToken"),
        peer(Question::StoredSession, serve(stored.routes())?, of_a_row, EMAIL),
    ])
}

async fn authorize(_: serde_json::Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada Lovelace").email(EMAIL)))
}

/// A site that keeps sessions in SQLite, and the token of one.
fn stored(folder: &Path) -> Result<(Auth, String), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let token = "a-session-token-as-long-as-a-uuid-is";
    let adapter = runtime.block_on(async {
        let file = folder.join("typegate.db");
        let adapter = SqliteAdapter::connect(&format!("sqlite://{}", file.display())).await?;
        adapter.migrate().await?;
        let user = NewUser::default().name("Ada Lovelace").email(&EMAIL.parse()?);
        let user = adapter.create_user(user).await?;
        let tomorrow = Timestamp::now() + 24.hours();
        adapter.create_session(NewSession::new(token.into(), user.id, tomorrow)).await?;
        Ok::<_, Box<dyn Error>>(adapter)
    })?;
    let auth = Auth::builder()
        .secret(Secret::new(SECRET)?)
        .url(SITE.parse()?)
        .adapter(adapter)
        .provider(catalog::GitHub::new("client id", "client secret".into()))
        .build()?;
    Ok((auth, token.to_owned()))
}
