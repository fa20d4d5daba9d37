//! Vendors change more often than a catalogue is published: an application replaces each option of
//! each provider, and a whole sign-in shows that it counts.

use serde_json::json;
use typegate::provider::catalog::Twitter;
use typegate::provider::{
    Adjust as _, Check, ClientAuthentication, Endpoints, ResponseMode, TokenEndpoint,
    UserInfoEndpoint, UserInfoHook, catalog,
};

use typegate::testing::provider::Recording;
use typegate::{ButtonStyle, RawProfile, SignatureAlgorithm};
use url::Position;

use super::case::cases;
use super::provider;

#[derive(RawProfile)]
struct Renamed {
    #[profile(id)]
    key: String,
    #[profile(name)]
    hook: Option<String>,
}

/// Every endpoint elsewhere, and an issuer of their own.
fn moved(endpoints: Endpoints) -> Endpoints {
    let endpoints = endpoints
        .authorization_endpoint("https://new.example/authorize")
        .token_endpoint("https://new.example/token")
        .userinfo_endpoint("https://new.example/me");
    endpoints.jwks_uri("https://new.example/keys").issuer("https://new.example/issuer")
}

#[tokio::test]
async fn every_option_of_every_provider_is_replaced() {
    for case in cases("providers") {
        let id = &case.id;
        let sample = case.samples.first().unwrap();
        let replaced = provider(&case, sample, catalog::find)
            .unwrap()
            .endpoints(|endpoints| match endpoints_have_tenants(&endpoints) {
                true => moved(endpoints).tenant_claim("organization"),
                false => moved(endpoints),
            })
            .scope("one openid two")
            .checks([Check::State])
            .response_mode(ResponseMode::Query)
            .authorization_parameters(
                [("prompt", "login"), ("v", "9"), ("audience", "api")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned())),
            )
            .authorization_fragment("here")
            .client_authentication(ClientAuthentication::Post)
            .token_endpoint(TokenEndpoint::new().query("v", "9").form("device", "7"))
            .user_info_endpoint(
                UserInfoEndpoint::new()
                    .query("fields", "key")
                    .header("x-version", "3")
                    .select("/person"),
            )
            .fetch_user_info(true)
            .user_info_hook(UserInfoHook::new(|mut request| {
                Box::pin(async move {
                    request.raw["hook"] = "asked".into();
                    Ok(request.raw)
                })
            }))
            .id_token_algorithm(SignatureAlgorithm::Es256)
            .clock_tolerance(120)
            .profile::<Renamed>()
            .style(ButtonStyle::new());
        let is_openid_connect = case.issuer.is_some();
        let mut recording =
            Recording::new().user_info(json!({ "person": { "sub": "7", "key": "7" } }));
        if is_openid_connect {
            recording = recording.claims(json!({ "sub": "7", "organization": "1" }));
        }
        let sign_in = recording.sign_in(replaced).await;
        sign_in.assert_user(json!({ "id": "7", "name": "asked" }));

        let asked = sign_in.authorization.as_ref().unwrap();
        assert_eq!(&asked.url[..Position::AfterPath], "https://new.example/authorize", "{id}");
        assert_eq!(asked.url.fragment(), Some("here"), "{id}");
        let names =
            ["scope", "prompt", "code_challenge", "nonce", "response_mode", "v", "audience"];
        let values = names.map(|name| asked.parameter(name));
        let [v, audience] = [Some("9"), Some("api")];
        let expected = [Some("one openid two"), Some("login"), None, None, None, v, audience];
        assert_eq!(values, expected, "{id}");

        let asked = sign_in.token_request.as_ref().unwrap();
        assert_eq!(asked.url.as_str(), "https://new.example/token?v=9", "{id}");
        assert_eq!(asked.form["device"], "7", "{id}");
        assert_eq!(asked.form["client_id"], "CLIENT_ID", "{id}");
        assert!(asked.form.contains_key("client_secret"), "{id}");
        assert!(!asked.form.contains_key("code_verifier"), "{id}");

        assert_eq!(sign_in.profile_requests.len(), 1, "{id}");
        let asked = &sign_in.profile_requests[0];
        assert_eq!(asked.url.as_str(), "https://new.example/me?fields=key", "{id}");
        assert_eq!(
            (asked.method.as_str(), &asked.headers["x-version"]),
            ("GET", &"3".parse().unwrap())
        );
        if is_openid_connect {
            let token = sign_in.account().unwrap().tokens.text("id_token").unwrap();
            let header = super::header_of(token);
            assert_eq!(header["alg"], "ES256", "{id}");
        }
    }
}

/// What was one document for many tenants stays that only as long as the issuer says so.
fn endpoints_have_tenants(endpoints: &Endpoints) -> bool {
    format!("{endpoints:?}").contains("tenant_claim: Some")
}

#[tokio::test]
async fn twitter_gives_the_confirmed_address_if_it_is_asked_for() {
    let twitter = || Twitter::new("CLIENT_ID", "CLIENT_SECRET".into());
    let answer =
        json!({ "data": { "id": "7", "name": "Ana", "confirmed_email": "ana@example.com" } });
    let sign_in = Recording::new().user_info(answer).sign_in(twitter().with_email()).await;
    sign_in.assert_user(json!({ "id": "7", "name": "Ana", "email": "ana@example.com" }));
    let scope = "users.read users.email tweet.read offline.access";
    sign_in.assert_authorization(&[("scope", scope)]);
    let asked = sign_in.profile_requests[0].url.query().unwrap();
    assert_eq!(asked, "user.fields=profile_image_url%2Cconfirmed_email");

    let answer = json!({ "data": { "id": "7", "name": "Ana" } });
    let sign_in = Recording::new().user_info(answer).sign_in(twitter()).await;
    sign_in.assert_authorization(&[("scope", "users.read tweet.read offline.access")]);
    assert_eq!(sign_in.profile_requests[0].url.query(), Some("user.fields=profile_image_url"));
}
