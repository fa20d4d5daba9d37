//! A development identity provider, so that the quick start works without registering anywhere.
//!
//! It runs on this machine and asks for no password: whoever sees its page may be anybody. **It is
//! a part of the example and must never serve real people**: its signing key is published with the
//! source, and everything it remembers is lost when the process ends. To make sure of that, it
//! accepts only a loopback issuer and a listener bound to a loopback address.
//!
//! It speaks the authorization code flow of [OpenID Connect Core] for one confidential client, as
//! strictly as a provider should: PKCE with `S256` (RFC 7636) is mandatory, redirect URIs are
//! compared exactly, codes work once, and every authorization response names its issuer (RFC 9207).
//!
//! [OpenID Connect Core]: https://openid.net/specs/openid-connect-core-1_0.html

mod authorize;
mod client;
mod decide;
mod discovery;
pub(crate) mod encoding;
pub(crate) mod expiring_map;
mod id_token;
mod keys;
mod login_page;
mod parameters;
mod person;
mod return_address;
mod scope;
mod setup_error;
mod token;
mod userinfo;

use std::{
    io,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, header},
    routing::{get, post},
};
use ring::rand::SystemRandom;
use tokio::net::TcpListener;
use url::{Host, Url};

use self::{
    authorize::PendingRequest,
    client::RegisteredClient,
    expiring_map::ExpiringMap,
    keys::SigningKey,
    parameters::MAX_FORM_BYTES,
    token::{AccessGrant, CodeGrant},
};
pub(crate) use self::{client::Client, setup_error::SetupError};

/// How long the login page may stay open.
const PENDING_REQUEST_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// RFC 6749 section 4.1.2 allows ten minutes at most; the client needs seconds.
const CODE_LIFETIME: Duration = Duration::from_secs(60);
const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Entries kept in each map: generous for one developer, a few megabytes at worst.
const CAPACITY: usize = 256;

/// An identity provider for development on one machine, with one registered client.
///
/// Never for production; the [module page](self) says why.
pub(crate) struct IdentityProvider {
    context: Arc<Context>,
}

impl IdentityProvider {
    /// A provider that calls itself `issuer` and knows `client`.
    ///
    /// The issuer is announced without a trailing slash, as in `http://localhost:4200`.
    ///
    /// # Errors
    ///
    /// When `issuer` is not an `http` URL of a loopback host without path, query or
    /// user; when the client lacks an id, a secret or a redirect URI; when a redirect
    /// URI is not a web address or has a fragment; when the system gives no randomness.
    pub(crate) fn new(issuer: Url, client: Client) -> Result<Self, SetupError> {
        if issuer.scheme() != "http" || !is_bare_origin(&issuer) || !is_loopback(&issuer) {
            return Err(SetupError::Issuer(issuer));
        }
        let random = SystemRandom::new();
        Ok(Self {
            context: Arc::new(Context {
                issuer: issuer.origin().ascii_serialization(),
                client: RegisteredClient::new(client, &random)?,
                key: SigningKey::development(random.clone()).map_err(SetupError::SigningKey)?,
                pending_requests: ExpiringMap::new(
                    PENDING_REQUEST_LIFETIME,
                    CAPACITY,
                    random.clone(),
                ),
                codes: ExpiringMap::new(CODE_LIFETIME, CAPACITY, random.clone()),
                access_tokens: ExpiringMap::new(ACCESS_TOKEN_LIFETIME, CAPACITY, random),
            }),
        })
    }

    /// Every endpoint, for mounting at the root of the issuer.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(discovery::configuration))
            .route("/jwks", get(discovery::jwks))
            // OIDC Core sections 3.1.2.1 and 5.3.1 ask for both methods.
            .route("/authorize", get(authorize::authorize).post(authorize::authorize))
            .route("/authorize/decide", post(decide::decide))
            .route("/token", post(token::token))
            .route("/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
            .route("/picture/{account}", get(person::picture))
            .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
            .with_state(self.context)
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    ///
    /// When `listener` is bound to an address that other machines could reach.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the development provider serves loopback addresses only, not {address}"),
            ));
        }
        tracing::info!("development identity provider at {}", self.context.issuer);
        axum::serve(listener, self.router()).await
    }
}

/// What all endpoints share.
struct Context {
    /// Without a trailing slash.
    issuer: String,
    client: RegisteredClient,
    key: SigningKey,
    pending_requests: ExpiringMap<PendingRequest>,
    codes: ExpiringMap<CodeGrant>,
    access_tokens: ExpiringMap<AccessGrant>,
}

impl Context {
    fn endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}

fn is_bare_origin(url: &Url) -> bool {
    url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // RFC 6761 section 6.3 keeps these names on the machine.
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Seconds since 1970, as JWT dates want them. A clock before that yields 0, hence
/// tokens that everybody takes for expired.
fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The credentials of an `Authorization` header with this scheme, whose name is
/// case-insensitive (RFC 9110 section 11.1).
fn authorization<'headers>(headers: &'headers HeaderMap, scheme: &str) -> Option<&'headers str> {
    let (found, credentials) =
        headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then(|| credentials.trim_start_matches(' '))
}
