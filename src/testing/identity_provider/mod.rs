//! An identity provider for tests: it strictly follows the rules, and breaks one of them when told
//! to.

mod authorize;
mod behaviour;
mod client_authentication;
mod device;
mod endpoint;
mod fault;
mod grant;
mod id_token;
mod issued;
mod logout_token;
mod service;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

pub use self::authorize::{AuthorizationRefused, AuthorizationResponse};
use self::behaviour::State;
pub use self::behaviour::{Behaviour, Received};
pub use self::fault::Fault;
pub use self::logout_token::{LogoutFault, LogoutToken};
use crate::error::BoxError;
use crate::jose::{JwsSigner, SignatureAlgorithm};
use crate::provider::{OAuthClient, Oidc};
use crate::runtime::clock::{Clock, SystemClock};
use crate::web::outbound::HttpClient;

/// A key that everybody knows. RSA, because RS256 is what OpenID Connect prescribes by default.
const SIGNING_KEY: &str = include_str!("signing_key.pem");

/// An OpenID Connect or OAuth 2.0 provider in this process, for an application's own tests.
///
/// It has discovery, an authorization endpoint that agrees at once, a token endpoint with every
/// client authentication of [`OAuthClient`](crate::provider::OAuthClient), refresh tokens that rotate,
/// userinfo, pushed authorization requests, `form_post` and an end-session endpoint. Beyond sign-ins
/// it has client credentials, device authorization (RFC 8628), introspection (RFC 7662) and
/// revocation (RFC 7009). It checks what it gets as strictly as the specifications allow. Clones
/// share everything.
///
/// As an [`HttpClient`] it answers the back channel without a network, and a
/// [`Browser`](super::Browser) goes between it and the application:
///
/// ```
/// use typegate::testing::{Browser, Fault, IdentityProvider};
/// use typegate::{Auth, BoxError, Secret};
///
/// # async fn test() -> Result<(), BoxError> {
/// let idp = IdentityProvider::new();
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("http://localhost:3000".parse()?)
///     .provider(idp.oidc("acme"))
///     .http_client(idp.clone())
///     .build()?;
/// let mut browser = Browser::new(auth.service()); // or the application's whole axum router
///
/// browser.sign_in("acme", &idp).await?;
/// let session = browser.get("/api/auth/session").await?;
/// assert!(String::from_utf8_lossy(session.body()).contains("jane@example.com"));
///
/// idp.set_fault(Fault::Expired); // each of Fault::ALL must end without a session
/// let mut browser = Browser::new(auth.service());
/// browser.sign_in("acme", &idp).await?;
/// assert_eq!(browser.get("/api/auth/session").await?.body(), "{}");
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(test()).unwrap();
/// ```
///
/// As a `tower::Service` it can be served on a loopback address, for a browser or for software in
/// another process: bind the listener first and give its address to
/// [`IdentityProvider::at`].
#[derive(Clone)]
pub struct IdentityProvider {
    state: Arc<Mutex<State>>,
    issuer: Arc<str>,
    clock: Arc<dyn Clock>,
}

impl Default for IdentityProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl IdentityProvider {
    /// Who signs in, unless a claim or the userinfo says otherwise.
    pub const SUBJECT: &'static str = "248289761001";
    /// The id of the registered client.
    pub const CLIENT_ID: &'static str = "client id";
    /// The secret of the registered client: every kind of character that a careless encoding
    /// loses.
    pub const CLIENT_SECRET: &'static str = "s:e%c+r é/t";

    /// A provider with the issuer `https://id.example`.
    #[must_use]
    pub fn new() -> Self {
        Self::at("https://id.example")
    }

    /// A provider with that issuer, such as `http://127.0.0.1:4000`.
    #[must_use]
    pub fn at(issuer: impl Into<String>) -> Self {
        let issuer = issuer.into();
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "pushed_authorization_request_endpoint": format!("{issuer}/par"),
            "end_session_endpoint": format!("{issuer}/logout"),
            "device_authorization_endpoint": format!("{issuer}/device_authorization"),
            "introspection_endpoint": format!("{issuer}/introspect"),
            "revocation_endpoint": format!("{issuer}/revoke"),
            "backchannel_logout_supported": true,
        });
        let state = State::new(Behaviour::new(document, &Self::public_key("one")));
        Self {
            state: Arc::new(Mutex::new(state)),
            issuer: issuer.into(),
            clock: Arc::new(SystemClock),
        }
    }

    /// Takes the time from that clock, best the one that the application under test has.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The provider to give to the builder of the application under test.
    #[must_use]
    pub fn oidc(&self, id: impl Into<String>) -> Oidc {
        let state = self.state();
        let (client, secret) = (&state.behaviour.client_id, &state.behaviour.client_secret);
        Oidc::builder()
            .id(id)
            .name("Test provider")
            .issuer(&*self.issuer)
            .client(OAuthClient::new(client, secret.clone().into()))
            .build()
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// From now on one rule is broken.
    pub fn set_fault(&self, fault: Fault) {
        self.state().fault = Some(fault);
    }

    /// From now on every rule is kept.
    pub fn clear_fault(&self) {
        self.state().fault = None;
    }

    /// Changes what it does from now on.
    pub fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.state().behaviour);
    }

    /// From now on the endpoint with that path gives that answer.
    pub fn break_endpoint(&self, path: &'static str, status: u16, body: &str) {
        self.change(|behaviour| {
            behaviour.broken.insert(path, Some((status, "application/json", body.into())));
        });
    }

    /// The requests of the back channel since the last call.
    #[expect(clippy::must_use_candidate, reason = "forgetting them is a use too")]
    pub fn requests(&self) -> Vec<Received> {
        std::mem::take(&mut self.state().requests)
    }

    /// The public half of the RSA key that signs ID tokens, as a JWK with that id.
    #[must_use]
    pub fn public_key(key_id: &str) -> Value {
        match signer(Some(key_id)) {
            Some(key) => key.public_jwk(),
            None => Value::Null,
        }
    }

    /// A token signed by that key with RS256, of a header and claims as they are.
    #[must_use]
    pub fn sign(header: &str, claims: &str) -> String {
        let token =
            signer(None).and_then(|key| key.sign_parts(header.as_bytes(), claims.as_bytes()).ok());
        token.unwrap_or_default()
    }

    /// The person at the browser agrees to the authorization request with that address.
    ///
    /// # Errors
    ///
    /// [`AuthorizationRefused`] where a real provider shows an error page: the request is not one
    /// of the registered client.
    pub fn authorize(&self, address: &str) -> Result<AuthorizationResponse, AuthorizationRefused> {
        authorize::authorize(&mut self.state(), address)
    }

    /// The person enters the code that a device shows (RFC 8628 section 3.3), and agrees to what
    /// the device asks for or refuses; false if no device shows that code.
    ///
    /// ```
    /// use typegate::testing::IdentityProvider;
    ///
    /// assert!(!IdentityProvider::new().enter_user_code("WDJB-0001", true));
    /// ```
    #[expect(clippy::must_use_candidate, reason = "a code that was shown is there")]
    pub fn enter_user_code(&self, user_code: &str, agrees: bool) -> bool {
        let now = self.clock.now().as_second();
        device::decide(&mut self.state(), now, user_code, agrees)
    }

    /// A token that says that somebody signed out here (OpenID Connect Back-Channel Logout 1.0),
    /// for an application that was built with
    /// [`back_channel_logout`](crate::builder::AuthBuilder::back_channel_logout).
    ///
    /// ```
    /// use typegate::adapter::MemoryAdapter;
    /// use typegate::testing::{Browser, IdentityProvider, LogoutFault};
    /// use typegate::{Auth, BoxError, Secret};
    ///
    /// # async fn test() -> Result<(), BoxError> {
    /// let idp = IdentityProvider::new();
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("http://localhost:3000".parse()?)
    ///     .adapter(MemoryAdapter::new())
    ///     .provider(idp.oidc("acme"))
    ///     .http_client(idp.clone())
    ///     .back_channel_logout()
    ///     .build()?;
    /// let mut browser = Browser::new(auth.service());
    /// browser.sign_in("acme", &idp).await?;
    ///
    /// let address = "http://localhost:3000/api/auth/backchannel-logout/acme";
    /// let token = idp.logout_token(IdentityProvider::SUBJECT);
    /// let answer = auth.handle(token.fault(LogoutFault::Expired).request(address)?).await;
    /// assert_eq!(answer.status(), 400); // as for each of LogoutFault::ALL
    /// assert_ne!(browser.get("/api/auth/session").await?.body(), "{}");
    ///
    /// let token = idp.logout_token(IdentityProvider::SUBJECT);
    /// assert_eq!(auth.handle(token.request(address)?).await.status(), 200);
    /// assert_eq!(browser.get("/api/auth/session").await?.body(), "{}");
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    pub fn logout_token(&self, subject: &str) -> LogoutToken<'_> {
        let now = self.clock.now().as_second();
        LogoutToken::new(self, &mut self.state(), &self.issuer, now, subject)
    }

    /// Answers a request of the back channel, or one of a browser.
    ///
    /// # Errors
    ///
    /// A broken connection, if [`Behaviour::broken`] asks for one.
    pub fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let now = self.clock.now().as_second();
        endpoint::answer(&mut self.state(), &self.issuer, now, request)
    }

    /// Whether a browser that is sent there comes here to be asked.
    pub(super) fn is_authorization_endpoint(&self, address: &str) -> bool {
        let state = self.state();
        let endpoint = state.behaviour.document.get("authorization_endpoint");
        endpoint.and_then(Value::as_str).is_some_and(|endpoint| {
            let rest = address.strip_prefix(endpoint);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that fails while it holds the lock should say why, not that it is poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn signer(key_id: Option<&str>) -> Option<JwsSigner> {
    static KEY: OnceLock<Option<JwsSigner>> = OnceLock::new();
    // The key stands in this folder, and no test gets far without it.
    let mut key = KEY.get_or_init(|| JwsSigner::from_pem(SIGNING_KEY).ok()).clone()?;
    key.key_id = key_id.map(Into::into);
    Some(key)
}

/// A key that signs by that algorithm; symmetric ones have none.
pub(super) fn key_for(algorithm: SignatureAlgorithm) -> Option<JwsSigner> {
    use SignatureAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256, Rs384, Rs512};

    let id = algorithm.as_str();
    match algorithm {
        Rs256 | Rs384 | Rs512 | Ps256 => signer(Some(id))?.with_algorithm(algorithm),
        Es256 | Es384 | EdDsa => JwsSigner::generate(algorithm, id).ok(),
        _ => None,
    }
}

impl HttpClient for IdentityProvider {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        if !self.state().behaviour.hosts.contains(&host) {
            return Err(format!("the test provider is not at {host}").into());
        }
        self.answer(&request)
    }
}

impl std::fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
