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

impl ProviderGiven for Given {}

/// Rule 6: sessions can live where the strategy puts them.
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
pub trait SessionsFit<Adapter> {
    #[doc(hidden)]
    fn resolve(self, adapter: &Adapter) -> ResolvedSessions;
}

impl<Adapter> SessionsFit<Adapter> for Jwt {
    fn resolve(self, _: &Adapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(self))
    }
}

impl<A: SessionStore> SessionsFit<WithAdapter<A>> for Database {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        ResolvedSessions(Sessions::Database(self, Arc::clone(&adapter.0) as _))
    }
}

impl SessionsFit<NoAdapter> for DefaultStrategy {
    fn resolve(self, _: &NoAdapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Jwt::default()))
    }
}

impl<A: SessionStore> SessionsFit<WithAdapter<A>> for DefaultStrategy {
    fn resolve(self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        Database::default().resolve(adapter)
    }
}

/// Rules 2 and 3: an e-mail provider has an adapter that keeps verification tokens.
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
pub trait EmailFits<Adapter> {
    #[doc(hidden)]
    fn tokens(adapter: &Adapter) -> ResolvedTokens;
}

#[diagnostic::do_not_recommend]
impl<Adapter> EmailFits<Adapter> for NoEmail {
    fn tokens(_: &Adapter) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

impl<A: VerificationTokenStore> EmailFits<WithAdapter<A>> for WithEmail {
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
    note = "an adapter makes database sessions the default"
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
    note = "an adapter makes database sessions the default"
)]
pub trait JwtCallbackFits<Strategy, Adapter> {}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> JwtCallbackFits<Strategy, Adapter> for NoJwtCallback {}
#[diagnostic::do_not_recommend]
impl<Adapter> JwtCallbackFits<Jwt, Adapter> for WithJwtCallback {}
#[diagnostic::do_not_recommend]
impl JwtCallbackFits<DefaultStrategy, NoAdapter> for WithJwtCallback {}

macro_rules! given_once {
    ($($name:ident: $message:literal, $label:literal;)*) => {
        $(
            /// Rule 9: the setting is given once. *Cause:* the later value would silently replace
            /// the earlier. *Cure:* remove one of the two calls.
            #[diagnostic::on_unimplemented(
                message = $message,
                label = $label,
                note = "remove one of the two calls"
            )]
            pub trait $name {}

            impl $name for NotGiven {}
        )*
    };
}

given_once! {
    SecretOnce: "the secret is given twice", "a second secret";
    SiteOnce: "the site's URL is given twice", "a second `url` or `trust_proxy`";
    AdapterOnce: "the adapter is given twice", "a second adapter";
    StrategyOnce: "the session strategy is given twice", "a second strategy";
    CallbacksOnce: "the callbacks are given twice", "a second set of callbacks";
    EventsOnce: "the events are given twice", "a second set of events";
    PagesOnce: "the pages are given twice", "a second set of pages";
    ThemeOnce: "the theme is given twice", "a second theme";
    CookiesOnce: "the cookies are given twice", "a second set of cookies";
    LoggerOnce: "the logger is given twice", "a second logger";
}

impl AdapterOnce for NoAdapter {}
impl StrategyOnce for DefaultStrategy {}

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
