//! Interruption: what a server that dies in the middle of a flow leaves behind.
//!
//! A flow is dropped where it waits for the first time, then a new one where it waits for the
//! second time, and so on until one gets through: before and after each request to the provider,
//! each call of the database and the sending of the message, and wherever the driver of SQLite
//! waits. Each time a new engine is built on the same database, and the same people try again.
//! `killed_process` does the same to processes.

mod killed_process;

use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::yield_now;
use typegate::adapter::{
    ExpiredRows, MemoryAdapter, SessionStore, SqliteAdapter, UserAccountStore, UserSessionStore,
    UserStore, VerificationTokenStore,
};
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{Auth, BoxError, HttpClient};

use super::support::{
    BASE, Browser, Folder, IdentityProvider, Jar, Mailbox, NOW, Noted, ORIGIN, client_of, site,
};

const SUBJECT: &str = "248289761001";
const JANE: &str = "jane@example.com";
const NAME: &str = "next-auth.session-token";

/// A database that outlives those who use it.
trait Place {
    type Adapter: UserStore
        + SessionStore
        + VerificationTokenStore
        + UserAccountStore
        + UserSessionStore
        + ExpiredRows
        + Clone;

    async fn new() -> Self;

    async fn open(&self) -> Self::Adapter;
}

struct InMemory(MemoryAdapter);

impl Place for InMemory {
    type Adapter = MemoryAdapter;

    async fn new() -> Self {
        Self(MemoryAdapter::new())
    }

    async fn open(&self) -> MemoryAdapter {
        self.0.clone()
    }
}

struct InFile(Folder);

impl Place for InFile {
    type Adapter = SqliteAdapter;

    async fn new() -> Self {
        let place = Self(Folder::new());
        place.open().await.migrate().await.unwrap();
        place
    }

    async fn open(&self) -> SqliteAdapter {
        SqliteAdapter::connect(&self.0.database()).await.unwrap()
    }
}

/// A client that takes its time.
struct Slow(FakeHttpClient);

impl HttpClient for Slow {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        yield_now().await;
        let answer = self.0.send(request).await;
        yield_now().await;
        answer
    }
}

/// What outlives a server: the database, the provider, the mailbox, the time.
struct Outside<P> {
    place: P,
    clock: FrozenClock,
    idp: IdentityProvider,
    github: IdentityProvider,
    mailbox: Mailbox,
}

impl<P: Place> Outside<P> {
    async fn new() -> Self {
        Self::around(P::new().await)
    }

    fn around(place: P) -> Self {
        let clock = FrozenClock::at(NOW);
        Self {
            place,
            idp: IdentityProvider::new(&clock),
            github: IdentityProvider::github(&clock),
            mailbox: Mailbox::default(),
            clock,
        }
    }

    async fn start_server(&self) -> Server<'_, P> {
        let rows = self.place.open().await;
        let auth = site!(self.clock)
            .adapter(Noted::new(rows.clone()))
            .provider(self.idp.oidc())
            .provider(IdentityProvider::github_provider())
            .provider(self.mailbox.provider())
            .http_client(Slow(client_of(&[&self.idp, &self.github])))
            .build()
            .unwrap();
        Server { outside: self, rows, auth }
    }
}

struct Server<'a, P: Place> {
    outside: &'a Outside<P>,
    rows: P::Adapter,
    auth: Auth,
}

impl<P: Place> Server<'_, P> {
    fn browser(&self) -> Browser {
        self.browser_with(Jar::default())
    }

    fn browser_with(&self, jar: Jar) -> Browser {
        let mut browser = Browser::new(&self.auth, &self.outside.clock);
        browser.jar = jar;
        browser
    }

    /// Goes to a provider and agrees there: the address that leads back.
    async fn go_away(&self, browser: &mut Browser, id: &str) -> String {
        let fields = [("callbackUrl", "/next")];
        let answer = browser.post(&format!("/api/auth/signin/{id}"), &fields).await;
        let outside = self.outside;
        let idp = if id == "github" { &outside.github } else { &outside.idp };
        idp.response(answer.location()).address()
    }

    async fn sign_in(&self, browser: &mut Browser, id: &str) {
        let back = self.go_away(browser, id).await;
        assert_eq!(browser.get(&back).await.location(), format!("{ORIGIN}/next"));
        assert_eq!(browser.session().await["user"]["email"], JANE);
    }

    /// Asks for a link and returns it.
    async fn ask(&self, browser: &mut Browser, address: &str) -> String {
        let sent = self.outside.mailbox.links().len();
        let answer = browser.post("/api/auth/signin/email", &[("email", address)]).await;
        let page = format!("{BASE}/verify-request?provider=email&type=email");
        assert_eq!(answer.location(), page);
        assert_eq!(self.outside.mailbox.links().len(), sent + 1);
        self.outside.mailbox.link()
    }

    async fn sign_in_by_link(&self, browser: &mut Browser, address: &str) {
        let link = self.ask(browser, address).await;
        assert!(is_good(browser, &link).await, "a link that was just sent");
        assert_eq!(browser.session().await["user"]["email"], address);
    }

    /// The sessions of whoever has that address.
    async fn sessions(&self, address: &str) -> usize {
        match self.rows.user_by_email(address).await.unwrap() {
            Some(user) => self.rows.sessions_of_user(&user.id).await.unwrap().len(),
            None => 0,
        }
    }

    /// Jane is one user with these accounts.
    async fn expect_accounts(&self, expected: &[(&str, &str)]) {
        let jane = self.rows.user_by_email(JANE).await.unwrap().unwrap();
        let accounts = self.rows.accounts_of_user(&jane.id).await.unwrap();
        let mut found: Vec<_> = accounts
            .iter()
            .map(|account| (&*account.provider, &*account.provider_account_id))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}

/// Whether a link signs in; otherwise it is refused as used up or unknown.
async fn is_good(browser: &mut Browser, link: &str) -> bool {
    let answer = browser.get(link).await;
    let place = answer.location();
    assert!([ORIGIN, &format!("{BASE}/error?error=Verification")].contains(&place), "{place}");
    place == ORIGIN
}

/// Drops a flow where it waits once more than `waits` times; `None` then.
async fn killed_after<T>(waits: usize, flow: impl Future<Output = T>) -> Option<T> {
    stopped_after(waits, flow, || {}).await
}

/// The same, and `stop` is called before it is dropped.
async fn stopped_after<T>(
    waits: usize,
    flow: impl Future<Output = T>,
    stop: impl Fn(),
) -> Option<T> {
    let mut flow = pin!(flow);
    let mut waited = 0;
    std::future::poll_fn(|context| match flow.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if waited == waits => {
            stop();
            Poll::Ready(None)
        }
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

/// Runs a case with every point until it says that its flow got through, and returns how many
/// points there were.
async fn at_every_point(case: impl AsyncFn(usize) -> bool) -> usize {
    let mut point = 0;
    while !case(point).await {
        point += 1;
    }
    point
}

async fn first_sign_in_is_killed<P: Place>(point: usize) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    let back = server.go_away(&mut browser, "idp").await;
    let through = killed_after(point, browser.get(&back)).await.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    // The page that hung is loaded again. Whether the code was used up is the provider's to say.
    let mut browser = server.browser_with(jar);
    let reloaded = browser.get(&back).await;
    let refused = format!("{BASE}/error?error=OAuthCallback");
    let place = reloaded.location();
    assert!([&format!("{ORIGIN}/next"), &refused].contains(&&place.to_owned()), "{place}");
    server.sign_in(&mut server.browser(), "idp").await;
    server.sign_in(&mut browser, "idp").await;
    server.expect_accounts(&[("idp", SUBJECT)]).await;
    through
}

async fn linking_is_killed<P: Place>(point: usize) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    server.sign_in(&mut browser, "idp").await;
    let back = server.go_away(&mut browser, "github").await;
    let through = killed_after(point, browser.get(&back)).await.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    let mut browser = server.browser_with(jar);
    assert_eq!(browser.session().await["user"]["email"], JANE, "nobody is signed out by it");
    server.sign_in(&mut browser, "github").await;
    server.sign_in(&mut server.browser(), "github").await;
    server.expect_accounts(&[("github", "583231"), ("idp", SUBJECT)]).await;
    through
}

async fn request_for_a_link_is_killed<P: Place>(point: usize) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    let form = [("csrfToken", &*browser.csrf_token().await), ("email", JANE)];
    let through = killed_after(point, browser.submit("/api/auth/signin/email", &form)).await;
    let through = through.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    let sent = outside.mailbox.links();
    server.sign_in_by_link(&mut server.browser_with(jar), JANE).await;
    for link in sent {
        assert!(is_good(&mut server.browser(), &link).await, "it was stored before it was sent");
        assert!(!is_good(&mut server.browser(), &link).await);
    }
    server.expect_accounts(&[]).await;
    through
}

async fn link_is_killed<P: Place>(point: usize, is_known: bool, carries_another: bool) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    if is_known {
        server.sign_in_by_link(&mut server.browser(), JANE).await;
    }
    if carries_another {
        server.sign_in_by_link(&mut browser, "bob@example.com").await;
    }
    let link = server.ask(&mut browser, JANE).await;
    let before = server.sessions(JANE).await;
    let through = killed_after(point, browser.get(&link)).await.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    is_good(&mut server.browser_with(jar.clone()), &link).await;
    let after = server.sessions(JANE).await;
    assert!(after <= before + 1, "a link made {} sessions", after - before);
    assert!(!is_good(&mut server.browser(), &link).await, "the link is used up in the end");
    let far = Timestamp::MAX;
    server.sign_in_by_link(&mut server.browser_with(jar), JANE).await;
    server.expect_accounts(&[]).await;
    assert_eq!(server.rows.delete_expired(far).await.unwrap().verification_tokens, 0);
    through
}

async fn sign_out_is_killed<P: Place>(point: usize) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    server.sign_in(&mut browser, "idp").await;
    let token = browser.jar.value(NAME).unwrap().to_owned();
    let form = [("csrfToken", &*browser.csrf_token().await)];
    let through = killed_after(point, browser.submit("/api/auth/signout", &form)).await.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    let mut browser = server.browser_with(jar);
    assert_eq!(browser.post("/api/auth/signout", &[]).await.location(), format!("{ORIGIN}/next"));
    browser.jar.plant(NAME, &token);
    assert_eq!(browser.session().await, json!({}), "the cookie is dead");
    assert_eq!(server.sessions(JANE).await, 0);
    server.sign_in(&mut browser, "idp").await;
    server.expect_accounts(&[("idp", SUBJECT)]).await;
    through
}

/// A read that moves the end of the session.
async fn session_read_is_killed<P: Place>(point: usize) -> bool {
    let outside = Outside::<P>::new().await;
    let server = outside.start_server().await;
    let mut browser = server.browser();
    server.sign_in(&mut browser, "idp").await;
    outside.clock.advance(2 * 24 * 60 * 60);
    let through = killed_after(point, browser.session()).await.is_some();
    let jar = browser.jar;
    drop(server);

    let server = outside.start_server().await;
    let session: Value = server.browser_with(jar).session().await;
    assert_eq!(session["user"]["email"], JANE);
    through
}

/// The points of a case with rows in memory, and in a file.
macro_rules! everywhere {
    ($case:ident($($argument:expr),*)) => {{
        let in_memory = at_every_point(async |at| $case::<InMemory>(at $(, $argument)*).await);
        let in_memory = in_memory.await;
        let in_file = at_every_point(async |at| $case::<InFile>(at $(, $argument)*).await).await;
        assert!(in_file >= in_memory, "{in_file} and {in_memory}");
        in_memory
    }};
}

#[tokio::test]
async fn r107_a_first_sign_in_may_die_anywhere() {
    assert!(everywhere!(first_sign_in_is_killed()) >= 11);
}

#[tokio::test]
async fn r107_the_linking_of_an_account_may_die_anywhere() {
    assert!(everywhere!(linking_is_killed()) >= 12);
}

#[tokio::test]
async fn r107_the_request_for_a_link_may_die_anywhere() {
    assert!(everywhere!(request_for_a_link_is_killed()) >= 5);
}

#[tokio::test]
async fn r107_a_link_may_die_anywhere() {
    for (is_known, carries_another) in [(false, false), (false, true), (true, false), (true, true)]
    {
        assert!(everywhere!(link_is_killed(is_known, carries_another)) >= 8);
    }
}

#[tokio::test]
async fn r107_a_sign_out_may_die_anywhere() {
    assert!(everywhere!(sign_out_is_killed()) >= 2);
}

#[tokio::test]
async fn r107_a_read_that_writes_may_die_anywhere() {
    assert!(everywhere!(session_read_is_killed()) >= 4);
}
