//! What does each provider of the catalogue send, and whom does it make of the answers? One file
//! of `tests/data/providers` for each, and a whole sign-in through the engine for each sample.

mod case;
mod derived;
mod server;
mod twitter_legacy;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Request};
use serde_json::{Map, Value, json};
use typegate::hooks::Callbacks;
use typegate::provider::{Adjust as _, GitHub, OAuthDefinition, Provider as _, catalog};
use typegate::testing::FrozenClock;
use typegate::{Auth, ConfigError, Secret};
use url::Url;

use self::case::{Case, Sample, Texts, cases};
use self::server::{Addresses, State, client, parameters};
use crate::flow::support::{BASE, Browser, Lines, NOW, SECRET};

/// The provider of a case, from the variables that `from_env` would read.
fn provider(case: &Case, sample: &Sample, find: Find) -> Result<OAuthDefinition, ConfigError> {
    let prefix = format!("AUTH_{}_", case.id.to_uppercase().replace(['-', '.'], "_"));
    let variables = |name: &str| {
        let name = name.strip_prefix(&prefix)?;
        match name {
            "ID" => Some("CLIENT_ID".to_owned()),
            "SECRET" if !case.variables.contains_key(name) => Some("CLIENT_SECRET".to_owned()),
            _ => sample.variables.get(name).or_else(|| case.variables.get(name)).cloned(),
        }
    };
    find(&case.id, &variables)
}

/// Those of the catalogue, and the one that is always there.
fn catalog_provider(
    id: &str,
    variables: &catalog::Variables<'_>,
) -> Result<OAuthDefinition, ConfigError> {
    if id == "github" {
        return Ok(GitHub::from_variables(variables)?.into_definition());
    }
    catalog::find(id, variables)
}

#[test]
fn every_provider_has_a_file_and_every_file_a_provider() {
    let files: BTreeSet<String> = cases("providers").into_iter().map(|case| case.id).collect();
    let mut providers: BTreeSet<String> = catalog::IDS.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(providers.len(), catalog::IDS.len(), "an id is there twice");
    assert!(catalog::IDS.is_sorted(), "the list is not sorted");
    providers.insert("github".into());
    assert_eq!(files, providers);
    assert!(catalog::find("nobody", &|_| None).unwrap_err().to_string().contains("`nobody`"));
}

#[test]
fn every_provider_says_which_variable_is_missing() {
    for id in catalog::IDS {
        let error = catalog::find(id, &|_| None).unwrap_err().to_string();
        let prefix = id.to_uppercase().replace(['-', '.'], "_");
        assert!(error.contains(&format!("AUTH_{prefix}_ID")), "{error}");
    }
}

#[tokio::test]
async fn every_provider_sends_what_its_server_wants_and_maps_every_sample() {
    run(cases("providers"), catalog_provider).await;
}

#[tokio::test]
async fn every_attribute_does_what_it_says() {
    run(cases("derived"), derived::find).await;
}

type Find = fn(&str, &catalog::Variables<'_>) -> Result<OAuthDefinition, ConfigError>;

/// A whole sign-in for each sample; what fails is told together.
async fn run(cases: Vec<Case>, find: Find) {
    let mut failed = Vec::new();
    for case in cases.into_iter().map(Arc::new) {
        assert!(!case.samples.is_empty(), "{} has no sample", case.id);
        for difference in &case.differences {
            assert!(difference.len() > 20, "{}: a difference has a reason", case.id);
        }
        for number in 0..case.samples.len() {
            // A task of its own, so that one failure does not hide the others.
            let task = tokio::spawn({
                let case = Arc::clone(&case);
                async move { sign_in(&case, &case.samples[number], find).await }
            });
            if task.await.is_err() {
                failed.push(format!("{}: {}", case.id, case.samples[number].name));
            }
        }
    }
    assert!(failed.is_empty(), "these failed, for the reasons above: {failed:#?}");
}

async fn sign_in(case: &Case, sample: &Sample, find: Find) {
    let (state, lines) = (Arc::<Mutex<State>>::default(), Lines::default());
    let user = Arc::<Mutex<Option<Value>>>::default();
    let seen = Arc::clone(&user);
    let clock = FrozenClock::at(NOW);
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .clock(clock.clone())
        .http_client(client(case, sample, &state))
        .logger(lines.clone())
        .callbacks(Callbacks::new().sign_in(move |attempt| {
            *seen.lock().unwrap() = Some(serde_json::to_value(&attempt.user).unwrap());
            async { Ok(true) }
        }))
        .provider(provider(case, sample, find).unwrap())
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &clock);

    let address = format!("/api/auth/signin/{}", case.id);
    let answer = browser.post(&address, &[]).await;
    let log = lines.take();
    let location = answer.location();
    assert!(!location.contains("/error"), "{log:?}");
    let asked = check_authorization(case, sample, &Url::parse(location).unwrap());
    state.lock().unwrap().nonce = asked.get("nonce").cloned();

    let mut fields = vec![("code", "CODE")];
    if let Some(value) = asked.get("state") {
        fields.push(("state", value));
    }
    fields.extend(sample.callback.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let back = format!("/api/auth/callback/{}", case.id);
    let is_posted =
        case.authorization.query.get("response_mode").is_some_and(|mode| mode == "form_post");
    if sample.callback.is_empty() && !is_posted {
        let mut url = Url::parse(&format!("http://localhost:3000{back}")).unwrap();
        url.query_pairs_mut().extend_pairs(fields);
        browser.get(url.as_str()).await;
    } else {
        browser.submit(&back, &fields).await;
    }

    let requests = std::mem::take(&mut state.lock().unwrap().requests);
    let log = lines.take();
    check_token_request(
        case,
        sample,
        requests.first().unwrap_or_else(|| panic!("no request: {log:?}")),
    );
    let mut rest = requests.iter().skip(1);
    if let Some(expected) = &case.profile {
        let request = rest.next().unwrap_or_else(|| panic!("nobody was asked: {log:?}"));
        assert_eq!(request.method().as_str(), expected.method);
        let (url, expected_url) = (request.uri().to_string(), sample.address(&expected.url));
        let (url, expected_url) = (Url::parse(&url).unwrap(), Url::parse(&expected_url).unwrap());
        assert_eq!(url[..url::Position::AfterPath], expected_url[..url::Position::AfterPath]);
        assert_eq!(parameters(&url), parameters(&expected_url), "parameters of the profile's URL");
        check_headers(request.headers(), &expected.headers);
        let body = serde_json::from_slice(request.body()).ok();
        assert_eq!(body, expected.body, "the body of the profile's request");
    }
    for expected in &sample.requests {
        let request = rest.next().unwrap_or_else(|| panic!("no further request: {log:?}"));
        assert_eq!(request.uri().to_string(), expected.url);
        if !expected.headers.is_empty() {
            check_headers(request.headers(), &expected.headers);
        }
    }
    assert_eq!(rest.count(), 0, "a request that nobody expected");

    let user = user.lock().unwrap().take();
    match (&sample.user, &sample.error, &sample.refused) {
        (Some(expected), None, None) => {
            let user = user.unwrap_or_else(|| panic!("nobody is signed in: {log:?}"));
            let mut user = user.as_object().unwrap().clone();
            user.retain(|_, value| !value.is_null());
            let mut expected: Map<String, Value> = expected.clone();
            expected.retain(|_, value| !value.is_null());
            assert_eq!(Value::Object(user), Value::Object(expected));
            assert!(log.is_empty(), "{log:?}");
        }
        (None, Some(member), None) => {
            assert_eq!(user, None, "somebody is signed in");
            let line = log.iter().find(|line| line.code == "OAUTH_PARSE_PROFILE_ERROR");
            let line = line.unwrap_or_else(|| panic!("{log:?}"));
            assert!(line.message.contains(&format!("`{member}`")), "{line:?}");
        }
        (None, None, Some(reason)) => {
            assert_eq!(user, None, "somebody is signed in");
            let line = log.iter().find(|line| line.code == "CALLBACK_OAUTH_ERROR");
            let line = line.unwrap_or_else(|| panic!("{log:?}"));
            assert!(line.message.contains(reason), "{line:?}");
        }
        _ => panic!("a sample has either a user or an error"),
    }
}

fn check_authorization(case: &Case, sample: &Sample, url: &Url) -> Texts {
    let mut bare = url.clone();
    bare.set_query(None);
    assert_eq!(bare.as_str(), Addresses::of(case, sample).authorization);
    let asked = parameters(url);
    let mut rest = asked.clone();
    assert_eq!(rest.remove("client_id").as_deref(), Some("CLIENT_ID"));
    let response_type = case.authorization.response_type.as_deref().unwrap_or("code");
    assert_eq!(rest.remove("response_type").as_deref(), Some(response_type));
    assert_eq!(rest.remove("redirect_uri").unwrap(), format!("{BASE}/callback/{}", case.id));
    for (check, name) in [("state", "state"), ("nonce", "nonce"), ("pkce", "code_challenge")] {
        let is_expected = case.checks.iter().any(|expected| expected == check);
        assert_eq!(rest.remove(name).is_some(), is_expected, "{check}");
    }
    rest.remove("code_challenge_method");
    let mut query = case.authorization.query.clone();
    query.extend(sample.query.clone());
    assert_eq!(rest, query, "parameters of the authorization request");
    asked
}

fn check_token_request(case: &Case, sample: &Sample, request: &Request<Bytes>) {
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let mut bare = url.clone();
    bare.set_query(None);
    assert_eq!(bare.as_str(), Addresses::of(case, sample).token);
    assert_eq!(parameters(&url), case.token.query, "parameters of the token URL");
    let mut form: Texts = form_urlencoded::parse(request.body()).into_owned().collect();
    let mut headers = case.token.headers.clone();
    headers.insert("content-type".into(), "application/x-www-form-urlencoded".into());
    let mut take = |name: &str| form.remove(name);
    if case.token.authentication != "declared" {
        assert_eq!(take("grant_type").as_deref(), Some("authorization_code"));
        assert_eq!(take("code").as_deref(), Some("CODE"));
        assert_eq!(take("redirect_uri").unwrap(), format!("{BASE}/callback/{}", case.id));
        let has_verifier = take("code_verifier").is_some();
        assert_eq!(has_verifier, case.checks.iter().any(|check| check == "pkce"));
    }
    match case.token.authentication.as_str() {
        "basic" => {
            // The base64 of `CLIENT_ID:CLIENT_SECRET`.
            headers.insert("authorization".into(), "Basic Q0xJRU5UX0lEOkNMSUVOVF9TRUNSRVQ=".into());
        }
        "post" => {
            assert_eq!(take("client_id").as_deref(), Some("CLIENT_ID"));
            assert_eq!(take("client_secret").as_deref(), Some("CLIENT_SECRET"));
        }
        "assertion" => {
            assert_eq!(take("client_id").as_deref(), Some("CLIENT_ID"));
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            assert_eq!(take("client_assertion_type").as_deref(), Some(kind));
            assert_eq!(take("client_assertion").unwrap().split('.').count(), 3);
        }
        "none" => assert_eq!(take("client_id").as_deref(), Some("CLIENT_ID")),
        "declared" => {}
        other => panic!("no client authentication is called {other}"),
    }
    assert_eq!(form, case.token.form, "members of the token request's form");
    check_headers(request.headers(), &headers);
}

/// All headers, `Accept` only if it is expected.
fn check_headers(headers: &HeaderMap, expected: &Texts) {
    let is_content_type = |name: &str| name == CONTENT_TYPE.as_str();
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let mut given: Texts = headers
        .keys()
        .filter(|name| *name != ACCEPT || expected.contains_key("accept"))
        .map(|name| (name.to_string(), value(name.as_str()).unwrap()))
        .collect();
    if let Some(authorization) = given.get_mut(AUTHORIZATION.as_str()) {
        // The type's case is the token response's.
        if let Some(token) = authorization.strip_prefix("bearer ") {
            *authorization = format!("Bearer {token}");
        }
    }
    if !expected.keys().any(|name| is_content_type(name)) {
        given.retain(|name, value| !(is_content_type(name) && value == "application/json"));
    }
    assert_eq!(given, *expected, "headers");
}

#[tokio::test]
async fn an_application_changes_a_provider_without_writing_one() {
    let case = cases("providers").into_iter().find(|case| case.id == "gitlab").unwrap();
    let sample = case.samples.first().unwrap();
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .http_client(client(&case, sample, &Arc::default()))
        .provider(
            catalog::GitLab::new("CLIENT_ID", "CLIENT_SECRET")
                .base_url("https://git.acme.example/gitlab/")
                .scope("read_user openid")
                .authorization_parameter("prompt", "login"),
        )
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &FrozenClock::at(NOW));
    let answer = browser.post("/api/auth/signin/gitlab", &[]).await;
    let url = Url::parse(answer.location()).unwrap();
    assert_eq!(url.path(), "/gitlab/oauth/authorize");
    let parameters = parameters(&url);
    assert_eq!(parameters["scope"], "read_user openid");
    assert_eq!(parameters["prompt"], "login");
}

#[tokio::test]
async fn apple_gets_a_secret_that_the_key_of_the_team_signed() {
    let variables = |name: &str| {
        Some(match name {
            "AUTH_APPLE_ID" => "CLIENT_ID".to_owned(),
            "AUTH_APPLE_TEAM_ID" => "TEAM".to_owned(),
            "AUTH_APPLE_KEY_ID" => "KEY".to_owned(),
            "AUTH_APPLE_PRIVATE_KEY" => include_str!("../data/keys/p256.pem").to_owned(),
            _ => return None,
        })
    };
    for missing in ["ID", "TEAM_ID", "KEY_ID", "PRIVATE_KEY"] {
        let missing = format!("AUTH_APPLE_{missing}");
        let fewer = |name: &str| variables(name).filter(|_| name != missing);
        let error = catalog::find("apple", &fewer).unwrap_err().to_string();
        assert!(error.contains(&missing), "{error}");
    }

    let case = cases("providers").into_iter().find(|case| case.id == "apple").unwrap();
    let (sample, state) = (case.samples.first().unwrap(), Arc::<Mutex<State>>::default());
    let clock = FrozenClock::at(NOW);
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("https://app.example.com".parse().unwrap())
        .clock(clock.clone())
        .http_client(client(&case, sample, &state))
        .provider(catalog::find("apple", &variables).unwrap())
        .build()
        .unwrap();
    let mut browser = Browser::at("https://app.example.com", &auth, &clock);
    let answer = browser.post("/api/auth/signin/apple", &[]).await;
    let asked = parameters(&Url::parse(answer.location()).unwrap());
    browser
        .submit("/api/auth/callback/apple", &[("code", "CODE"), ("state", &asked["state"])])
        .await;
    let requests = std::mem::take(&mut state.lock().unwrap().requests);
    let form: Texts = form_urlencoded::parse(requests[0].body()).into_owned().collect();
    let parts: Vec<Value> = form["client_secret"]
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect();
    assert_eq!(parts[0], json!({ "alg": "ES256", "kid": "KEY" }));
    for (name, value) in
        [("iss", "TEAM"), ("sub", "CLIENT_ID"), ("aud", "https://appleid.apple.com")]
    {
        assert_eq!(parts[1][name], value);
    }
}
