//! The client library of NextAuth for Rust: how a program asks a site who is signed in, and signs
//! somebody in or out.
//!
//! What `next-auth/react` offers to a page, this offers to programs that are not pages: desktop and
//! command-line programs, and servers that ask another server on behalf of a visitor. It speaks to
//! every server with NextAuth v4's wire, and to Auth.js v5.
//!
//! ```no_run
//! use typegate::client::{Client, CurrentSession, SignIn};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new("https://app.example.com".parse()?)?;
//! match client.sign_in("credentials").field("username", "ada").field("password", "1815").await? {
//!     SignIn::SignedIn { .. } => {}
//!     SignIn::Refused { code, .. } => eprintln!("refused: {code}"),
//!     other => eprintln!("not with a password: {other:?}"),
//! }
//! match client.session().await? {
//!     CurrentSession::Authenticated(session) => println!("{:?}", session.user.name),
//!     CurrentSession::Unauthenticated => println!("nobody"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! *Signed out* and *failed* are different values everywhere: a server that does not answer is a
//! [`ClientError`] and never [`CurrentSession::Unauthenticated`].
//!
//! [`SessionProvider`] keeps a session current: it polls, takes hints of its host, and publishes
//! what it knows through a watch channel.

mod builder;
mod channel;
mod csrf;
mod current;
mod environment;
mod error;
mod exchange;
mod jar;
mod provider;
mod provider_list;
mod sign_in;
mod sign_out;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::ConfigError;
use crate::model::{DefaultSession, JsonObject};
use crate::runtime::clock::Clock;
use crate::web::outbound::ErasedHttpClient;
use crate::web::percent_encode;
use crate::web::site::SiteUrl;

pub use builder::ClientBuilder;
pub use channel::{Member, SessionChannel};
pub use csrf::CsrfToken;
pub use current::CurrentSession;
pub use error::ClientError;
pub use jar::CookieJar;
pub use provider::{
    Host, Initial, SessionProvider, SessionProviderBuilder, SessionState, SignInRequired, Status,
};
pub use provider_list::{ProviderEntry, ProviderType};
pub use sign_in::{SignIn, SignInRequest};
pub use sign_out::SignOutRequest;

use exchange::Call;

/// A client of one site, with cookies of its own. Clones share them.
///
/// `D` is the application's session data type, as the site's `session` callback makes it; choose
/// it with [`typed`](Self::typed).
pub struct Client<D = DefaultSession> {
    shared: Arc<Shared>,
    data: PhantomData<fn() -> D>,
}

struct Shared {
    site: SiteUrl,
    http: Arc<dyn ErasedHttpClient>,
    jar: Mutex<CookieJar>,
    clock: Arc<dyn Clock>,
    channel: SessionChannel,
    member: Member,
}

impl Client {
    /// A client of the site at that address, which is read as NextAuth reads `NEXTAUTH_URL`:
    /// without a path the auth routes are under `/api/auth`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the HTTP client cannot be set up.
    pub fn new(site: SiteUrl) -> Result<Self, ConfigError> {
        Self::builder(site).build()
    }

    /// A client of the site that the environment names, as NextAuth's client finds it on a
    /// server: `NEXTAUTH_URL_INTERNAL`, else `NEXTAUTH_URL` (or `AUTH_URL`), else `https://` and
    /// `VERCEL_URL`, else `http://localhost:3000`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the address is no http or https URL, or the HTTP client cannot be set up.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(environment::site(crate::runtime::environment::address)?)
    }

    /// A client whose parts are chosen.
    pub fn builder(site: SiteUrl) -> ClientBuilder {
        ClientBuilder::new(site)
    }
}

impl<D> Client<D> {
    fn from_shared(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), data: PhantomData }
    }

    /// The same client for a site whose sessions are of another type.
    ///
    /// ```
    /// use typegate::client::Client;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Claims {
    ///     role: String,
    /// }
    ///
    /// let client: Client<Claims> = Client::new("https://app.example.com".parse()?)?.typed();
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    #[must_use]
    pub fn typed<E>(&self) -> Client<E> {
        Client { shared: Arc::clone(&self.shared), data: PhantomData }
    }

    /// A client that asks on behalf of the visitor who sent these headers: it sends the visitor's
    /// cookies instead of its own, and keeps the answers' cookies to itself. Nothing else of the
    /// request is passed on, above all not its body.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use typegate::client::{Client, ClientError, CurrentSession};
    ///
    /// async fn who(client: &Client, incoming: &HeaderMap) -> Result<String, ClientError> {
    ///     Ok(match client.on_behalf_of(incoming).session().await? {
    ///         CurrentSession::Authenticated(session) => session.user.name.unwrap_or_default(),
    ///         CurrentSession::Unauthenticated => "nobody".to_owned(),
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn on_behalf_of(&self, headers: &HeaderMap) -> Self {
        let channel = SessionChannel::new();
        Self::from_shared(Shared {
            site: self.shared.site.clone(),
            http: Arc::clone(&self.shared.http),
            jar: Mutex::new(CookieJar::from_request(headers)),
            clock: Arc::clone(&self.shared.clock),
            member: channel.join(),
            channel,
        })
    }

    /// The address of the site.
    #[must_use]
    pub fn site(&self) -> &SiteUrl {
        &self.shared.site
    }

    /// A copy of the cookies, to keep between two runs of a program. **Whoever has them is signed
    /// in.**
    #[must_use]
    pub fn cookies(&self) -> CookieJar {
        self.jar().clone()
    }

    /// The token that a form of one's own has to send along as `csrfToken`.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the site gives none.
    pub async fn csrf(&self) -> Result<CsrfToken, ClientError> {
        csrf::fetch(&self.shared).await
    }

    /// The ways to sign in that the site offers, in its order.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the site does not answer with a list of providers.
    pub async fn providers(&self) -> Result<Vec<ProviderEntry>, ClientError> {
        provider_list::fetch(&self.shared).await
    }

    /// Signs in by the provider with that id; see [`SignInRequest`].
    pub fn sign_in(&self, provider: impl Into<String>) -> SignInRequest {
        SignInRequest::new(Arc::clone(&self.shared), provider.into())
    }

    /// Signs out; see [`SignOutRequest`].
    pub fn sign_out(&self) -> SignOutRequest {
        SignOutRequest::new(Arc::clone(&self.shared))
    }

    /// The address of the sign-in page that leads back to `callback_url`, an address of the site
    /// or a path.
    #[must_use]
    pub fn sign_in_page(&self, callback_url: &str) -> Url {
        self.shared.page(&format!("signin?callbackUrl={}", percent_encode(callback_url)))
    }

    /// The address of the page that explains an error, where v4's client goes if the providers
    /// cannot be read.
    #[must_use]
    pub fn error_page(&self) -> Url {
        self.shared.page("error")
    }
}

impl<D: DeserializeOwned> Client<D> {
    /// Who is signed in? `GET session`.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the site does not answer, or answers something else than a session; if
    /// the session is not a `D`, its code is `CLIENT_SESSION_ERROR`.
    pub async fn session(&self) -> Result<CurrentSession<D>, ClientError> {
        current::typed(&self.shared, self.fetch_session().await?)
    }

    /// Gives data to the site's `jwt` or `session` callback, whose trigger is `update`; what it
    /// does with them is the site's decision. The answer is the session as it is afterwards.
    ///
    /// # Errors
    ///
    /// As [`session`](Self::session).
    pub async fn update(&self, data: &impl Serialize) -> Result<CurrentSession<D>, ClientError> {
        let data = serde_json::to_value(data)
            .map_err(|_| ClientError::unserialisable(&self.shared.page("session")))?;
        let session = self.send_update(Some(data)).await?;
        self.shared.member.announce();
        current::typed(&self.shared, session)
    }

    /// [`update`](Self::update) without data: the callbacks run, and may look again at what they
    /// know of the user.
    ///
    /// # Errors
    ///
    /// As [`session`](Self::session).
    pub async fn refresh(&self) -> Result<CurrentSession<D>, ClientError> {
        let session = self.send_update(None).await?;
        self.shared.member.announce();
        current::typed(&self.shared, session)
    }

    async fn fetch_session(&self) -> Result<CurrentSession<JsonObject>, ClientError> {
        current::read(&self.shared, Call::get(self.shared.page("session"))).await
    }

    async fn send_update(
        &self,
        data: Option<serde_json::Value>,
    ) -> Result<CurrentSession<JsonObject>, ClientError> {
        let token = csrf::fetch(&self.shared).await?;
        let mut body = JsonObject::new();
        body.insert("csrfToken".into(), token.expose().into());
        // v4 does: without data the member is absent, and it is a POST all the same.
        body.extend(data.map(|data| ("data".to_owned(), data)));
        current::read(&self.shared, Call::post_json(self.shared.page("session"), &body)).await
    }
}

impl<D> Client<D> {
    fn jar(&self) -> MutexGuard<'_, CookieJar> {
        self.shared.jar()
    }
}

impl Shared {
    fn jar(&self) -> MutexGuard<'_, CookieJar> {
        // A jar is whole between any two of its calls.
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An address below that of the auth routes.
    fn page(&self, path: &str) -> Url {
        let mut url = self.site.url().clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
        url.set_path(&format!("{}/{path}", self.site.path()));
        url.set_query(query);
        url
    }
}

impl<D> Clone for Client<D> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), data: PhantomData }
    }
}

impl<D> fmt::Debug for Client<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("site", &self.shared.site.base()).finish_non_exhaustive()
    }
}
