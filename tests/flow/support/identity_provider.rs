//! The public test provider, with the names that these tests use.

use std::ops::Deref;

use bytes::Bytes;
use http::Request;
use serde_json::json;
use typegate::BoxError;
use typegate::provider::Oidc;
use typegate::provider::catalog::GitHub;
use typegate::testing::{
    AuthorizationResponse, Behaviour, FakeHttpClient, FrozenClock, IdentityProvider as Provider,
};

#[derive(Clone)]
pub(crate) struct IdentityProvider(Provider);

impl Deref for IdentityProvider {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.0
    }
}

/// An HTTP client that reaches these providers and nobody else.
pub(crate) fn client_of(providers: &[&IdentityProvider]) -> FakeHttpClient {
    let providers: Vec<IdentityProvider> = providers.iter().map(|idp| (*idp).clone()).collect();
    FakeHttpClient::new(move |request: &Request<Bytes>| {
        let host = request.uri().host().unwrap();
        let found =
            providers.iter().find(|idp| idp.ask(|idp| idp.hosts.iter().any(|own| own == host)));
        let idp = found.unwrap_or_else(|| panic!("a request to {host}"));
        let answer = idp.answer(request)?;
        if !idp.ask(|idp| idp.broken.contains_key(request.uri().path())) {
            let status = answer.status().as_u16();
            assert!(![404, 406].contains(&status), "{} {}", request.method(), request.uri());
        }
        Ok::<_, BoxError>(answer)
    })
}

impl IdentityProvider {
    pub(crate) fn new(clock: &FrozenClock) -> Self {
        Self::at("https://id.example", clock)
    }

    pub(crate) fn at(issuer: &str, clock: &FrozenClock) -> Self {
        let idp = Self(Provider::at(issuer).clock(clock.clone()));
        idp.change(|idp| idp.user_info["phone_number"] = "canary-of-userinfo".into());
        idp
    }

    pub(crate) fn github(clock: &FrozenClock) -> Self {
        let github = Self::at("https://github.com/login/oauth", clock);
        github.change(|github| {
            github.is_openid_connect = false;
            github.hosts = vec!["github.com".into(), "api.github.com".into()];
            github.document["token_endpoint"] =
                "https://github.com/login/oauth/access_token".into();
            github.document["userinfo_endpoint"] = "https://api.github.com/user".into();
            github.user_info = json!({
                "id": 583_231, "login": "octocat", "name": "The Octocat", "email": null,
                "avatar_url": "https://avatars.example/583231", "plan": "canary-of-userinfo",
            });
            let emails = json!([
                { "email": "old@example.com", "primary": false, "verified": true },
                { "email": "Octo@Example.com", "primary": true, "verified": true },
            ]);
            github.resources.insert("/user/emails", emails);
        });
        github
    }

    fn ask(&self, question: impl FnOnce(&Behaviour) -> bool) -> bool {
        let mut answer = false;
        self.change(|idp| answer = question(idp));
        answer
    }

    /// The typegate provider that belongs to this one.
    pub(crate) fn oidc(&self) -> Oidc {
        self.oidc_as("idp")
    }

    pub(crate) fn oidc_as(&self, id: &str) -> Oidc {
        self.0.oidc(id)
    }

    pub(crate) fn github_provider() -> GitHub {
        GitHub::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into())
    }

    /// The paths of the requests since the last call.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.url.path().to_owned()).collect()
    }

    /// The person at the browser agrees: the address to which the browser is sent back.
    pub(crate) fn authorize(&self, address: &str) -> String {
        self.response(address).address()
    }

    /// Whether the provider shows an error page.
    pub(crate) fn refuses(&self, address: &str) -> bool {
        self.0.authorize(address).is_err()
    }

    /// The same, with whatever form the browser posts there.
    pub(crate) fn response(&self, address: &str) -> AuthorizationResponse {
        self.0.authorize(address).unwrap_or_else(|refused| panic!("{address}: {refused}"))
    }
}
