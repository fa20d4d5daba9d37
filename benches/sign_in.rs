//! The cost of a sign-in that writes a session to SQLite, compared with the rows themselves.
//!
//! `cargo bench --bench sign_in` times, in one run and in turn, on files of their own with the same
//! settings, the same pools and the same statements:
//!
//! - `rows`: what a sign-in by OAuth asks of the database and writes, by bare `sqlx`;
//! - `sign-in`: the whole engine with GitHub, whose answers come from this process: CSRF token,
//!   redirect to the provider, callback, cookies.
//!
//! Both for somebody who is known (one row: the session) and for somebody new (user and account in
//! one transaction, then the session), by one client and by 16 at the same time. Medians of the
//! rounds; only the ratio, of neighbouring rounds, means anything on another machine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that meets a surprise stops, and prints what it measured"
)]

mod folder;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use folder::Folder;
use http::{HeaderMap, Request, Response, header};
use ring::rand::{SecureRandom as _, SystemRandom};
use sqlx::Row as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use typegate::adapter::SqliteAdapter;
use typegate::provider::catalog::GitHub;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, Secret};

const SECRET: &str = "a secret for benches, long enough for all of us";
const ROUNDS: usize = 21;
const FLOWS: usize = 1_600;
const CLIENTS: [usize; 2] = [1, 16];
/// `SqliteAdapter`'s number of connections that read.
const READERS: u32 = 4;

/// Who signs in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Person {
    Known,
    New,
}

/// One flow, from the first request or query to the last answer.
trait SignIn: Clone + Send + Sync + 'static {
    fn sign_in(&self, id: u64) -> impl Future<Output = ()> + Send;
}

#[derive(Clone)]
struct Engine(Auth);

impl Engine {
    async fn open(file: &str) -> Self {
        let adapter = SqliteAdapter::connect(&format!("sqlite://{file}")).await.expect("a file");
        adapter.migrate().await.expect("tables");
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).expect("a long secret"))
            .url("http://localhost:3000".parse().expect("a URL"))
            .adapter(adapter)
            .provider(GitHub::new("client id", "client secret".into()))
            .http_client(FakeHttpClient::new(|request| Ok(github(request))))
            .build()
            .expect("a configuration");
        Self(auth)
    }
}

/// GitHub's answers; the code of the callback is the person's id, and so is the access token.
fn github(request: &Request<Bytes>) -> Response<Bytes> {
    let body = if request.uri().path() == "/login/oauth/access_token" {
        let form = form_urlencoded::parse(request.body());
        let code = form.into_iter().find(|(name, _)| name == "code").expect("a code").1;
        format!(r#"{{"access_token":"{code}","token_type":"bearer","scope":"read:user"}}"#)
    } else {
        let token = request.headers()[header::AUTHORIZATION].to_str().expect("text");
        let id = token.split(' ').next_back().expect("a token");
        format!(
            r#"{{"id":{id},"login":"ada","name":"Ada Lovelace","email":"{id}@example.com",
                "avatar_url":"https://avatars.example/{id}"}}"#
        )
    };
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json");
    response.body(body.into()).expect("a response")
}

impl SignIn for Engine {
    async fn sign_in(&self, id: u64) {
        let mut cookies = Vec::new();
        let get = Request::get("/api/auth/csrf").body(Bytes::new()).expect("a request");
        let csrf = self.0.handle(get).await;
        take_cookies(csrf.headers(), &mut cookies);
        let token = csrf.body().split(|byte| *byte == b'"').nth(3).expect("a token");
        let form = [b"csrfToken=", token].concat();
        let post = Request::post("/api/auth/signin/github")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.join("; "))
            .body(Bytes::from(form))
            .expect("a request");
        let started = self.0.handle(post).await;
        take_cookies(started.headers(), &mut cookies);
        let place = started.headers()[header::LOCATION].to_str().expect("text");
        let state = place.split(['?', '&']).find(|part| part.starts_with("state="));
        let state = state.expect("a state");
        let back = Request::get(format!("/api/auth/callback/github?code={id}&{state}"))
            .header(header::COOKIE, cookies.join("; "))
            .body(Bytes::new())
            .expect("a request");
        let finished = self.0.handle(back).await;
        cookies.clear();
        take_cookies(finished.headers(), &mut cookies);
        let is_signed_in =
            cookies.iter().any(|cookie| cookie.starts_with("next-auth.session-token="));
        assert!(is_signed_in, "{:?}", finished.headers());
    }
}

fn take_cookies(headers: &HeaderMap, cookies: &mut Vec<String>) {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    let lines = lines.map(|line| line.to_str().expect("text"));
    cookies.extend(lines.filter_map(|line| line.split(';').next()).map(ToOwned::to_owned));
}

#[derive(Clone)]
struct Rows {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl Rows {
    async fn open(file: &str) -> Self {
        let url = format!("sqlite://{file}");
        let adapter = SqliteAdapter::connect(&url).await.expect("a file");
        adapter.migrate().await.expect("tables");
        let options = url
            .parse::<SqliteConnectOptions>()
            .expect("an address")
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .journal_mode(SqliteJournalMode::Wal);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_with(options.clone()).await.expect("a writer");
        let reader = pool(READERS).connect_with(options.pragma("query_only", "ON"));
        Self { writer, reader: reader.await.expect("readers") }
    }
}

impl SignIn for Rows {
    async fn sign_in(&self, id: u64) {
        const BY_EMAIL: &str =
            "SELECT id, name, email, emailVerified, image FROM users WHERE email = ?1";
        const BY_ACCOUNT: &str = "SELECT users.id, name, email, emailVerified, image \
            FROM accounts JOIN users ON users.id = accounts.userId \
            WHERE provider = ?1 AND providerAccountId = ?2";
        const INSERT_USER: &str = "INSERT INTO users (id, name, email, emailVerified, image) \
            VALUES (?1, ?2, ?3, ?4, ?5)";
        const INSERT_ACCOUNT: &str = "INSERT INTO accounts \
            (userId, type, provider, providerAccountId, access_token, token_type, scope) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let account = id.to_string();
        let known = sqlx::query(BY_ACCOUNT)
            .bind("github")
            .bind(&account)
            .fetch_all(&self.reader)
            .await
            .expect("an answer");
        let user = match known.first() {
            Some(row) => row.get::<String, _>(0),
            None => {
                let email = format!("{id}@example.com");
                let found = sqlx::query(BY_EMAIL).bind(&email).fetch_all(&self.reader).await;
                assert!(found.expect("an answer").is_empty());
                let user = token();
                let mut transaction =
                    self.writer.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
                sqlx::query(INSERT_USER)
                    .bind(&user)
                    .bind("Ada Lovelace")
                    .bind(&email)
                    .bind(None::<i64>)
                    .bind(format!("https://avatars.example/{id}"))
                    .execute(&mut *transaction)
                    .await
                    .expect("a user");
                sqlx::query(INSERT_ACCOUNT)
                    .bind(&user)
                    .bind("oauth")
                    .bind("github")
                    .bind(&account)
                    .bind(&account)
                    .bind("bearer")
                    .bind("read:user")
                    .execute(&mut *transaction)
                    .await
                    .expect("an account");
                transaction.commit().await.expect("a commit");
                user
            }
        };
        sqlx::query("INSERT INTO sessions (sessionToken, userId, expires) VALUES (?1, ?2, ?3)")
            .bind(token())
            .bind(user)
            .bind(1_700_000_000_000_i64)
            .execute(&self.writer)
            .await
            .expect("a session");
    }
}

/// 128 random bits in as many characters as a UUID has.
fn token() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("a generator");
    format!("{:036x}", u128::from_be_bytes(bytes))
}

/// Time of all flows, and of each.
struct Measured {
    whole: Duration,
    each: Vec<Duration>,
}

async fn measure(
    flow: &impl SignIn,
    clients: usize,
    person: Person,
    next: &Arc<AtomicU64>,
) -> Measured {
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (flow, next) = (flow.clone(), Arc::clone(next));
            tokio::spawn(async move {
                let mut each = Vec::with_capacity(FLOWS / clients);
                for _ in 0..FLOWS / clients {
                    let id = match person {
                        Person::Known => 1,
                        Person::New => next.fetch_add(1, Ordering::Relaxed),
                    };
                    let start = Instant::now();
                    flow.sign_in(id).await;
                    each.push(start.elapsed());
                }
                each
            })
        })
        .collect();
    let mut each = Vec::with_capacity(FLOWS);
    for task in tasks {
        each.extend(task.await.expect("no panic"));
    }
    each.sort_unstable();
    Measured { whole: start.elapsed(), each }
}

impl Measured {
    fn rate(&self) -> f64 {
        self.each.len() as f64 / self.whole.as_secs_f64()
    }

    /// What 99 of 100 flows need at most.
    fn slow(&self) -> Duration {
        self.each[self.each.len() * 99 / 100]
    }
}

fn median<T: PartialOrd + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable_by(|one, other| one.partial_cmp(other).expect("numbers"));
    values[values.len() / 2]
}

#[tokio::main]
async fn main() {
    let folder = Folder::new();
    let file = |name| folder.path().join(name).display().to_string();
    let engine = Engine::open(&file("engine.db")).await;
    let rows = Rows::open(&file("rows.db")).await;
    let next = Arc::new(AtomicU64::new(1));
    engine.sign_in(1).await;
    rows.sign_in(1).await;
    next.store(2, Ordering::Relaxed);
    println!(
        "{:<6} {:>7} {:>10} {:>10} {:>10} {:>10} {:>7}",
        "who", "clients", "sign-in", "p99", "rows", "p99", "ratio"
    );
    for person in [Person::Known, Person::New] {
        for clients in CLIENTS {
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                let whole = measure(&engine, clients, person, &next).await;
                let bare = measure(&rows, clients, person, &next).await;
                rounds.push((whole, bare));
            }
            let rate = median(rounds.iter().map(|(whole, _)| whole.rate()));
            let slow = median(rounds.iter().map(|(whole, _)| whole.slow()));
            let floor = median(rounds.iter().map(|(_, bare)| bare.rate()));
            let floor_slow = median(rounds.iter().map(|(_, bare)| bare.slow()));
            // Of neighbours in time, so that what else the machine does weighs on both.
            let ratio = median(rounds.iter().map(|(whole, bare)| whole.rate() / bare.rate()));
            println!(
                "{:<6} {clients:>7} {rate:>8.0}/s {slow:>10.2?} {floor:>8.0}/s {floor_slow:>10.2?} {:>6.0}%",
                format!("{person:?}"),
                100.0 * ratio,
            );
        }
    }
}
