//! Issuers as providers write them: with and without a slash, in a document that is elsewhere, in
//! callbacks, and mistaken for the document's address.

use serde_json::json;
use typegate::provider::catalog::{Auth0, Authentik, AzureAdB2c};
use typegate::provider::{
    Adjust as _, Endpoints, IssuerComparison, OAuthClient, OAuthDefinition, Oidc, ProfileMapper,
};
use typegate::testing::FrozenClock;
use typegate::testing::provider::Recording;
use typegate::{Auth, Profile, Secret};

use super::support::{
    Browser, IdentityProvider, NOW, ORIGIN, World, client_of, error, parameter, site,
    with_parameter,
};

const WITH: &str = "https://id.example/";
const WITHOUT: &str = "https://id.example";

/// A world whose provider is configured with one issuer and has another.
fn configured(issuer: &str, own: &'static str, comparison: IssuerComparison) -> World {
    let issuer = issuer.to_owned();
    let world = World::with_provider(move |oidc| {
        oidc.endpoints(|endpoints| endpoints.issuer(issuer)).issuer_comparison(comparison)
    });
    world.idp.change(|idp| {
        idp.document["issuer"] = own.into();
        idp.claims.insert("iss", Some(own.into()));
    });
    world
}

#[tokio::test]
async fn a_slash_at_the_end_counts_unless_it_is_said_that_it_does_not() {
    for (issuer, own) in [(WITH, WITHOUT), (WITHOUT, WITH)] {
        let mut world = configured(issuer, own, IssuerComparison::Exact);
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        assert!(answer.location().ends_with("error?error=OAuthSignin"), "{issuer}");
        let lines = world.lines.take();
        let message = &lines.last().unwrap().message;
        assert!(message.contains("they differ in the slash at the end"), "{message}");
        assert!(message.contains("`issuer_comparison`"), "{message}");

        let mut world = configured(issuer, own, IssuerComparison::IgnoringFinalSlash);
        let back = world.browser.post("/api/auth/signin/idp", &[("callbackUrl", "/next")]).await;
        let lines = world.lines.take();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!((&*lines[0].code, lines[0].provider.as_deref()), ("ISSUER_SLASH", Some("idp")));
        for spelling in [issuer, own] {
            assert!(lines[0].message.contains(&format!("`{spelling}`")), "{:?}", lines[0]);
        }
        let back = with_parameter(&world.idp.authorize(back.location()), "iss", &[issuer]);
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{issuer}");
        world.sign_in("idp").await;
        assert!(world.lines.take().is_empty(), "it is told once");
    }
}

#[tokio::test]
async fn nothing_but_one_slash_is_ignored() {
    for own in ["https://id.example//", "https://ID.example", "https://id.example/a"] {
        let mut world = configured(WITHOUT, own, IssuerComparison::IgnoringFinalSlash);
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        assert!(answer.location().ends_with("error?error=OAuthSignin"), "{own}");
    }
    // The token's and the callback's are held against it as well.
    for other in ["https://id.example//", "https://other.example"] {
        let mut world = configured(WITH, WITHOUT, IssuerComparison::IgnoringFinalSlash);
        world.idp.change(|idp| drop(idp.claims.insert("iss", Some(other.into()))));
        world.expect_refusal(other).await;
        let mut world = configured(WITH, WITHOUT, IssuerComparison::IgnoringFinalSlash);
        let back = with_parameter(&world.start("idp").await, "iss", &[other]);
        assert_eq!(world.browser.get(&back).await.outline()[0], error("OAuthCallback"), "{other}");
    }
}

#[tokio::test]
async fn auth0_and_authentik_are_known_to_be_written_without_their_slash() {
    let acme = "https://acme.example/application/o/app";
    let auth0 = |issuer: &str| {
        Auth0::builder().client_id("id").client_secret("secret").issuer(issuer).build()
    };
    let authentik = |issuer: &str| {
        Authentik::builder().client_id("id").client_secret("secret").issuer(issuer).build()
    };
    for own in [acme.to_owned(), format!("{acme}/")] {
        for issuer in [acme.to_owned(), format!("{acme}/")] {
            let recording = Recording::new().issuer(&*own).claims(json!({ "sub": "7" }));
            let sign_in = recording.sign_in(auth0(&issuer)).await;
            sign_in.assert_user(json!({ "id": "7" }));
            let recording = Recording::new().issuer(&*own).claims(json!({ "sub": "7" }));
            let sign_in = recording.sign_in(authentik(&issuer)).await;
            sign_in.assert_user(json!({ "id": "7" }));
        }
    }
}

/// Whatever the configured address is, the issuer is that of the document there.
#[tokio::test]
async fn as_discovered_takes_the_issuer_of_the_document_and_no_other() {
    const OWN: &str = "https://id.example/7d1e/v2.0/";
    let world =
        || configured("https://id.example/acme/flow/v2.0", OWN, IssuerComparison::AsDiscovered);
    for (iss, accepted) in
        [(None, true), (Some(OWN), true), (Some("https://id.example/acme/flow/v2.0"), false)]
    {
        let mut world = world();
        let back = world.start("idp").await;
        let back = with_parameter(&back, "iss", &iss.into_iter().collect::<Vec<_>>());
        let answer = world.browser.get(&back).await;
        let place = if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
        assert_eq!(answer.outline()[0], place, "{iss:?}");
        assert!(world.lines.take().iter().all(|line| line.code != "ISSUER_SLASH"));
    }
    for other in ["https://id.example/acme/flow/v2.0", "https://id.example/7d1e/v2.0", ""] {
        let mut world = world();
        world.idp.change(|idp| drop(idp.claims.insert("iss", Some(other.into()))));
        world.expect_refusal(other).await;
    }
    // A document without an issuer is none.
    let mut world = world();
    world.idp.change(|idp| drop(idp.document.as_object_mut().unwrap().remove("issuer")));
    let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
    assert!(answer.location().ends_with("error?error=OAuthSignin"));
    // An error is of this attempt, whoever it says it is from: there is nothing to compare with.
    let mut world = configured("https://id.example/f", OWN, IssuerComparison::AsDiscovered);
    let state = parameter(&world.start("idp").await, "state");
    let query = format!("error=access_denied&state={state}&iss=https://id.example/7d1e/v2.0/");
    world.browser.get(&format!("/api/auth/callback/idp?{query}")).await;
    assert!(!world.browser.jar.names().iter().any(|name| name.contains("state")));
}

#[tokio::test]
async fn a_user_flow_of_azure_ad_b2c_signs_in_with_both_forms_of_its_issuer() {
    let host = "https://acme.b2clogin.com";
    let of = |issuer: &str| {
        AzureAdB2c::builder().client_id("id").client_secret("secret").issuer(issuer).build()
    };
    let of_flow = || of(&AzureAdB2c::issuer_of("acme", "B2C_1_signin"));
    let by_hand = format!("{host}/acme.onmicrosoft.com/B2C_1_signin/v2.0");
    let document = format!("{by_hand}/.well-known/openid-configuration");
    for own in [format!("{host}/7d1e-f0/v2.0/"), format!("{host}/tfp/7d1e-f0/b2c_1_signin/v2.0/")] {
        for provider in [of_flow(), of(&by_hand)] {
            let recording = Recording::new().issuer(&*own).claims(json!({ "sub": "7" }));
            let sign_in = recording.sign_in(provider).await;
            assert_eq!(sign_in.discovery[0].url.as_str(), document);
            sign_in.assert_user(json!({ "id": "7" }));
        }
        // Whoever wants one issuer only says so.
        let exact = of_flow().issuer_comparison(IssuerComparison::Exact).endpoints({
            let document = document.clone();
            let issuer = own.clone();
            move |endpoints| endpoints.issuer(issuer).discovery_document(document)
        });
        let recording = Recording::new().claims(json!({ "sub": "7" }));
        recording.sign_in(exact).await.assert_user(json!({ "id": "7" }));
    }
}

/// A provider of plain OAuth 2.0 of whose issuer nothing is known.
fn plain(issuer: Option<&str>) -> OAuthDefinition {
    let endpoints = Endpoints::oauth2()
        .authorization_endpoint("https://id.example/authorize")
        .token_endpoint("https://id.example/token")
        .userinfo_endpoint("https://id.example/userinfo")
        .build();
    let endpoints = match issuer {
        Some(issuer) => endpoints.issuer(issuer),
        None => endpoints,
    };
    OAuthDefinition::builder()
        .id("plain")
        .name("Plain")
        .client(OAuthClient::new("client id", "s:e%c+r é/t".into()))
        .endpoints(endpoints)
        .profile(ProfileMapper::new(|_: serde_json::Value, _| Ok(Profile::new("7"))))
        .build()
}

#[tokio::test]
async fn an_issuer_in_a_callback_says_nothing_where_none_is_known() {
    for (known, given, accepted) in [
        (None, &["https://id.example"][..], true),
        (None, &[""], true),
        (None, &["https://id.example", "https://id.example"], false),
        (Some("https://id.example"), &["https://id.example"], true),
        (Some("https://id.example"), &["https://other.example"], false),
    ] {
        let clock = FrozenClock::at(NOW);
        let idp = IdentityProvider::new(&clock);
        idp.change(|idp| idp.is_openid_connect = false);
        let auth =
            site!(clock).provider(plain(known)).http_client(client_of(&[&idp])).build().unwrap();
        let mut browser = Browser::new(&auth, &clock);
        let form = [("callbackUrl", "/next")];
        let started = browser.post("/api/auth/signin/plain", &form).await;
        let back = with_parameter(&idp.authorize(started.location()), "iss", given);
        let answer = browser.get(&back).await;
        let place = if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
        assert_eq!(answer.outline()[0], place, "{known:?} {given:?}");
        assert_eq!(browser.session().await != json!({}), accepted, "{known:?} {given:?}");
    }
}

/// One document for many tenants: the callback names one of them, and so does the ID token.
#[tokio::test]
async fn a_callback_of_a_tenant_is_of_the_sign_in_with_its_token() {
    let tenant = |id: &str| format!("https://id.example/{id}/v2.0");
    for (iss, tid, accepted) in
        [("7d1e", "7d1e", true), ("7d1e", "0aF-1", false), ("7d1e/x", "7d1e", false)]
    {
        let mut world = World::with_provider(|oidc| {
            oidc.endpoints(|endpoints| {
                endpoints.issuer("https://id.example/{tenantid}/v2.0").tenant_claim("tid")
            })
        });
        world.idp.change(|idp| {
            idp.document["issuer"] = "https://id.example/{tenantid}/v2.0".into();
            idp.claims.insert("iss", Some(tenant(tid).into()));
            idp.claims.insert("tid", Some(tid.into()));
        });
        let back = with_parameter(&world.start("idp").await, "iss", &[&tenant(iss)]);
        let answer = world.browser.get(&back).await;
        let place = if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
        assert_eq!(answer.outline()[0], place, "{iss} {tid}");
    }
}

#[test]
fn the_address_of_a_document_is_no_issuer() {
    for (given, right) in [
        ("https://id.example/.well-known/openid-configuration", "https://id.example"),
        ("https://id.example/a/.well-known/openid-configuration?p=b", "https://id.example/a"),
        ("https://id.example/.well-known/oauth-authorization-server/a/b", "https://id.example/a/b"),
        ("https://id.example/.well-known/openid-configuration/", "https://id.example"),
    ] {
        let client = || OAuthClient::new("id", "secret".into());
        let oidc = Oidc::builder().id("acme").name("Acme").issuer(given).client(client()).build();
        let build = |definition: OAuthDefinition| {
            let auth = Auth::builder()
                .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
                .url(ORIGIN.parse().unwrap())
                .provider(definition);
            auth.build().unwrap_err().to_string()
        };
        use typegate::provider::Provider as _;
        for error in [build(oidc.into_definition()), build(plain(Some(given)))] {
            assert!(error.contains(&format!("most likely `{right}`")), "{error}");
            assert!(error.contains("`discovery_document`"), "{error}");
        }
    }
}

/// Both sides are named, and what is behind a difference of a known kind.
#[tokio::test]
async fn what_was_expected_and_what_came_are_both_said() {
    for (claim, value, why) in [
        (
            "iss",
            json!("https://other.example"),
            "is of another issuer: `https://other.example`, and the provider is `https://id.example`",
        ),
        (
            "iss",
            json!("https://id.example/"),
            "`https://id.example/`, and the provider is `https://id.example`; they differ in the \
             slash at the end",
        ),
        ("iss", json!("http://id.example"), "; they differ in http and https"),
        ("iss", json!("https://ID.example"), "; they differ in upper and lower case"),
        (
            "iss",
            json!(null),
            "is of another issuer: none, and the provider is `https://id.example`",
        ),
        ("iss", json!("a\u{1}\r\n\u{202e}"), r"is of another issuer: `a\u{1}\r\n\u{202e}`"),
        (
            "aud",
            json!("another"),
            "is for another audience: `another`, and the client here is `client id`; compare \
             `client_id`",
        ),
        ("aud", json!(["a", "b", "c", "d"]), "is for another audience: `a`, `b`, `c`, …, and"),
        ("aud", json!([]), "is for another audience: none, and the client here is `client id`"),
        (
            "azp",
            json!("another"),
            "is for another authorized party: `azp` is `another`, and the client here is `client id`",
        ),
        ("nonce", json!(null), "does not repeat the nonce: it has one that is no text"),
        ("nonce", json!("x".repeat(43)), "it has another one, of 43 characters"),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| drop(idp.claims.insert(claim, Some(value.clone()))));
        world.expect_refusal(why).await;
        let said = world.lines.take().pop().unwrap().message;
        assert!(said.contains(why), "{said}");
        assert!(said.len() < 500, "{said}");
    }
    let mut world = World::new();
    world.idp.change(|idp| drop(idp.claims.insert("nonce", None)));
    world.expect_refusal("none").await;
    assert!(world.lines.take()[0].message.ends_with("does not repeat the nonce: it has none"));
}

/// The tenants of Microsoft Entra ID, as people write them.
#[tokio::test]
async fn issuers_of_entra_say_what_to_write() {
    let entra = |rest: &str| format!("https://login.microsoftonline.com/{rest}");
    for (issuer, own, hint) in [
        (entra("common/v2.0"), entra("{tenantid}/v2.0"), "one document serves all tenants there"),
        (entra("7d1e/v2.0"), "https://sts.windows.net/7d1e/".to_owned(), "version 1 were asked"),
        (entra("contoso.example/v2.0"), entra("7d1e/v2.0"), "they are of two tenants"),
    ] {
        let recording = Recording::new().issuer(&*own).claims(json!({ "sub": "7" }));
        let oidc = Oidc::builder()
            .id("entra")
            .name("Entra")
            .issuer(issuer.clone())
            .client(OAuthClient::new("id", "secret".into()))
            .build();
        let sign_in = recording.sign_in(oidc).await;
        let said = sign_in.log.iter().map(|line| &*line.message).collect::<Vec<_>>().join(" ");
        assert!(said.contains(&format!("`{issuer}`")) && said.contains(hint), "{sign_in}");
    }
}
