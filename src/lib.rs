//! NextAuth.js for Rust, with its misconfigurations turned into compile errors.
//!
//! A web application adds sign-in by OAuth 2.0, OpenID Connect, OAuth 1.0a, an e-mail link or its
//! own credentials with one typed builder chain. typegate speaks the wire of NextAuth.js v4: the
//! unmodified `next-auth/react` client, existing session cookies and secrets go on working.
//!
//! ```
//! use typegate::provider::catalog::GitHub;
//! use typegate::provider::Credentials;
//! use typegate::{Auth, AuthorizeError, ClientSecret, Jwt, Secret, User};
//!
//! #[derive(serde::Deserialize)]
//! struct Login {
//!     username: String,
//! }
//!
//! async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
//!     Ok((login.username == "ada").then(|| User::new("1").name("Ada Lovelace")))
//! }
//!
//! let auth = Auth::builder()
//!     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?) // Secret::from_env()
//!     .url("https://app.example.com".parse()?)
//!     .provider(GitHub::new("client id", ClientSecret::new("client secret"))) // GitHub::from_env()
//!     .provider(Credentials::new(authorize))
//!     .session(Jwt::default())
//!     .build()?;
//! # Ok::<(), typegate::ConfigError>(())
//! ```
//!
//! `build()` compiles only if the settings fit together: a provider with passwords and sessions in
//! a database, an e-mail provider without an adapter, a missing secret are compile errors that name
//! the documented code, the cause and the line to write ([`rule`]). What types cannot see, such as
//! a secret that is too short, is a [`ConfigError`], all mistakes at once.
//!
//! # Where to go from here
//!
//! | to do what | with what |
//! |---|---|
//! | configure | [`Auth::builder`], and on it every decision: [`builder::AuthBuilder`] |
//! | configure what conditions, loops and functions decide | [`Auth::builder_at_run_time`], checked by the same rules when the program runs |
//! | read the configuration at run time | `dynamic`, the same settings and rules from a file |
//! | add a provider | [`provider`]: those that exist, and [`OAuthProvider`](macro@OAuthProvider) for your own |
//! | store users, accounts and sessions | [`adapter`] |
//! | mount the routes | `Auth::routes` in axum, [`Auth::service`] in everything that speaks tower or hyper |
//! | read a session | the extractor `Session` in axum, [`Auth::session_and_cookies`] everywhere |
//! | mount it in a framework without tower | [`Auth::handle_streamed`], [`Auth::required_session`], [`GuardLayer::admit`](guard::GuardLayer::admit), [`DueCookies`] |
//! | keep sessions alive | [`SessionLayer`] |
//! | admit only those who are signed in | [`guard::Guard`] |
//! | shape tokens and sessions, hear of sign-ins | [`hooks`] |
//! | show and end somebody's sessions | [`Auth::session_control`] |
//! | end sessions when the identity provider says so | [`back_channel_logout`](builder::AuthBuilder::back_channel_logout) |
//! | call a provider's API with fresh tokens | [`Auth::account_tokens`] |
//! | speak to a provider beyond sign-ins: client credentials, device code, introspection, revocation | `Auth::oauth2_client` |
//! | limit how often somebody may try | [`rate_limit`] |
//! | log, and look an error up | [`Logger`], [`ErrorCode`]; levels, flows and what visitors see in [`error`] |
//! | sign in to a site from a program | `client` |
//! | test an application | `testing` |
//!
//! Users and accounts, sessions and tokens ([`User`], [`Account`], [`SessionRecord`], [`Claims`])
//! are NextAuth's, name by name, and stand here at the root with the types that most programs
//! write.
//!
//! # Features
//!
//! They only add, each compiles alone, and none changes what works without it.
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `axum` | yes | routes and extractors for axum |
//! | `auth-js-v5` | no | session cookies of Auth.js v5, read and written |
//! | `catalog` | no | the providers of NextAuth.js, one type each; `GitHub` is there without it |
//! | `cli` | no | the program `typegate`: the auth routes as a server of their own, by a configuration file |
//! | `client` | no | a client of sites with NextAuth's wire: sign-in, session, a session kept current |
//! | `dynamic` | no | configuration read at run time from TOML, JSON or whatever serde reads |
//! | `mysql` | no | MySQL and MariaDB through sqlx |
//! | `oauth2` | no | a client of the crate [`oauth2`](https://docs.rs/oauth2/5) for each provider, for flows that are no sign-in; the crate's types stand in the public API, so its next major version breaks this feature |
//! | `postgres` | no | PostgreSQL through sqlx |
//! | `redis` | no | sessions and e-mail links in Redis, with users in another database |
//! | `redis-cluster` | no | the same in Redis Cluster |
//! | `smtp` | no | sign-in links through a mail server |
//! | `sqlite` | no | an embedded database through sqlx |
//! | `testing` | no | for tests: a clock that stands still, an HTTP client that answers from a closure, an adapter in memory, conformance cases for adapters, recordings of providers, an identity provider that breaks rules when told to, a browser |
//!
//! # What it does not do
//!
//! It stores no passwords: `authorize` is the application's. It cannot revoke a session that lives
//! in a cookie: use database sessions where that is needed.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Derives name this crate by its own name, inside it too.
extern crate self as typegate;

pub mod adapter;
mod auth;
#[cfg(feature = "client")]
pub mod client;
mod config;
mod crypto;
#[cfg(feature = "dynamic")]
#[cfg_attr(docsrs, doc(cfg(feature = "dynamic")))]
pub mod dynamic;
pub mod error;
mod flow;
pub mod hooks;
mod jose;
mod json;
mod log;
mod model;
mod oauth;
pub mod provider;
pub mod rate_limit;
pub mod rule;
mod runtime;
mod serve;
mod session;
pub mod setting;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod theme;
mod web;

#[cfg(feature = "axum")]
pub use serve::{HoldsAuth, Session};

pub use auth::account_tokens::AccountTokens;
#[cfg(feature = "oauth2")]
#[cfg_attr(docsrs, doc(cfg(feature = "oauth2")))]
pub use auth::oauth2_client::{OAuth2Client, OAuth2HttpClient, OAuth2HttpError, ProviderClient};
pub use auth::session_control::{ListedSession, SessionControl, UserSessions};
pub use auth::set_cookies::SetCookies;
pub use config::{Auth, Database, IntoHosts, Jwt, Pages, TrustedProxy, builder, slot};
pub use crypto::secret::{ClientSecret, MINIMUM_SECRET_BYTES, Secret, SessionToken, TokenHash};
pub use error::adapter::{AdapterError, AdapterErrorKind};
pub use error::call_error::Error;
pub use error::callback::{AuthorizeError, BoxError, CallbackError};
pub use error::code::ErrorCode;
pub use error::config::ConfigError;
pub use error::oauth::OAuthError;
#[cfg(feature = "oauth2")]
#[cfg_attr(docsrs, doc(cfg(feature = "oauth2")))]
pub use error::oauth2_client::OAuth2ClientError;
/// The timestamp of `jiff`, in which clocks and adapters tell the time.
pub use jiff::Timestamp;
pub use jose::{Claims, IntoSignatureAlgorithm, SignatureAlgorithm};
pub use log::{Diagnostics, LogEntry, Logger};
pub use model::email_address::{AddressRefused, EmailAddress};
pub use model::{
    Account, AccountType, DefaultSession, JsonObject, NewAccount, NewSession, NewUser, Profile,
    SessionRecord, SessionUser, TokenSet, User, UserUpdate, VerificationToken,
};
/// The crate whose types [`Auth::oauth2_client`] hands out, in the version that it has them of.
#[cfg(feature = "oauth2")]
#[cfg_attr(docsrs, doc(cfg(feature = "oauth2")))]
pub use oauth2;
pub use runtime::clock;
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use runtime::metric::describe_metrics;
pub use serve::guard;
pub use serve::{
    AuthService, DueCookies, ResponseFuture, Routed, SessionLayer, SessionRejection, SessionService,
};
pub use session::{SigningAlgorithm, SigningKey};
pub use theme::{
    AttributeError, ButtonStyle, Color, ColorError, ColorScheme, CredentialField, Direction,
    LogoUrl, LogoUrlError, Phrase, Texts, Theme,
};
/// Makes a struct a provider that speaks OAuth 1.0a.
///
/// [`OAuthProvider`](macro@OAuthProvider) has the page with all attributes.
pub use typegate_macros::OAuth1Provider;
#[doc = include_str!("../docs/providers.md")]
pub use typegate_macros::OAuthProvider;
// For its answer only: it names `RawProfile`.
#[doc(hidden)]
pub use typegate_macros::Profile;
/// Makes a struct say how a provider's answer turns into a user: implements
/// [`RawProfile`](provider::RawProfile).
///
/// [`OAuthProvider`](macro@OAuthProvider) has the page with all attributes.
pub use typegate_macros::RawProfile;
pub use web::client_address::{ClientAddress, ClientAddressSource, ProxyNetwork};
pub use web::cookie;
pub use web::outbound::{DefaultHttpClient, HttpClient};
pub use web::site::SiteUrl;

/// The Rust in the README and in the pages of `docs`, compiled or run as tests.
///
/// docs/providers.md is the page of a derive, and tests/documentation knows what is left out.
#[cfg(doctest)]
mod pages {
    macro_rules! pages {
        ($($name:ident = $page:literal;)*) => {
            $(#[doc = include_str!($page)] struct $name;)*
        };
    }

    pages! {
        Readme = "../README.md";
        Actix = "../docs/actix.md";
        BehindAProxy = "../docs/behind-a-proxy.md";
        Client = "../docs/client.md";
        Compiler = "../docs/compiler.md";
        Credentials = "../docs/credentials.md";
        Databases = "../docs/databases.md";
        Email = "../docs/email.md";
        Guard = "../docs/guard.md";
        Limits = "../docs/limits.md";
        Linking = "../docs/linking.md";
        Migration = "../docs/migration.md";
        Operation = "../docs/operation.md";
        Pages = "../docs/pages.md";
        Scaling = "../docs/scaling.md";
        Sessions = "../docs/sessions.md";
    }
}
