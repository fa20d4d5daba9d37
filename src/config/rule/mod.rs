//! Which combinations of settings cannot work? One trait for each rule; its page shows the
//! message, the cause and the cure.
//!
//! The bounds stand on [`build`](super::builder::AuthBuilder::build), so settings may be given in
//! any order, and several missing ones are reported together. What is said about a rule stands
//! once, in the table that makes its trait and its [`Rule`]; here stands which settings keep it.

#[cfg(feature = "dynamic")]
mod facts;
mod session_control;
mod table;

use std::sync::Arc;

#[cfg(feature = "dynamic")]
pub(crate) use self::facts::{Capabilities, Facts, Strategy};
pub use self::session_control::{SessionsEndable, SessionsListable, SessionsListed};
pub use self::table::{
    AdapterOnce, BackChannelLogoutFits, CallbacksOnce, ClientAddressFits, ClientAddressOnce,
    ClockOnce, CookiesOnce, CredentialsFit, DiagnosticsOnce, EmailFits, EventsOnce, HttpClientOnce,
    JwtCallbackFits, LoggerOnce, MetadataLifetimeOnce, PagesOnce, ProviderGiven, RateLimitOnce,
    Rule, SecretGiven, SecretOnce, SessionsFit, SiteGiven, SiteOnce, StrategyOnce, ThemeOnce,
};

use super::resolved::{ResolvedSessions, ResolvedTokens, ResolvedUsers, Sessions};
use super::slot::{
    FromProxy, Given, NoAdapter, NoCredentials, NoEmail, NoJwtCallback, NotGiven, WithAdapter,
    WithCredentials, WithEmail, WithJwtCallback,
};
use super::strategy::{Database, DefaultStrategy, Jwt};
use crate::adapter::{SessionStore, UserStore, VerificationTokenStore};

#[diagnostic::do_not_recommend]
impl SecretGiven for Given {}

#[diagnostic::do_not_recommend]
impl SiteGiven for Given {}

#[diagnostic::do_not_recommend]
impl SiteGiven for FromProxy {}

#[diagnostic::do_not_recommend]
impl<ClientAddress> ClientAddressFits<ClientAddress> for Given {}
/// Refused by [`SiteGiven`]; without this it would be reported twice.
#[diagnostic::do_not_recommend]
impl<ClientAddress> ClientAddressFits<ClientAddress> for NotGiven {}
#[diagnostic::do_not_recommend]
impl ClientAddressFits<Given> for FromProxy {}
/// Never used. Of a single impl the compiler would print, besides our message, that it exists.
#[diagnostic::do_not_recommend]
impl ClientAddressFits<NoAdapter> for FromProxy {}

#[diagnostic::do_not_recommend]
impl ProviderGiven for Given {}

/// What [`session`](super::builder::AuthBuilder::session) takes: [`Jwt`] or [`Database`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no session strategy",
    label = "this is no session strategy",
    note = "write `.session(Jwt::default())` to keep sessions in cookies, or \
            `.session(Database::default())` to keep them in the adapter's database"
)]
pub trait SessionStrategy {
    /// What the builder keeps of it. An associated type, so that what is no strategy is reported
    /// once, where it is given, and not again at `build()`.
    type Slot;

    #[doc(hidden)]
    fn into_slot(self) -> Self::Slot;
}

macro_rules! strategies {
    ($($strategy:ident),*) => {
        $(#[diagnostic::do_not_recommend]
        impl SessionStrategy for $strategy {
            type Slot = Self;

            fn into_slot(self) -> Self {
                self
            }
        })*
    };
}

strategies!(Jwt, Database);

#[diagnostic::do_not_recommend]
impl<Adapter> SessionsFit<Adapter> for Jwt {}
#[diagnostic::do_not_recommend]
impl<A> SessionsFit<WithAdapter<A>> for Database {}
/// Never used. Of a single impl the compiler would print, besides our message, that it exists.
#[diagnostic::do_not_recommend]
impl SessionsFit<Given> for Database {}
#[diagnostic::do_not_recommend]
impl<Adapter> SessionsFit<Adapter> for DefaultStrategy {}

/// Rule 6: an adapter that is to keep sessions is a [`SessionStore`], which reports it if not.
///
/// Apart from [`SessionsFit`], because `do_not_recommend` there would hide the store's message.
pub trait SessionsKept<Adapter> {
    #[doc(hidden)]
    fn resolve(self, adapter: &Adapter) -> ResolvedSessions;
}

impl<Adapter> SessionsKept<Adapter> for Jwt {
    fn resolve(self, _: &Adapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::new(self)))
    }
}

/// Refused by [`SessionsFit`]; without this it would be reported twice.
impl SessionsKept<NoAdapter> for Database {
    fn resolve(self, _: &NoAdapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for Database {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        ResolvedSessions(Sessions::Database(self, Arc::clone(&adapter.0) as _))
    }
}

impl SessionsKept<NoAdapter> for DefaultStrategy {
    fn resolve(self, _: &NoAdapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for DefaultStrategy {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        Database::default().resolve(adapter)
    }
}

#[diagnostic::do_not_recommend]
impl<Adapter> EmailFits<Adapter> for NoEmail {}
#[diagnostic::do_not_recommend]
impl<A> EmailFits<WithAdapter<A>> for WithEmail {}
/// Never used. Of a single impl the compiler would print, besides our message, that it exists.
#[diagnostic::do_not_recommend]
impl EmailFits<Given> for WithEmail {}

/// Rule 3: an adapter that is to keep sign-in links is a [`VerificationTokenStore`], which reports
/// it if not.
pub trait EmailTokensKept<Adapter> {
    #[doc(hidden)]
    fn tokens(adapter: &Adapter) -> ResolvedTokens;
}

impl<Adapter> EmailTokensKept<Adapter> for NoEmail {
    fn tokens(_: &Adapter) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

/// Refused by [`EmailFits`]; without this it would be reported twice.
impl EmailTokensKept<NoAdapter> for WithEmail {
    fn tokens(_: &NoAdapter) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

impl<A: VerificationTokenStore> EmailTokensKept<WithAdapter<A>> for WithEmail {
    fn tokens(adapter: &WithAdapter<A>) -> ResolvedTokens {
        ResolvedTokens(Some(Arc::clone(&adapter.0) as _))
    }
}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> CredentialsFit<Strategy, Adapter> for NoCredentials {}
#[diagnostic::do_not_recommend]
impl<Adapter> CredentialsFit<Jwt, Adapter> for WithCredentials {}
#[diagnostic::do_not_recommend]
impl CredentialsFit<DefaultStrategy, NoAdapter> for WithCredentials {}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> JwtCallbackFits<Strategy, Adapter> for NoJwtCallback {}
#[diagnostic::do_not_recommend]
impl<Adapter> JwtCallbackFits<Jwt, Adapter> for WithJwtCallback {}
#[diagnostic::do_not_recommend]
impl JwtCallbackFits<DefaultStrategy, NoAdapter> for WithJwtCallback {}

macro_rules! once {
    ($($name:ident for $missing:ty;)*) => {
        $(#[diagnostic::do_not_recommend]
        impl $name for $missing {})*
    };
}

once! {
    SecretOnce for NotGiven;
    SiteOnce for NotGiven;
    AdapterOnce for NoAdapter;
    StrategyOnce for DefaultStrategy;
    CallbacksOnce for NotGiven;
    EventsOnce for NotGiven;
    PagesOnce for NotGiven;
    ThemeOnce for NotGiven;
    CookiesOnce for NotGiven;
    LoggerOnce for NotGiven;
    ClockOnce for NotGiven;
    HttpClientOnce for NotGiven;
    MetadataLifetimeOnce for NotGiven;
    RateLimitOnce for NotGiven;
    ClientAddressOnce for NotGiven;
    DiagnosticsOnce for NotGiven;
}

/// What the engine takes out of the adapter's slot.
pub trait AdapterSlot {
    #[doc(hidden)]
    fn user_store(&self) -> ResolvedUsers;
}

impl AdapterSlot for NoAdapter {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(None)
    }
}

impl<A: UserStore> AdapterSlot for WithAdapter<A> {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(Some(Arc::clone(&self.0) as _))
    }
}
