//! The session provider: keeps a program informed of who is signed in, as `SessionProvider` of
//! `next-auth/react` does.

mod driver;
mod host;
mod state;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use url::Url;

use super::{Client, ClientError, CurrentSession};
use crate::error::debug_as_display;
use crate::web::percent_encode;
use driver::{Command, Driver, Settings};
pub use host::Host;
pub use state::{SessionState, Status};

/// A session that is kept current, for any number of views. Clones are the same provider; when
/// the last is dropped, it stops, whatever it is doing.
///
/// ```no_run
/// use std::time::Duration;
/// use typegate::client::{Client, SessionProvider, SessionState};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new("https://app.example.com".parse()?)?;
/// let provider =
///     SessionProvider::builder(client).refetch_interval(Duration::from_secs(60)).start();
/// let mut view = provider.subscribe();
/// loop {
///     match &*view.borrow_and_update() {
///         SessionState::Authenticated(session) => println!("{:?}", session.user.name),
///         SessionState::Stale(session, _) => println!("{:?}, as far as known", session.user.name),
///         SessionState::Unauthenticated => println!("nobody"),
///         _ => println!("…"),
///     }
///     view.changed().await?;
/// }
/// # }
/// ```
///
/// It asks the site
///
/// - at the start, unless it is told what there is to know;
/// - when another member of the client's channel says that the session changed;
/// - when the host says that the person looks again, if somebody is signed in;
/// - at an interval, if somebody is signed in;
/// - after a failure: a second later, two, four, up to a minute.
///
/// There is one request at a time. A session is given up only when the site says that there is
/// none: failures of every kind keep it, marked as [`SessionState::Stale`].
pub struct SessionProvider<D> {
    shared: Arc<Shared<D>>,
}

struct Shared<D> {
    client: Client<D>,
    commands: mpsc::UnboundedSender<Command<D>>,
    state: watch::Receiver<SessionState<D>>,
    /// The driver ends when this is dropped.
    _alive: oneshot::Sender<()>,
}

/// What is known before the first request.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "something is known or it is not")]
pub enum Initial<D> {
    /// Nothing: the site is asked first.
    Unknown,
    /// The site has just been asked, by whoever renders this. It is not asked again for it.
    Known(CurrentSession<D>),
}

/// The choices of a [`SessionProvider`].
#[must_use]
pub struct SessionProviderBuilder<D> {
    client: Client<D>,
    initial: Initial<D>,
    settings: Settings,
}

impl<D: DeserializeOwned + Send + Sync + 'static> SessionProvider<D> {
    /// A provider of that client's session.
    pub fn builder(client: Client<D>) -> SessionProviderBuilder<D> {
        let settings = Settings { interval: Duration::ZERO, on_focus: true, when_offline: true };
        SessionProviderBuilder { client, initial: Initial::Unknown, settings }
    }

    /// Gives data to the site's callbacks, as [`Client::update`] does. The session stays readable
    /// meanwhile, and if the update fails it stays as it was. Where nobody is signed in, nothing is
    /// sent.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the update failed, or the provider has been stopped.
    pub async fn update(
        &self,
        data: &impl Serialize,
    ) -> Result<CurrentSession<Arc<D>>, Arc<ClientError>> {
        let page = self.shared.client.shared.page("session");
        let data =
            serde_json::to_value(data).map_err(|_| Arc::new(ClientError::unserialisable(&page)))?;
        self.send_update(Some(data)).await
    }

    /// [`update`](Self::update) without data, as [`Client::refresh`] does.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    pub async fn refresh(&self) -> Result<CurrentSession<Arc<D>>, Arc<ClientError>> {
        self.send_update(None).await
    }

    async fn send_update(
        &self,
        data: Option<Value>,
    ) -> Result<CurrentSession<Arc<D>>, Arc<ClientError>> {
        let (answer, answered) = oneshot::channel();
        let _ = self.shared.commands.send(Command::Update { data, answer });
        answered.await.unwrap_or_else(|_| {
            let page = self.shared.client.shared.page("session");
            let stopped = "the session provider has been stopped".into();
            Err(Arc::new(ClientError::transport(&http::Method::POST, &page, stopped)))
        })
    }

    /// Waits until it is known whether somebody is signed in, and gives that session.
    ///
    /// A site that cannot be reached says neither; put a time limit around it where waiting has an
    /// end.
    ///
    /// # Errors
    ///
    /// [`SignInRequired`] if nobody is.
    pub async fn require(&self, callback_url: &str) -> Result<Arc<D>, SignInRequired> {
        let mut state = self.shared.state.clone();
        // The driver lives as long as this handle does.
        let known = state.wait_for(|state| {
            state.session().is_some() || matches!(state, SessionState::Unauthenticated)
        });
        if let Some(session) = known.await.ok().as_ref().and_then(|state| state.session()) {
            return Ok(Arc::clone(session));
        }
        let target = percent_encode(callback_url);
        let page = format!("signin?error=SessionRequired&callbackUrl={target}");
        Err(SignInRequired { sign_in_page: self.shared.client.shared.page(&page) })
    }
}

impl<D> SessionProvider<D> {
    /// What is known now.
    #[must_use]
    pub fn state(&self) -> SessionState<D> {
        self.shared.state.borrow().clone()
    }

    /// What is known, now and later. It ends with the provider.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<SessionState<D>> {
        self.shared.state.clone()
    }

    /// Where the program around it reports focus and network.
    #[must_use]
    pub fn host(&self) -> Host<D> {
        Host::new(self.shared.commands.clone())
    }

    /// The client with which it asks.
    #[must_use]
    pub fn client(&self) -> &Client<D> {
        &self.shared.client
    }
}

impl<D: DeserializeOwned + Send + Sync + 'static> SessionProviderBuilder<D> {
    /// What is known already; [`Initial::Unknown`] by default.
    pub fn initial(mut self, initial: Initial<D>) -> Self {
        self.initial = initial;
        self
    }

    /// How often the site is asked while somebody is signed in; zero, the default, is never. It
    /// should be shorter than the site's `max_age`.
    pub fn refetch_interval(mut self, interval: Duration) -> Self {
        self.settings.interval = interval;
        self
    }

    /// Whether the site is asked when the host says that the person looks again; it is by default.
    pub fn refetch_on_focus(mut self, refetch: bool) -> Self {
        self.settings.on_focus = refetch;
        self
    }

    /// Whether the interval goes on while the host says that there is no network; it does by
    /// default. If not, it starts anew with the network.
    pub fn refetch_when_offline(mut self, refetch: bool) -> Self {
        self.settings.when_offline = refetch;
        self
    }

    /// Starts it as a task.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime; see [`split`](Self::split).
    #[must_use]
    pub fn start(self) -> SessionProvider<D> {
        let (provider, driver) = self.split();
        tokio::spawn(driver);
        provider
    }

    /// The provider, and the work it does, for hosts that run futures in their own way. The future
    /// needs a tokio timer only where there are intervals or failures.
    pub fn split(self) -> (SessionProvider<D>, impl Future<Output = ()> + Send + 'static) {
        let (commands, received) = mpsc::unbounded_channel();
        let (alive, gone) = oneshot::channel::<()>();
        let (driver, state) =
            Driver::new(self.client.clone(), self.initial, self.settings, received);
        let shared = Shared { client: self.client, commands, state, _alive: alive };
        let work = async move {
            tokio::select! {
                // Never sent, only dropped.
                _ = gone => {}
                () = driver.run() => {}
            }
        };
        (SessionProvider { shared: Arc::new(shared) }, work)
    }
}

/// Nobody is signed in where somebody has to be.
#[derive(Clone, Eq, PartialEq, thiserror::Error)]
#[error("nobody is signed in")]
#[non_exhaustive]
pub struct SignInRequired {
    /// The page of the site that says so and leads back; whether to open it is up to the program.
    pub sign_in_page: Url,
}

debug_as_display!(SignInRequired);

impl<D> Clone for SessionProvider<D> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<D> fmt::Debug for SessionProvider<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionProvider")
            .field("client", &self.shared.client)
            .finish_non_exhaustive()
    }
}

impl<D> fmt::Debug for SessionProviderBuilder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionProviderBuilder")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
