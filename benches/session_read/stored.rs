//! The same read where sessions are rows of SQLite: what the engine adds to the statement.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use jiff::{Timestamp, ToSpan as _};
use typegate::adapter::{SessionStore as _, SqliteAdapter, UserStore as _};
use typegate::provider::catalog::GitHub;
use typegate::{Auth, NewSession, NewUser, Secret, SessionToken};

use crate::folder::Folder;
use crate::{SECRET, median, set_cookies};

const TOKEN: &str = "a-session-token-as-long-as-a-uuid-is";
const ROUNDS: usize = 15;
const CALLS: usize = 4_000;
const CLIENTS: [usize; 2] = [1, 16];

#[derive(Clone, Copy)]
enum Reader {
    /// The joined statement through the pool, and nothing else.
    Statement,
    Extractor,
    Route,
}

impl Reader {
    const ALL: [Self; 3] = [Self::Statement, Self::Extractor, Self::Route];

    fn name(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Extractor => "Auth::session",
            Self::Route => "GET session",
        }
    }
}

struct Site {
    adapter: SqliteAdapter,
    auth: Auth,
    headers: HeaderMap,
}

impl Site {
    async fn open(folder: &Folder) -> Self {
        let url = format!("sqlite://{}", folder.path().join("sessions.db").display());
        let adapter = SqliteAdapter::connect(&url).await.expect("a file");
        adapter.migrate().await.expect("tables");
        let user = NewUser::default()
            .name("Ada Lovelace")
            .email(&"ada@example.com".parse().expect("an address"));
        let user = adapter.create_user(user).await.expect("a user");
        let tomorrow = Timestamp::now() + 24.hours();
        let session = NewSession::new(TOKEN.into(), user.id, tomorrow);
        adapter.create_session(session).await.expect("a session");
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).expect("a long secret"))
            .url("http://localhost:3000".parse().expect("a URL"))
            .adapter(adapter.clone())
            .provider(GitHub::new("client id", "client secret".into()))
            .build()
            .expect("a configuration");
        // What a browser that signed in has besides.
        let get = Request::get("/api/auth/csrf").body(Bytes::new()).expect("a request");
        let mut cookies = set_cookies(auth.handle(get).await.headers());
        cookies.push(format!("next-auth.session-token={TOKEN}"));
        let cookie = cookies.join("; ").parse().expect("a header");
        Self { adapter, auth, headers: HeaderMap::from_iter([(header::COOKIE, cookie)]) }
    }

    async fn read(&self, reader: Reader) {
        match reader {
            Reader::Statement => {
                let found = self.adapter.session_and_user(&SessionToken::from(TOKEN)).await;
                assert!(found.expect("an answer").is_some());
            }
            Reader::Extractor => {
                let session = self.auth.session(&self.headers).await.expect("an answer");
                assert!(session.is_some());
            }
            Reader::Route => {
                let mut request = Request::get("/api/auth/session");
                request.headers_mut().expect("a path").clone_from(&self.headers);
                let request = request.body(Bytes::new()).expect("a request");
                let response = self.auth.handle(request).await;
                assert!(response.body().starts_with(b"{\"user\":{\"name\""));
            }
        }
    }
}

/// Time for a call of each of so many clients.
async fn measure(site: &Arc<Site>, reader: Reader, clients: usize) -> Duration {
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let site = Arc::clone(site);
            tokio::spawn(async move {
                for _ in 0..CALLS / clients {
                    site.read(reader).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    start.elapsed() / CALLS as u32
}

pub(crate) fn compare() {
    let folder = Folder::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let site = Arc::new(runtime.block_on(Site::open(&folder)));
    println!();
    for clients in CLIENTS {
        let mut times = Reader::ALL.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for (reader, times) in Reader::ALL.into_iter().zip(&mut times) {
                times.push(runtime.block_on(measure(&site, reader, clients)));
            }
        }
        let times = times.map(median);
        for (reader, time) in Reader::ALL.into_iter().zip(times) {
            let ratio = times[0].as_secs_f64() / time.as_secs_f64();
            println!(
                "{:<13} {time:>11.2?}  {ratio:.2} x the rate of the statement, {clients} clients",
                reader.name()
            );
        }
    }
}
