//! What an application brings that no file can say: functions, adapters, secrets, by name.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::problem::Problems;
use super::reader::Given;
use super::secret_source::RegisteredSecrets;
use crate::adapter::DynamicAdapter;
use crate::crypto::secret::ClientSecret;
use crate::error::spelling::{closest, listed};
use crate::hooks::{Asynchronous, Callbacks, ErasedCallbacks, ErasedEvents, Events, NoAnswer};
use crate::log::Logger;
use crate::model::DefaultSession;
use crate::provider::{
    AuthorizeAnswer, AuthorizeFunction, Credentials, CredentialsForm, Email, EmailMessage,
    Provider, ProviderDefinition, RequestBehindForm,
};
use crate::runtime::clock::Clock;
use crate::web::outbound::{ErasedHttpClient, HttpClient};

/// What a configuration may refer to by name.
///
/// `D` is the application's session data type, as for [`Auth`](crate::Auth).
pub struct Registry<D = DefaultSession> {
    pub(super) secrets: RegisteredSecrets,
    pub(super) authorize: BTreeMap<String, Credentials>,
    pub(super) send: BTreeMap<String, Email>,
    pub(super) adapters: BTreeMap<String, DynamicAdapter>,
    pub(super) callbacks: BTreeMap<String, ErasedCallbacks>,
    pub(super) events: BTreeMap<String, ErasedEvents>,
    pub(super) providers: BTreeMap<String, ProviderDefinition>,
    pub(super) logger: Option<Arc<dyn Logger>>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) http_client: Option<Arc<dyn ErasedHttpClient>>,
    data: PhantomData<fn() -> D>,
}

impl Registry {
    /// A registry of which nothing can be used yet, for sessions as NextAuth sends them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<D> Default for Registry<D> {
    fn default() -> Self {
        Self {
            secrets: RegisteredSecrets::default(),
            authorize: BTreeMap::new(),
            send: BTreeMap::new(),
            adapters: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            events: BTreeMap::new(),
            providers: BTreeMap::new(),
            logger: None,
            clock: None,
            http_client: None,
            data: PhantomData,
        }
    }
}

impl<D: 'static> Registry<D> {
    /// A secret, for `{ registered = "name" }`: of a vault, of a tenant's row.
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, secret: impl Into<ClientSecret>) -> Self {
        self.secrets.insert(name.into(), secret.into());
        self
    }

    /// A check of credentials, for `authorize = "name"`. See
    /// [`Credentials`](crate::provider::Credentials).
    #[must_use]
    pub fn authorize<A, F>(mut self, name: impl Into<String>, authorize: F) -> Self
    where
        F: AuthorizeFunction<
                A,
                Form: CredentialsForm,
                Request: RequestBehindForm,
                Answered: Asynchronous<Answer: AuthorizeAnswer> + Send + 'static,
            >,
        A: 'static,
    {
        self.authorize.insert(name.into(), Credentials::new(authorize));
        self
    }

    /// What sends sign-in links, for `send = "name"`. See [`Email`](crate::provider::Email).
    #[must_use]
    pub fn send<F, R>(mut self, name: impl Into<String>, send: F) -> Self
    where
        F: Fn(EmailMessage) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.send.insert(name.into(), Email::new(send));
        self
    }

    /// An adapter, for `adapter = { registered = "name" }`.
    #[must_use]
    pub fn adapter(mut self, name: impl Into<String>, adapter: DynamicAdapter) -> Self {
        self.adapters.insert(name.into(), adapter);
        self
    }

    /// Callbacks, for `callbacks = "name"`. Those with a `session` callback return the registry's
    /// session data type.
    #[must_use]
    pub fn callbacks<J, C>(
        mut self,
        name: impl Into<String>,
        callbacks: Callbacks<D, J, C>,
    ) -> Self {
        self.callbacks.insert(name.into(), callbacks.inner);
        self
    }

    /// Event handlers, for `events = "name"`.
    #[must_use]
    pub fn events<T>(mut self, name: impl Into<String>, events: Events<T>) -> Self {
        self.events.insert(name.into(), events.inner);
        self
    }

    /// A provider of the application's own, for `type = "name"`. Its client is the one that it was
    /// made with.
    #[must_use]
    pub fn provider<P: Provider>(mut self, name: impl Into<String>, provider: P) -> Self {
        self.providers.insert(name.into(), provider.into_definition().into());
        self
    }

    /// Where log lines go besides `tracing`.
    #[must_use]
    pub fn logger(mut self, logger: impl Logger) -> Self {
        self.logger = Some(Arc::new(logger));
        self
    }

    /// The source of the time, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The client for calls to identity providers and to `endpoint`s;
    /// [`DefaultHttpClient`](crate::DefaultHttpClient) by default.
    #[must_use]
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http_client = Some(Arc::new(client));
        self
    }

    /// Whether sessions look as without callbacks.
    pub(super) fn has_default_data(&self) -> bool {
        TypeId::of::<D>() == TypeId::of::<DefaultSession>()
    }
}

impl<D> fmt::Debug for Registry<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("secrets", &self.secrets.len())
            .field("authorize", &self.authorize.keys())
            .field("send", &self.send.keys())
            .field("adapters", &self.adapters)
            .field("callbacks", &self.callbacks.keys())
            .field("events", &self.events.keys())
            .field("providers", &self.providers.keys())
            .finish_non_exhaustive()
    }
}

/// A kind of thing that a configuration refers to by name.
pub(super) struct Registered {
    what: &'static str,
    method: &'static str,
    /// What does without code, such as in the program `typegate`, which registers nothing.
    instead: Option<&'static str>,
}

pub(super) const AUTHORIZE: Registered = Registered {
    what: "function that checks credentials",
    method: "authorize",
    instead: Some("`endpoint`, which is asked over HTTP"),
};
pub(super) const SEND: Registered = Registered {
    what: "function that sends links",
    method: "send",
    instead: Some("`server`, a mail server"),
};
pub(super) const ADAPTER: Registered = Registered {
    what: "adapter",
    method: "adapter",
    instead: Some("`url`, the address of a database"),
};
pub(super) const CALLBACKS: Registered =
    Registered { what: "set of callbacks", method: "callbacks", instead: None };
pub(super) const EVENTS: Registered =
    Registered { what: "set of event handlers", method: "events", instead: None };

/// A name that the application did not register.
pub(super) fn unregistered<'a>(
    name: &Given<String>,
    kind: &Registered,
    names: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Problems,
) {
    let Registered { what, method, instead } = kind;
    let instead = instead.map(|instead| format!("; or write {instead}")).unwrap_or_default();
    let fix = match (closest(&name.value, names.clone()), names.clone().next()) {
        (Some(known), _) => format!("did you mean `{known}`?"),
        (None, Some(_)) => format!("registered are {}", listed(names)),
        (None, None) => format!("register it in code: `Registry::{method}(name, ..)`{instead}"),
    };
    let shown = name.value.escape_debug();
    problems.value(
        name.spot.clone(),
        format!("no {what} is registered under the name `{shown}`"),
        fix,
    );
}
