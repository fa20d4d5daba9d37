//! Which combinations of settings cannot work? One trait for each rule; its page shows the
//! message, the cause and the cure.
//!
//! The bounds stand on [`build`](super::builder::AuthBuilder::build), so settings may be given in
//! any order, and several missing ones are reported together.

use std::sync::Arc;

use super::resolved::{ResolvedSessions, ResolvedTokens, ResolvedUsers, Sessions};
use super::slot::{
    Given, NoAdapter, NoCredentials, NoEmail, NoJwtCallback, NotGiven, WithAdapter,
    WithCredentials, WithEmail, WithJwtCallback,
};
use super::strategy::{Database, DefaultStrategy, Jwt};
use crate::adapter::{SessionStore, UserStore, VerificationTokenStore};

/// Rule 1: there is a secret.
///
/// *Cause:* nothing seals the cookies. *Cure:* `.secret(Secret::from_env()?)`.
#[diagnostic::on_unimplemented(
    message = "NO_SECRET: the configuration has no secret",
    label = "nothing seals the session and sign-in cookies",
    note = "write `.secret(Secret::from_env()?)`, which reads NEXTAUTH_SECRET or AUTH_SECRET"
)]
pub trait SecretGiven {}

#[diagnostic::do_not_recommend]
impl SecretGiven for Given {}

/// Rule 7: the site knows its own address.
///
/// *Cause:* callback URLs have to be made, and a `Host` header is whatever a visitor sends.
/// *Cure:* `.url("https://app.example.com".parse()?)`, or `.trust_proxy(TrustedProxy::new())`
/// behind a proxy that sets `X-Forwarded-Host` itself.
#[diagnostic::on_unimplemented(
    message = "NEXTAUTH_URL: the configuration does not say where the site is",
    label = "callback URLs cannot be made",
    note = "write `.url(\"https://app.example.com\".parse()?)`, or `.url(SiteUrl::from_env()?)`, \
            which reads NEXTAUTH_URL",
    note = "behind a proxy that sets X-Forwarded-Host itself: `.trust_proxy(TrustedProxy::new())`"
)]
pub trait SiteGiven {}

#[diagnostic::do_not_recommend]
impl SiteGiven for Given {}

/// Rule 8: there is a provider.
///
/// *Cause:* nobody could sign in. *Cure:* `.provider(..)`.
#[diagnostic::on_unimplemented(
    message = "the configuration has no provider, so nobody could sign in",
    label = "no way to sign in",
    note = "write `.provider(GitHub::from_env()?)`, or any other provider"
)]
pub trait ProviderGiven {}

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

/// Rule 6: database sessions have an adapter.
///
/// *Cause:* `.session(Database::default())` without an adapter. *Cure:* `.adapter(..)`, or
/// `.session(Jwt::default())`. An adapter that cannot keep sessions is reported by
/// [`SessionStore`].
#[diagnostic::on_unimplemented(
    message = "database sessions need an adapter, and the configuration has none",
    label = "there is no database to keep sessions in",
    note = "write `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)`, or \
            `.session(Jwt::default())` to keep sessions in cookies"
)]
pub trait SessionsFit<Adapter> {}

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
        ResolvedSessions(Sessions::Jwt(self))
    }
}

/// Refused by [`SessionsFit`]; without this it would be reported twice.
impl SessionsKept<NoAdapter> for Database {
    fn resolve(self, _: &NoAdapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Jwt::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for Database {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        ResolvedSessions(Sessions::Database(self, Arc::clone(&adapter.0) as _))
    }
}

impl SessionsKept<NoAdapter> for DefaultStrategy {
    fn resolve(self, _: &NoAdapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Jwt::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for DefaultStrategy {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        Database::default().resolve(adapter)
    }
}

/// Rule 2: an e-mail provider has an adapter.
///
/// *Cause:* a sign-in link has to be remembered until it is used, once. *Cure:* `.adapter(..)`. An
/// adapter that cannot keep verification tokens is reported by [`VerificationTokenStore`].
#[diagnostic::on_unimplemented(
    message = "EMAIL_REQUIRES_ADAPTER_ERROR: the e-mail provider needs an adapter, and the \
               configuration has none",
    label = "sign-in links cannot be remembered",
    note = "write `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)`, or any other \
            adapter that keeps verification tokens"
)]
pub trait EmailFits<Adapter> {}

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

/// Rule 4: credentials are used where sessions are tokens.
///
/// *Cause:* a credentials provider with database sessions, chosen or by default because an
/// adapter is there: NextAuth keeps no database session for such users, so the next read would
/// sign them out. *Cure:* `.session(Jwt::default())`; the adapter stays for the other providers.
#[diagnostic::on_unimplemented(
    message = "CALLBACK_CREDENTIALS_JWT_ERROR: the credentials provider needs sessions in \
               cookies, and here they live in the database",
    label = "credentials cannot be used with database sessions",
    note = "write `.session(Jwt::default())`; the adapter keeps users and accounts all the same",
    note = "an adapter makes database sessions the default where `.session(..)` is not called"
)]
pub trait CredentialsFit<Strategy, Adapter> {}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> CredentialsFit<Strategy, Adapter> for NoCredentials {}
#[diagnostic::do_not_recommend]
impl<Adapter> CredentialsFit<Jwt, Adapter> for WithCredentials {}
#[diagnostic::do_not_recommend]
impl CredentialsFit<DefaultStrategy, NoAdapter> for WithCredentials {}

/// Rule 10: the `jwt` callback is used where sessions are tokens.
///
/// *Cause:* with database sessions there is no token, so the callback would never be called.
/// *Cure:* `.session(Jwt::default())`, or the `session` callback.
#[diagnostic::on_unimplemented(
    message = "the `jwt` callback has no effect: it belongs to sessions in cookies, and here they \
               live in the database",
    label = "this callback would never be called",
    note = "write `.session(Jwt::default())`, or use the `session` callback, which is called for \
            both",
    note = "an adapter makes database sessions the default where `.session(..)` is not called"
)]
pub trait JwtCallbackFits<Strategy, Adapter> {}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> JwtCallbackFits<Strategy, Adapter> for NoJwtCallback {}
#[diagnostic::do_not_recommend]
impl<Adapter> JwtCallbackFits<Jwt, Adapter> for WithJwtCallback {}
#[diagnostic::do_not_recommend]
impl JwtCallbackFits<DefaultStrategy, NoAdapter> for WithJwtCallback {}

macro_rules! given_once {
    ($($name:ident for $missing:ty: $message:literal, $label:literal $(, $note:literal)?;)*) => {
        $(
            /// Rule 9: the setting is given once. *Cause:* the later value would silently replace
            /// the earlier. *Cure:* remove one of the two calls.
            #[diagnostic::on_unimplemented(
                message = $message,
                label = $label,
                note = "remove one of the two calls"
                $(, note = $note)?
            )]
            pub trait $name {}

            #[diagnostic::do_not_recommend]
            impl $name for $missing {}
        )*
    };
}

given_once! {
    SecretOnce for NotGiven: "the secret is given twice", "a second secret",
        "for a secret that was in use before, write `.previous_secret(..)`";
    SiteOnce for NotGiven: "the site's URL is given twice", "a second `url` or `trust_proxy`";
    AdapterOnce for NoAdapter: "the adapter is given twice", "a second adapter";
    StrategyOnce for DefaultStrategy: "the session strategy is given twice", "a second strategy";
    CallbacksOnce for NotGiven: "the callbacks are given twice", "a second set of callbacks";
    EventsOnce for NotGiven: "the events are given twice", "a second set of events";
    PagesOnce for NotGiven: "the pages are given twice", "a second set of pages";
    ThemeOnce for NotGiven: "the theme is given twice", "a second theme";
    CookiesOnce for NotGiven: "the cookies are given twice", "a second set of cookies";
    LoggerOnce for NotGiven: "the logger is given twice", "a second logger";
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
