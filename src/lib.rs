//! NextAuth.js for Rust, with its misconfigurations turned into compile errors.
//!
//! A web application adds sign-in with OAuth 2.0, OpenID Connect, OAuth 1.0a, a link by e-mail or
//! its own credentials by one typed builder chain. typegate answers the wire of NextAuth.js v4: the
//! unmodified `next-auth/react` client, existing session cookies and secrets go on working.
//!
//! ```
//! use typegate::provider::{Credentials, GitHub};
//! use typegate::{Auth, AuthorizeError, Jwt, Secret, User};
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
//!     .provider(GitHub::new("client id", "client secret")) // GitHub::from_env()
//!     .provider(Credentials::new(authorize))
//!     .session(Jwt::default())
//!     .build()?;
//! # Ok::<(), typegate::ConfigError>(())
//! ```
//!
//! # Where to go from here
//!
//! - [`Auth::builder`] and [`builder::AuthBuilder`]: the decisions of a configuration.
//! - [`rule`]: which mistakes do not compile, with cause and cure.
//! - [`provider`]: providers that exist, and how to write one.
//! - [`adapter`]: where users, accounts and sessions are kept.
//! - [`Auth::session_control`]: a page of "my devices"; [`Auth::account_tokens`]: the tokens of
//!   providers, fresh;
//!   [`back_channel_logout`](builder::AuthBuilder::back_channel_logout): sessions that end when
//!   somebody signs out at the identity provider.
//! - [`hooks`]: callbacks and events.
//! - [`rate_limit`]: how often somebody may try.
//! - `Auth::routes`, [`Session`] and [`SessionLayer`] for axum, [`Auth::service`] and
//!   [`Auth::session_and_cookies`] for everything else, [`guard::Guard`] for routes that are not
//!   for everybody.
//! - `client`: the other side, for programs that sign in to a site.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `axum` | yes | routes and extractors for axum |
//! | `auth-js-v5` | no | reads and writes the session cookies of Auth.js v5 |
//! | `catalog` | no | the providers of NextAuth.js, one type each |
//! | `cli` | no | the program `typegate`: the auth routes as a server of their own, by a configuration file |
//! | `client` | no | a client of sites with NextAuth's wire: sign-in, session, a session kept current |
//! | `dynamic` | no | configuration read at run time from TOML, JSON or whatever serde reads |
//! | `mysql` | no | MySQL and MariaDB through sqlx |
//! | `postgres` | no | PostgreSQL through sqlx |
//! | `redis` | no | sessions and e-mail links in Redis, with users in another database |
//! | `smtp` | no | sends sign-in links through a mail server |
//! | `sqlite` | no | an embedded database through sqlx |
//! | `testing` | no | a clock that stands still, an HTTP client that answers from a closure, an adapter in memory, the cases that an adapter has to pass, recordings of what providers say, an identity provider that breaks rules when told to, a browser |
//!
//! # What it does not do
//!
//! It stores no passwords: `authorize` is the application's. It does not revoke session tokens
//! that live in cookies: use database sessions where that is needed.

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
mod error;
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
pub use serve::{Session, SessionRejection};

pub use auth::account_tokens::AccountTokens;
pub use auth::session_control::{ListedSession, SessionControl, UserSessions};
pub use auth::set_cookies::SetCookies;
pub use config::{Auth, Database, Jwt, Pages, TrustedProxy, builder, slot};
pub use crypto::secret::{ClientSecret, MINIMUM_SECRET_BYTES, Secret, SessionToken, TokenHash};
pub use error::{
    AdapterError, AdapterErrorKind, AuthorizeError, BoxError, CallbackError, CausedBy, ConfigError,
    Error, ErrorCode, Flow, Level, OAuthError, Origin, PageError, Retired, Shown,
};
pub use jose::{Claims, SignatureAlgorithm};
pub use log::{Diagnostics, LogEntry, Logger};
pub use model::email_address::{AddressRefused, EmailAddress};
pub use model::{
    Account, AccountType, DefaultSession, JsonObject, NewAccount, NewSession, NewUser, Profile,
    SessionRecord, SessionUser, TokenSet, User, UserUpdate, VerificationToken,
};
pub use runtime::clock;
pub use serve::guard;
pub use serve::{AuthService, ResponseFuture, SessionLayer, SessionService};
pub use session::{SigningAlgorithm, SigningKey};
pub use theme::{
    AttributeError, ButtonStyle, Color, ColorError, ColorScheme, CredentialField, LogoUrl,
    LogoUrlError, Theme,
};
/// Makes a struct a provider that speaks OAuth 1.0a.
///
/// [`OAuthProvider`](macro@OAuthProvider) has the page with all attributes.
pub use typegate_macros::OAuth1Provider;
#[doc = include_str!("../docs/providers.md")]
pub use typegate_macros::OAuthProvider;
/// Makes a struct say how a provider's answer turns into a user: implements
/// [`RawProfile`](provider::RawProfile).
///
/// [`OAuthProvider`](macro@OAuthProvider) has the page with all attributes.
pub use typegate_macros::Profile;
pub use web::client_address::{ClientAddress, ClientAddressSource, ProxyNetwork};
pub use web::cookie;
pub use web::outbound::{DefaultHttpClient, HttpClient};
pub use web::site::SiteUrl;

/// The examples of docs/migration.md, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/migration.md")]
struct Migration;

/// The examples of docs/client.md, run as tests.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../docs/client.md")]
struct ClientGuide;

/// The examples of docs/linking.md, run as tests.
#[cfg(all(doctest, feature = "testing"))]
#[doc = include_str!("../docs/linking.md")]
struct LinkingGuide;

/// The examples of docs/email.md, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/email.md")]
struct EmailGuide;
