//! One application with two identity providers, and one visitor.

use serde_json::json;
use typegate::provider::{OAuthKind, Oidc, Provider};
use typegate::testing::{AuthorizationResponse, FrozenClock};
use typegate::{Auth, DefaultSession};

use super::{Answer, BASE, Browser, IdentityProvider, Lines, NOW};

/// What a configuration is made of before it is finished.
pub(crate) struct Parts {
    pub(crate) clock: FrozenClock,
    pub(crate) idp: IdentityProvider,
    pub(crate) github: IdentityProvider,
    pub(crate) lines: Lines,
}

/// A world whose configuration an expression finishes; it has the providers `idp` and `github`, a
/// logger, a clock and an HTTP client already.
macro_rules! world {
    ($site:ident => $auth:expr) => {
        $crate::support::world!(|oidc| oidc, $site => $auth)
    };
    ($provider:expr, $site:ident => $auth:expr) => {{
        let parts = $crate::support::Parts::new();
        let oidc = $crate::support::changed(parts.idp.oidc(), $provider);
        let $site = $crate::support::site!(parts.clock)
            .provider(oidc)
            .provider($crate::support::IdentityProvider::github_provider())
            .http_client($crate::support::client_of(&[&parts.idp, &parts.github]))
            .logger(parts.lines.clone());
        parts.into_world($auth)
    }};
}

pub(crate) use world;

/// Tells the compiler what the function of `world!` is.
pub(crate) fn changed<P>(oidc: Oidc, change: impl FnOnce(Oidc) -> P) -> P {
    change(oidc)
}

impl Parts {
    pub(crate) fn new() -> Self {
        let clock = FrozenClock::at(NOW);
        Self {
            idp: IdentityProvider::new(&clock),
            github: IdentityProvider::github(&clock),
            lines: Lines::default(),
            clock,
        }
    }

    pub(crate) fn into_world<D>(self, auth: Auth<D>) -> World<D> {
        let Self { clock, idp, github, lines } = self;
        let browser = Browser::new(&auth, &clock);
        World { clock, idp, github, lines, auth, browser }
    }
}

pub(crate) struct World<D = DefaultSession> {
    pub(crate) clock: FrozenClock,
    pub(crate) idp: IdentityProvider,
    pub(crate) github: IdentityProvider,
    pub(crate) lines: Lines,
    pub(crate) auth: Auth<D>,
    pub(crate) browser: Browser<D>,
}

impl World {
    pub(crate) fn new() -> Self {
        world!(site => site.build().unwrap())
    }

    /// With another configuration of the provider `idp`.
    pub(crate) fn with_provider<P: Provider<Kind = OAuthKind>>(
        change: impl FnOnce(Oidc) -> P,
    ) -> Self {
        world!(change, site => site.build().unwrap())
    }
}

impl<D> World<D> {
    /// A visitor who has not been here.
    pub(crate) fn another_browser(&self) -> Browser<D> {
        Browser::new(&self.auth, &self.clock)
    }

    /// Goes to a provider and agrees there: the address that leads back.
    pub(crate) async fn start(&mut self, id: &str) -> String {
        self.go_away(id).await.address()
    }

    /// Goes to a provider and agrees there: what leads back.
    pub(crate) async fn go_away(&mut self, id: &str) -> AuthorizationResponse {
        let address = format!("/api/auth/signin/{id}");
        let answer = self.browser.post(&address, &[("callbackUrl", "/next")]).await;
        let idp = if id == "github" { &self.github } else { &self.idp };
        let back = idp.response(answer.location());
        idp.requests();
        self.lines.take();
        back
    }

    /// A whole sign-in.
    pub(crate) async fn sign_in(&mut self, id: &str) -> Answer {
        let back = self.go_away(id).await;
        self.browser.bring(&back).await
    }

    /// A sign-in with `idp` that must fail in the back channel and must not touch a session.
    pub(crate) async fn expect_refusal(&mut self, why: &str) {
        let answer = self.sign_in("idp").await;
        let mut outline = answer.outline();
        // They do not come along with a form of another site, so they are made anew.
        outline.retain(|part| part != "csrf-token" && part != "callback-url");
        assert_eq!(outline, refused("OAuthCallback"), "{why}");
        assert_eq!(self.browser.session().await, json!({}), "{why}");
    }
}

/// A refusal of `idp` with that code: the check cookies are spent.
pub(crate) fn refused(code: &str) -> Vec<String> {
    vec![error(code), "-state".into(), "-pkce.code_verifier".into(), "-nonce".into()]
}

/// The redirect to the error page.
pub(crate) fn error(code: &str) -> String {
    format!("302 {BASE}/error?error={code}")
}
