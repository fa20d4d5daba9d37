//! `response_mode=form_post`: the authorization response comes as a form that the provider's page
//! posts.

use serde_json::{Value, json};
use typegate::CallbackError;
use typegate::provider::{
    Adjust as _, Adjusted, Check, Endpoints, OAuthClient, OAuthDefinition, Oidc, ProfileMapper,
    ResponseMode, StandardClaims, UserInfoEndpoint,
};
use typegate::testing::{FrozenClock, IdentityProvider as Provider};

use super::support::{
    Browser, IdentityProvider, NOW, ORIGIN, World, client_of, error, parameter, site, world,
};

fn form_post(oidc: Oidc) -> Adjusted<Oidc> {
    oidc.response_mode(ResponseMode::FormPost)
}

#[tokio::test]
async fn r024_check_cookies_cross_sites_for_this_provider_only() {
    for origin in [ORIGIN, "https://app.example"] {
        let clock = FrozenClock::at(NOW);
        let idp = IdentityProvider::new(&clock);
        let auth = site!(clock, origin)
            .provider(form_post(idp.oidc_as("posts")))
            .provider(idp.oidc_as("redirects"))
            .http_client(client_of(&[&idp]))
            .build()
            .unwrap();
        let mut browser = Browser::at(origin, &auth, &clock);
        for (id, same_site, mode) in [("posts", "None", "form_post"), ("redirects", "Lax", "")] {
            let answer = browser.post(&format!("/api/auth/signin/{id}"), &[]).await;
            let given = answer.location().contains("response_mode=");
            assert_eq!(given, !mode.is_empty());
            if given {
                assert_eq!(parameter(answer.location(), "response_mode"), mode);
            }
            let checks: Vec<_> = answer
                .cookies
                .iter()
                .filter(|cookie| !cookie.name.contains("csrf") && !cookie.name.contains("url"))
                .collect();
            assert_eq!(checks.len(), 3);
            for cookie in checks {
                assert_eq!(cookie.same_site, same_site, "{id}: {}", cookie.name);
                assert_eq!(cookie.secure, origin.starts_with("https") || id == "posts");
            }
            // Deletions hit: the jar insists on it.
            let answer = browser.bring(&idp.response(answer.location())).await;
            assert_eq!(answer.location().trim_end_matches('/'), origin);
            let names = browser.jar.names();
            assert!(!names.iter().any(|name| name.contains("state")), "{names:?}");
        }
    }
}

/// Browsers would drop the check cookies, so nobody could sign in.
#[test]
fn r024_a_site_whose_browsers_drop_the_cookies_is_refused() {
    let build = |origin: &str, mode, checks: &[Check]| {
        let clock = FrozenClock::at(NOW);
        let idp = IdentityProvider::new(&clock);
        let provider = idp.oidc_as("posts").response_mode(mode).checks(checks);
        site!(clock, origin).provider(provider).build().err().map(|error| error.to_string())
    };
    for (origin, is_refused) in [
        ("http://app.example", true),
        ("http://10.0.0.7:3000", true),
        ("http://localhost.app.example", true),
        ("https://app.example", false),
        ("http://localhost:3000", false),
        ("http://app.localhost", false),
        ("http://127.0.0.1:3000", false),
        ("http://[::1]:3000", false),
    ] {
        let error = build(origin, ResponseMode::FormPost, &[Check::State]);
        let expected = format!(
            "the provider `posts` answers by a form (`ResponseMode::FormPost`), for which browsers \
             keep the check cookies only if the site is https, and it is {origin}"
        );
        assert_eq!(error, is_refused.then_some(expected), "{origin}");
        assert_eq!(build(origin, ResponseMode::Query, &[Check::State]), None);
    }
}

#[tokio::test]
async fn a_form_that_nobody_asked_for_brings_no_check_cookies() {
    let mut world = World::new();
    let back = world.go_away("idp").await;
    // A page of another site posts what should have come by a redirect.
    let form: Vec<_> =
        url::Url::parse(&back.address()).unwrap().query_pairs().into_owned().collect();
    let fields: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    world.browser.jar.remove("next-auth.state");
    let answer = world.browser.submit("/api/auth/callback/idp", &fields).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"));
    assert!(world.idp.requests().is_empty());
}

#[tokio::test]
async fn a_declared_field_of_the_form_reaches_the_raw_profile_and_replaces_nothing() {
    fn with_user_field(mode: ResponseMode) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("idp")
            .name("IdP")
            .client(OAuthClient::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into()))
            .endpoints(Endpoints::discovered("https://id.example"))
            .response_mode(mode)
            .user_info_endpoint(UserInfoEndpoint::new().callback_field("user"))
            .profile(ProfileMapper::of::<StandardClaims>())
            .build()
    }
    async fn seen(mode: ResponseMode, user: &str, claim: Option<Value>) -> Value {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
        let recorded = std::sync::Arc::clone(&seen);
        let callbacks = typegate::hooks::Callbacks::new().sign_in(move |attempt| {
            *recorded.lock().unwrap() = attempt.raw_profile;
            async { Ok::<_, CallbackError>(typegate::hooks::SignInDecision::Allow) }
        });
        let mut world = world!(|_| with_user_field(mode), site => {
            site.callbacks(callbacks).build().unwrap()
        });
        world.idp.change(|idp| {
            idp.callback = vec![("user", user.into())];
            idp.claims.insert("user", claim);
        });
        world.sign_in("idp").await;
        let seen = seen.lock().unwrap();
        assert_eq!(seen["sub"], "248289761001");
        seen.get("user").cloned().unwrap_or_default()
    }
    let apple = r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"a@example.com"}"#;
    let parsed: Value = serde_json::from_str(apple).unwrap();
    assert_eq!(seen(ResponseMode::FormPost, apple, None).await, parsed);
    assert_eq!(seen(ResponseMode::Query, apple, None).await, Value::Null);
    assert_eq!(seen(ResponseMode::FormPost, apple, Some(json!("signed"))).await, "signed");
    for broken in ["{", &"[".repeat(10_000)] {
        assert_eq!(seen(ResponseMode::FormPost, broken, None).await, broken);
    }
}
