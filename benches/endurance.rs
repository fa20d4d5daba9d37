//! Endurance: a server stays as it is, however long it runs and whatever is sent to it.
//!
//! `cargo bench --bench endurance` runs the program `typegate serve` twice, with tokens and with
//! sessions in SQLite, for 20 minutes under a mixed load: sessions are read, people sign in by
//! credentials and by OpenID Connect, and sign out. One request in twenty is hostile. Another
//! number of minutes may be given: `cargo bench --bench endurance -- 1`.
//!
//! It fails, by its exit code, if a visitor gets an answer that is not the right one, if anything
//! but an injected fault is answered by 5xx, if a server writes an error into its log that no
//! injected fault explains, or if the memory of a server is not flat within 10 % after a fifth of
//! the time.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that meets a surprise stops, and prints what it measured"
)]

mod folder;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::iter;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use folder::Folder;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::util::BoxCloneSyncService;
use typegate::testing::{Browser, IdentityProvider};
use typegate::{BoxError, DefaultHttpClient, HttpClient as _};

const WORKERS: u64 = 12;
/// Slow clients at once, of each server.
const SLOW: usize = 8;
const GROWTH: f64 = 1.10;
const COOKIE: &str = "next-auth.session-token";

type Application = BoxCloneSyncService<Request<Full<Bytes>>, Response<Full<Bytes>>, Infallible>;

fn main() -> ExitCode {
    let minutes = std::env::args().find_map(|argument| argument.parse::<f64>().ok());
    let length = Duration::from_secs_f64(minutes.unwrap_or(20.0) * 60.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let failures = runtime.expect("a runtime").block_on(run(length));
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(length: Duration) -> Vec<String> {
    let folder = Folder::new();
    let world = World::start().await;
    let servers = [("tokens", "jwt"), ("sqlite", "database")]
        .map(|(name, strategy)| Server::start(name, &folder, strategy, &world));
    let tally = Arc::new(Tally::default());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..WORKERS {
        let load = Load {
            application: servers.each_ref().map(Server::application),
            addresses: servers.each_ref().map(|server| server.address.clone()),
            client: DefaultHttpClient::new().expect("a client"),
            provider: world.provider.clone(),
            tally: Arc::clone(&tally),
            random: Random(0x9e37_79b9_7f4a_7c15 ^ (worker + 1)),
        };
        tasks.spawn(load.work(Arc::clone(&is_over)));
    }
    for server in &servers {
        for number in 0..SLOW {
            tasks.spawn(slow_client(server.address.clone(), number, Arc::clone(&is_over)));
        }
    }
    let samples = sample(&servers, length).await;
    is_over.store(true, Ordering::SeqCst);
    tasks.join_all().await;

    let mut failures = tally.report();
    for (server, samples) in servers.iter().zip(samples) {
        failures.extend(judge(server, &samples));
    }
    failures
}

/// The resident memory of each server, in KiB, second by second.
async fn sample(servers: &[Server; 2], length: Duration) -> [Vec<u64>; 2] {
    let mut samples = [Vec::new(), Vec::new()];
    let start = Instant::now();
    while start.elapsed() < length {
        tokio::time::sleep(Duration::from_secs(1)).await;
        for (server, samples) in servers.iter().zip(&mut samples) {
            samples.push(server.resident_memory());
        }
    }
    samples
}

fn median(samples: &[u64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default() as f64
}

fn judge(server: &Server, samples: &[u64]) -> Vec<String> {
    let (name, count) = (server.name, samples.len());
    let part = |from: usize, to: usize| samples.get(count * from / 10..count * to / 10);
    let early = median(part(2, 4).unwrap_or_default());
    let late = median(part(8, 10).unwrap_or_default());
    let (errors, lines) = (server.errors.load(Ordering::SeqCst), &server.lines);
    let lines = lines.load(Ordering::SeqCst);
    println!(
        "{name}: {:.1} MiB after a fifth of the time, {:.1} MiB at the end ({:+.1} %); {lines} \
         lines in the log, {errors} of them errors",
        early / 1024.0,
        late / 1024.0,
        (late / early - 1.0) * 100.0
    );
    let mut failures = Vec::new();
    if early == 0.0 || late > early * GROWTH {
        failures.push(format!("{name}: the memory is not flat"));
    }
    if errors > 0 {
        failures.push(format!("{name}: there are {errors} errors in the log"));
    }
    failures
}

/// Everybody whom the servers ask.
struct World {
    provider: IdentityProvider,
    authorize: String,
}

impl World {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let provider = IdentityProvider::at(format!("http://{address}"));
        let router = Router::new().fallback_service(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let authorize = format!("http://{}/authorize", listener.local_addr().expect("an address"));
        let router = Router::new().route("/authorize", post(check));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { provider, authorize }
    }

    /// Id and secret that the provider knows.
    fn client(&self) -> (String, String) {
        let mut known = (String::new(), String::new());
        self.provider.change(|behaviour| {
            known = (behaviour.client_id.clone(), behaviour.client_secret.clone());
        });
        known
    }
}

/// Knows everybody whose password is `right`.
async fn check(Json(form): Json<Value>) -> Result<Json<Value>, StatusCode> {
    match (form["username"].as_str(), form["password"].as_str()) {
        (Some(name), Some("right")) => Ok(Json(json!({ "id": name, "name": name }))),
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

/// A process of `typegate serve`.
struct Server {
    name: &'static str,
    process: Child,
    address: String,
    lines: Arc<AtomicUsize>,
    errors: Arc<AtomicUsize>,
}

impl Server {
    fn start(name: &'static str, folder: &Folder, strategy: &str, world: &World) -> Self {
        let file = folder.path().join(format!("{name}.toml"));
        std::fs::write(&file, configuration(name, folder.path(), strategy, world)).expect("a file");
        let mut process = Command::new(env!("CARGO_BIN_EXE_typegate"))
            .args(["serve", "--config"])
            .arg(&file)
            .env_clear()
            .env("NO_COLOR", "1")
            .env("SITE_SECRET", "a secret for benches, long enough for all of us")
            .env("CLIENT_SECRET", world.client().1)
            .env("ENDPOINT_SECRET", "s3cr3t")
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut log = BufReader::new(process.stderr.take().expect("its log"));
        let mut line = String::new();
        while !line.contains("listening on") {
            assert_ne!(log.read_line(&mut line).expect("a line"), 0, "{line}");
        }
        let address =
            line.split("listening on http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| unreachable!("it says where it listens: {line}"));
        let (lines, errors) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let counters = (Arc::clone(&lines), Arc::clone(&errors));
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                counters.0.fetch_add(1, Ordering::SeqCst);
                if line.contains(" ERROR ") && counters.1.fetch_add(1, Ordering::SeqCst) < 10 {
                    println!("{name}: {line}");
                }
            }
        });
        Self { name, address: address.to_owned(), process, lines, errors }
    }

    /// The server as a browser of `typegate::testing` asks it, over loopback.
    fn application(&self) -> Application {
        let client = DefaultHttpClient::with_deadline(Duration::from_secs(60)).expect("a client");
        let address = self.address.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<Full<Bytes>>| {
            let (client, address) = (client.clone(), address.clone());
            async move { Ok(forward(&client, &address, request).await) }
        }))
    }

    fn resident_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let size = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        size.unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration(name: &str, folder: &Path, strategy: &str, world: &World) -> String {
    let database = folder.join(format!("{name}.db"));
    let mut text = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'SITE_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0' }}\n\
         rate_limit = {{ per_client = 1000000000 }}\n\
         adapter = {{ url = 'sqlite://{}' }}\nsession = {{ strategy = '{strategy}' }}\n\
         [[providers]]\ntype = 'oidc'\nid = 'idp'\nname = 'Test'\nissuer = '{}'\n",
        database.display(),
        world.provider.issuer()
    );
    let (client, _) = world.client();
    let _ = writeln!(text, "client_id = '{client}'\nclient_secret = {{ env = 'CLIENT_SECRET' }}");
    if strategy == "jwt" {
        let _ = writeln!(
            text,
            "[[providers]]\ntype = 'credentials'\nendpoint = '{}'\nendpoint_secret = {{ env = 'ENDPOINT_SECRET' }}\n\
             fields = [{{ key = 'username' }}, {{ key = 'password', type = 'password' }}]",
            world.authorize
        );
    }
    text
}

async fn forward(
    client: &DefaultHttpClient,
    address: &str,
    request: Request<Full<Bytes>>,
) -> Response<Full<Bytes>> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = format!("http://{address}{path}").parse().expect("an address");
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(never) => match never {},
    };
    match client.send(Request::from_parts(parts, body)).await {
        Ok(answer) => answer.map(Full::new),
        Err(error) => {
            println!("no answer: {error}");
            let mut answer = Response::default();
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
        }
    }
}

/// What was answered, by what was asked.
#[derive(Default)]
struct Tally {
    answers: Mutex<BTreeMap<(&'static str, u16), u64>>,
    wrong: Mutex<BTreeMap<String, u64>>,
}

impl Tally {
    fn count(&self, what: &'static str, status: StatusCode) {
        let mut answers = self.answers.lock().expect("no panic");
        *answers.entry((what, status.as_u16())).or_default() += 1;
    }

    fn wrong(&self, what: String) {
        *self.wrong.lock().expect("no panic").entry(what).or_default() += 1;
    }

    fn report(&self) -> Vec<String> {
        let mut failures = Vec::new();
        for ((what, status), count) in &*self.answers.lock().expect("no panic") {
            println!("{what:<32} {status}  {count:>10}");
            // v4 answers 500 to an address that is none, and so do we.
            if *status >= 500 && *what != "hostile: callback URL" {
                failures.push(format!("{what}: {count} answers of {status}"));
            }
        }
        for (what, count) in &*self.wrong.lock().expect("no panic") {
            failures.push(format!("{count} times {what}"));
        }
        failures
    }
}

/// A fixed sequence (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }
}

/// One worker: some visitors of both servers, and now and then somebody else.
struct Load {
    application: [Application; 2],
    addresses: [String; 2],
    client: DefaultHttpClient,
    provider: IdentityProvider,
    tally: Arc<Tally>,
    random: Random,
}

impl Load {
    async fn work(mut self, is_over: Arc<AtomicBool>) {
        let new = |application: &Application| Browser::new(application.clone());
        let mut visitors = self.application.each_ref().map(new);
        let mut is_signed_in = [false; 2];
        while !is_over.load(Ordering::SeqCst) {
            let server = self.random.below(2) as usize;
            let fresh = self.application.get(server).map(new);
            let (Some(visitor), Some(known)) =
                (visitors.get_mut(server), is_signed_in.get_mut(server))
            else {
                continue;
            };
            let outcome = match self.random.below(100) {
                0..5 => self.hostile(server).await,
                5..8 if *known => {
                    *known = false;
                    sign_out(visitor, &self.tally).await
                }
                8..14 => get(visitor, "/api/auth/csrf", "csrf", &self.tally).await.map(|_| ()),
                14..17 => {
                    get(visitor, "/api/auth/providers", "providers", &self.tally).await.map(|_| ())
                }
                _ if *known => read_session(visitor, &self.tally).await,
                _ => {
                    if let Some(fresh) = fresh {
                        *visitor = fresh;
                    }
                    *known = true;
                    match server == 0 && self.random.below(2) == 0 {
                        true => {
                            let name = format!("user-{}", self.random.below(100_000));
                            sign_in_with_credentials(visitor, &name, &self.tally).await
                        }
                        false => sign_in(visitor, &self.provider, &self.tally).await,
                    }
                }
            };
            if let Err(error) = outcome {
                self.tally.wrong(error.to_string());
            }
            // Written down by the provider, and nobody reads it.
            drop(self.provider.requests());
        }
    }

    async fn hostile(&mut self, server: usize) -> Result<(), BoxError> {
        let Some(address) = self.addresses.get(server).cloned() else { return Ok(()) };
        // Something always: the auth routes' address without an action is v4's 500.
        let junk: String = iter::once('~')
            .chain((0..self.random.below(3000)).map(|_| {
                char::from(b'!' + u8::try_from(self.random.below(90)).unwrap_or_default())
            }))
            .filter(|c| !matches!(c, '"' | ';' | '\\' | ','))
            .collect();
        let encoded: String = form_urlencoded::byte_serialize(junk.as_bytes()).collect();
        let post = |path: &str, kind: &str, body: Vec<u8>| {
            let request = Request::post(path.to_owned()).header("content-type", kind);
            request.body(Bytes::from(body))
        };
        let (what, request) = match self.random.below(7) {
            0 | 1 => {
                let cookie =
                    format!("{COOKIE}={junk}; {COOKIE}.0={junk}; next-auth.csrf-token={junk}");
                let request = Request::get("/api/auth/session").header("cookie", cookie);
                ("hostile: cookies", request.body(Bytes::new()))
            }
            2 => {
                let path =
                    format!("/api/auth/signin?callbackUrl={encoded}&callbackUrl=//{encoded}");
                ("hostile: callback URL", Request::get(path).body(Bytes::new()))
            }
            3 => {
                let path = format!("/api/auth/callback/idp?code={encoded}&state={encoded}");
                ("hostile: callback", Request::get(path).body(Bytes::new()))
            }
            4 => {
                let form = "application/x-www-form-urlencoded";
                let body = vec![b'x'; 200_000];
                ("hostile: large body", post("/api/auth/signin/idp", form, body))
            }
            5 => {
                let body = format!("{{\"csrfToken\": {junk}");
                let request = post("/api/auth/session", "application/json", body.into_bytes());
                ("hostile: broken JSON", request)
            }
            _ => {
                let method = Method::from_bytes(b"PROPFIND")?;
                let request = Request::builder().method(method).uri(format!("/api/auth/{encoded}"));
                ("hostile: path and method", request.body(Bytes::new()))
            }
        };
        let (mut parts, body) = request?.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = format!("http://{address}{path}").parse()?;
        // A server may hang up on a body that is too long.
        if let Ok(answer) = self.client.send(Request::from_parts(parts, body)).await {
            self.tally.count(what, answer.status());
        }
        Ok(())
    }
}

type Visitor = Browser<Application>;

async fn get(
    visitor: &mut Visitor,
    path: &str,
    what: &'static str,
    tally: &Tally,
) -> Result<Response<Bytes>, BoxError> {
    let answer = visitor.get(path).await?;
    tally.count(what, answer.status());
    match answer.status() {
        StatusCode::OK => Ok(answer),
        status => Err(format!("{what} was answered by {status}").into()),
    }
}

async fn read_session(visitor: &mut Visitor, tally: &Tally) -> Result<(), BoxError> {
    let session = get(visitor, "/api/auth/session", "session", tally).await?;
    let is_there = session.body().starts_with(b"{\"user\"");
    if is_there { Ok(()) } else { Err("somebody who is signed in had no session".into()) }
}

async fn csrf_token(visitor: &mut Visitor, tally: &Tally) -> Result<String, BoxError> {
    let csrf = get(visitor, "/api/auth/csrf", "csrf", tally).await?;
    let csrf: Value = serde_json::from_slice(csrf.body())?;
    Ok(csrf["csrfToken"].as_str().unwrap_or_default().to_owned())
}

async fn sign_in(
    visitor: &mut Visitor,
    provider: &IdentityProvider,
    tally: &Tally,
) -> Result<(), BoxError> {
    let answer = visitor.sign_in("idp", provider).await?;
    tally.count("sign-in by OpenID Connect", answer.status());
    signed_in(visitor, "OpenID Connect")
}

async fn sign_in_with_credentials(
    visitor: &mut Visitor,
    name: &str,
    tally: &Tally,
) -> Result<(), BoxError> {
    let token = csrf_token(visitor, tally).await?;
    let fields = [("csrfToken", &*token), ("username", name), ("password", "right")];
    let answer = visitor.post("/api/auth/callback/credentials", &fields).await?;
    tally.count("sign-in by credentials", answer.status());
    signed_in(visitor, "credentials")
}

fn signed_in(visitor: &Visitor, how: &str) -> Result<(), BoxError> {
    let is_signed_in = visitor.cookie(COOKIE).is_some();
    if is_signed_in { Ok(()) } else { Err(format!("a sign-in by {how} failed").into()) }
}

async fn sign_out(visitor: &mut Visitor, tally: &Tally) -> Result<(), BoxError> {
    let token = csrf_token(visitor, tally).await?;
    let answer = visitor.post("/api/auth/signout", &[("csrfToken", token)]).await?;
    tally.count("sign-out", answer.status());
    let is_signed_in = visitor.cookie(COOKIE).is_some_and(|cookie| !cookie.is_empty());
    if is_signed_in { Err("a sign-out left the cookie".into()) } else { Ok(()) }
}

/// Says half of something, or asks and does not read, and waits for the server to lose patience.
async fn slow_client(address: String, number: usize, is_over: Arc<AtomicBool>) {
    while !is_over.load(Ordering::SeqCst) {
        let Ok(mut stream) = TcpStream::connect(&address).await else { continue };
        let request = b"GET /api/auth/signin HTTP/1.1\r\nhost: localhost:3000\r\n\r\n";
        let part = match number % 4 {
            0 => &b"GET /api/auth/session HTTP/1.1\r\nhost: loc"[..],
            1 => b"POST /api/auth/signout HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nx",
            2 => b"",
            _ => request,
        };
        let times = if number % 4 == 3 { 5_000 } else { 1 };
        let whole = part.repeat(times);
        let patience = Duration::from_secs(60);
        let writes = async {
            let _ = stream.write_all(&whole).await;
        };
        let _ = tokio::time::timeout(Duration::from_secs(5), writes).await;
        let start = Instant::now();
        while start.elapsed() < patience && !is_over.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            // Whoever never reads learns of the end by writing.
            let is_gone = match number % 4 {
                3 => stream.write_all(b"GET").await.is_err(),
                _ => {
                    let mut byte = [0; 1];
                    let read = tokio::time::timeout(Duration::ZERO, stream.read(&mut byte));
                    matches!(read.await, Ok(Ok(0) | Err(_)))
                }
            };
            if is_gone {
                break;
            }
        }
    }
}
