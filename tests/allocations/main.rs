//! How many allocations a session read makes: the hot path of every application, counted, so that
//! a change that adds some is seen. docs/costs.md names the figures.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets a surprise stops"
)]

mod catalogue;

use allocation_counter::measure;
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use serde_json::Value;
use tokio::runtime::Runtime;
use typegate::builder::AuthBuilder;
use typegate::client::{Client, SessionProvider};
use typegate::provider::Credentials;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, AuthorizeError, Secret, User};

async fn authorize(_: Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com")))
}

fn builder() -> AuthBuilder {
    Auth::builder_at_run_time()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .http_client(FakeHttpClient::new(|_| panic!("a session read does no I/O")))
        .provider(Credentials::new(authorize))
}

fn set_cookies(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
}

/// The `Cookie` header of somebody who is signed in.
async fn sign_in(auth: &Auth) -> String {
    let get = Request::get("/api/auth/csrf").body(Bytes::new()).unwrap();
    let response = auth.handle(get).await;
    let mut cookies: Vec<_> = set_cookies(response.headers()).collect();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let token = body["csrfToken"].as_str().unwrap();
    let post = Request::post("/api/auth/callback/credentials")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies.join("; "))
        .body(Bytes::from(format!("csrfToken={token}")))
        .unwrap();
    cookies.extend(set_cookies(auth.handle(post).await.headers()));
    cookies.join("; ")
}

/// What a second call on this thread allocates: the first makes what is made once for each.
fn allocations(mut call: impl FnMut()) -> u64 {
    call();
    measure(call).count_total
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// What `GET session` allocates, from request to response.
fn of_the_route(auth: &Auth) -> u64 {
    let runtime = runtime();
    let cookies = runtime.block_on(sign_in(auth));
    let request = || {
        let request = Request::get("/api/auth/session").header(header::COOKIE, &cookies);
        request.body(Bytes::new()).unwrap()
    };
    let mut requests = vec![request(), request()];
    allocations(|| {
        let response = runtime.block_on(auth.handle(requests.pop().unwrap()));
        assert!(response.body().starts_with(b"{\"user\":{\"name\""));
    })
}

/// What `Auth::session` allocates, which is what an extractor calls.
fn of_the_application(auth: &Auth) -> u64 {
    let runtime = runtime();
    let cookies = runtime.block_on(sign_in(auth));
    let headers = HeaderMap::from_iter([(header::COOKIE, cookies.parse().unwrap())]);
    allocations(|| {
        let session = runtime.block_on(auth.session(&headers)).unwrap().unwrap();
        assert_eq!(session.user.email.as_deref(), Some("ada@example.com"));
    })
}

/// Names and values of the seven claims (13), the answer's headers, body and cookie, the next token,
/// the parts that were sent percent-encoded.
const MOST_OF_THE_ROUTE: u64 = 28;

/// The claims, and what the application is given: three texts.
const MOST_OF_THE_APPLICATION: u64 = 17;

#[test]
fn a_session_read_allocates_no_more_than_it_did() {
    let auth = builder().build().unwrap();
    let (route, application) = (of_the_route(&auth), of_the_application(&auth));
    println!("GET session {route}, Auth::session {application}");
    assert!(route <= MOST_OF_THE_ROUTE, "{route}: up to here {MOST_OF_THE_ROUTE} were enough");
    assert!(
        application <= MOST_OF_THE_APPLICATION,
        "{application}: up to here {MOST_OF_THE_APPLICATION} were enough"
    );
}

/// A view is a handle on what the provider has: it copies nothing, and leaves nothing behind.
#[test]
fn views_of_a_session_provider_allocate_nothing() {
    let client = Client::builder("http://localhost:3000".parse().unwrap())
        .http_client(FakeHttpClient::new(|_| panic!("a view asks nobody")))
        .build()
        .unwrap();
    let (provider, _driver) = SessionProvider::builder(client).split();
    let mut views = Vec::with_capacity(10_000);
    let counted = measure(|| {
        for _ in 0..10_000 {
            views.push(provider.subscribe());
        }
        assert!(views.iter().all(|view| view.borrow().session().is_none()));
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_session_read_costs_the_same_however_many_providers_there_are() {
    let one = builder().build().unwrap();
    let all = builder().providers(catalogue::everybody()).build().unwrap();
    assert_eq!(of_the_route(&one), of_the_route(&all));
    assert_eq!(of_the_application(&one), of_the_application(&all));
}
