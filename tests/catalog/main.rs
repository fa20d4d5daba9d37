//! The catalogue: what each provider sends, and whom it makes of the answers. One file of
//! `tests/data/providers` for each, and a whole sign-in through the engine for each sample.

#![cfg(test)]

mod case;
mod derived;
mod independent_client;
mod pkce;
mod replaced;
mod twitter_legacy;

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use typegate::provider::catalog::{Auth0, Bungie, GitHub};
use typegate::provider::{Adjust as _, OAuthDefinition, catalog};
use typegate::testing::Received;
use typegate::testing::provider::{AuthorizationRequest, Recording};
use typegate::{Account, ClientSecret, ConfigError, ErrorCode};
use url::{Position, Url};

use self::case::{Case, FurtherRequest, Sample, Texts, cases};

/// The provider of a case, from the variables that `from_env` would read.
fn provider(case: &Case, sample: &Sample, find: Find) -> Result<OAuthDefinition, ConfigError> {
    provider_of(case, sample, find, ("CLIENT_ID", "CLIENT_SECRET"))
}

/// The same, for a client with that id and secret.
fn provider_of(
    case: &Case,
    sample: &Sample,
    find: Find,
    (id, secret): (&str, &str),
) -> Result<OAuthDefinition, ConfigError> {
    let prefix = format!("AUTH_{}_", case.id.to_uppercase().replace(['-', '.'], "_"));
    let variables = |name: &str| {
        let name = name.strip_prefix(&prefix)?;
        match name {
            "ID" => Some(id.to_owned()),
            "SECRET" if !case.variables.contains_key(name) => Some(secret.to_owned()),
            _ => sample.variables.get(name).or_else(|| case.variables.get(name)).cloned(),
        }
    };
    find(&case.id, &variables)
}

#[test]
fn every_provider_has_a_file_and_every_file_a_provider() {
    let files: BTreeSet<String> = cases("providers").into_iter().map(|case| case.id).collect();
    let providers: BTreeSet<String> = catalog::IDS.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(providers.len(), catalog::IDS.len(), "an id is there twice");
    assert!(catalog::IDS.is_sorted(), "the list is not sorted");
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

#[test]
fn values_that_are_given_by_name_in_any_order_go_where_those_of_the_variables_go() {
    let variables = |name: &str| {
        let value = match name.rsplit_once('_')?.1 {
            "ID" => "the id",
            "SECRET" => "the secret",
            "ISSUER" => "https://acme.example",
            "KEY" => "the key",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let auth0 = Auth0::builder().issuer("https://acme.example").client_secret("the secret");
    assert_eq!(
        format!("{:?}", auth0.client_id("the id").build()),
        format!("{:?}", Auth0::from_variables(&variables).unwrap())
    );
    let bungie = Bungie::builder().api_key("the key").client_id("the id");
    assert_eq!(
        format!("{:?}", bungie.client_secret("the secret").build()),
        format!("{:?}", Bungie::from_variables(&variables).unwrap())
    );
    let github = GitHub::builder().client_secret("the secret").client_id("the id").build();
    assert_eq!(
        format!("{github:?}"),
        format!("{:?}", GitHub::new("the id", ClientSecret::new("the secret")))
    );
    let builder = GitHub::builder().client_secret("canary");
    assert_eq!(format!("{builder:?}"), "GitHubBuilder");
}

#[tokio::test]
async fn every_provider_sends_what_its_server_wants_and_maps_every_sample() {
    run(cases("providers"), catalog::find).await;
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

/// What the provider says in a sample.
fn recording(case: &Case, sample: &Sample) -> Recording {
    let tokens = sample.token_response.clone();
    let tokens = tokens.unwrap_or_else(|| sample.tokens.clone().into());
    let mut recording = Recording::new().token_response(tokens);
    let mut claims = sample.claims.clone();
    if case.profile.is_some() {
        recording = recording.user_info(sample.answer.clone());
    } else {
        let mut answer = sample.answer.as_object().unwrap().clone();
        answer.extend(claims);
        claims = answer;
    }
    if let Some(issuer) = &case.issuer {
        recording = recording.claims(claims.into()).issuer(sample.address(issuer));
    }
    for (name, value) in &sample.callback {
        recording = recording.callback_field(name, value);
    }
    for FurtherRequest { url, status, body, base64, .. } in &sample.requests {
        let status = StatusCode::from_u16(*status).unwrap();
        recording = recording.raw_answer(url, status, further_body(body, base64.as_deref()));
    }
    recording
}

fn further_body(body: &Value, base64: Option<&str>) -> Bytes {
    match (body, base64) {
        (_, Some(base64)) => STANDARD.decode(base64).unwrap().into(),
        (Value::String(text), None) => text.clone().into(),
        (body, None) => body.to_string().into(),
    }
}

async fn sign_in(case: &Case, sample: &Sample, find: Find) {
    let provider = provider(case, sample, find).unwrap();
    let sign_in = recording(case, sample).sign_in(provider).await;

    check_discovery(case, sample, &sign_in.discovery);
    let asked = sign_in.authorization.as_ref().unwrap_or_else(|| panic!("{sign_in}"));
    check_authorization(case, sample, asked);
    let request = sign_in.token_request.as_ref().unwrap_or_else(|| panic!("{sign_in}"));
    check_token_request(case, sample, asked, request);
    let mut rest = sign_in.profile_requests.iter();
    if let Some(expected) = &case.profile {
        let request = rest.next().unwrap_or_else(|| panic!("nobody was asked: {sign_in}"));
        assert_eq!(request.method.as_str(), expected.method);
        let url = Url::parse(&sample.address(&expected.url)).unwrap();
        assert_eq!(request.url[..Position::AfterPath], url[..Position::AfterPath]);
        assert_eq!(parameters(&request.url), parameters(&url), "parameters of the profile's URL");
        check_headers(&request.headers, &expected.headers);
        let accepted = if expected.signed { "application/jwt" } else { "application/json" };
        assert!(expected.headers.contains_key("accept") || request.headers[ACCEPT] == *accepted);
        let form = if expected.form.is_empty() { Texts::new() } else { form_of(request) };
        assert_eq!(form, expected.form, "members of the profile request's form");
        let body = serde_json::from_slice(&request.body).ok();
        assert_eq!(body, expected.body, "the body of the profile's request");
    }
    for expected in &sample.requests {
        let request = rest.next().unwrap_or_else(|| panic!("no further request: {sign_in}"));
        assert_eq!(request.url.as_str(), expected.url);
        if !expected.headers.is_empty() {
            check_headers(&request.headers, &expected.headers);
        }
    }
    assert_eq!(rest.count(), 0, "a request that nobody expected: {sign_in}");

    match (&sample.user, &sample.error, &sample.refused) {
        (Some(user), None, None) => {
            sign_in.assert_user(user.clone().into());
            check_id_token(case, sample, sign_in.account().unwrap());
        }
        (None, Some(member), None) => {
            sign_in.assert_refused(ErrorCode::OAuthParseProfile, &format!("`{member}`"));
        }
        (None, None, Some(reason)) => sign_in.assert_refused(ErrorCode::CallbackOAuth, reason),
        _ => panic!("a sample has either a user or an error"),
    }
}

/// The document is asked for once, where the issuer says or at an address of its own.
fn check_discovery(case: &Case, sample: &Sample, asked: &[Received]) {
    let below = |issuer: &String| {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    };
    let document = case.document.clone().or(case.issuer.as_ref().map(below));
    let document = document.map(|url| sample.address(&url));
    let documents: Vec<&str> = asked
        .iter()
        .map(|request| request.url.as_str())
        .filter(|url| url.contains("/.well-known/openid-") || Some(*url) == document.as_deref())
        .collect();
    let is_declared = case.authorization.url.is_some() && case.token.url.is_some();
    match document {
        Some(document) if !is_declared => assert_eq!(documents, [document]),
        _ => assert!(documents.is_empty() || documents == [document.unwrap_or_default()]),
    }
}

/// The recording signs by whatever the provider expects, so here stands what that has to be.
fn check_id_token(case: &Case, sample: &Sample, account: &Account) {
    if case.issuer.is_none() {
        return assert!(account.tokens.text("id_token").is_none());
    }
    let token = account.tokens.text("id_token").unwrap_or_else(|| panic!("{}", sample.name));
    assert_eq!(header_of(token)["alg"], *case.id_token.as_deref().unwrap_or("RS256"));
}

fn header_of(token: &str) -> Value {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&header).unwrap()
}

/// Where an endpoint is that is discovered unless it is declared.
fn endpoint(sample: &Sample, declared: Option<&str>, path: &str) -> String {
    let discovered = || format!("{}/{path}", Recording::DISCOVERED);
    declared.map_or_else(discovered, |url| sample.address(url))
}

fn form_of(request: &Received) -> Texts {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

/// A URL's parameters, none of them repeated.
fn parameters(url: &Url) -> Texts {
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let parameters: Texts = pairs.iter().cloned().collect();
    assert_eq!(parameters.len(), pairs.len(), "a parameter is repeated: {url}");
    parameters
}

fn back(case: &Case) -> String {
    format!("{}/api/auth/callback/{}", Recording::SITE, case.id)
}

fn check_authorization(case: &Case, sample: &Sample, request: &AuthorizationRequest) {
    let declared = case.authorization.url.as_deref();
    let bare = &request.url[..Position::AfterPath];
    assert_eq!(bare, endpoint(sample, declared, "authorize"));
    let mut rest = parameters(&request.url);
    assert_eq!(rest.remove("client_id").as_deref(), Some("CLIENT_ID"));
    let response_type = case.authorization.response_type.as_deref().unwrap_or("code");
    assert_eq!(rest.remove("response_type").as_deref(), Some(response_type));
    assert_eq!(rest.remove("redirect_uri").unwrap(), back(case));
    for (check, name) in [("state", "state"), ("nonce", "nonce"), ("pkce", "code_challenge")] {
        let is_expected = case.checks.iter().any(|expected| expected == check);
        assert_eq!(rest.remove(name).is_some(), is_expected, "{check}");
    }
    assert_eq!(request.url.fragment(), case.authorization.fragment.as_deref(), "behind `#`");
    rest.remove("code_challenge_method");
    let mut query = case.authorization.query.clone();
    query.extend(sample.query.clone());
    assert_eq!(rest, query, "parameters of the authorization request");
}

fn check_token_request(
    case: &Case,
    sample: &Sample,
    asked: &AuthorizationRequest,
    request: &Received,
) {
    let bare = &request.url[..Position::AfterPath];
    assert_eq!(bare, endpoint(sample, case.token.url.as_deref(), "token"));
    assert_eq!(parameters(&request.url), case.token.query, "parameters of the token URL");
    let mut form = form_of(request);
    // What is sent back as it came stands in the file by this name.
    if let Some(state) =
        form.get_mut("state").filter(|state| asked.parameter("state") == Some(&***state))
    {
        *state = "STATE".to_owned();
    }
    let mut headers = case.token.headers.clone();
    headers.insert("content-type".into(), "application/x-www-form-urlencoded".into());
    let mut take = |name: &str| form.remove(name);
    if case.token.authentication != "declared" {
        assert_eq!(take("grant_type").as_deref(), Some("authorization_code"));
        assert_eq!(take("code").as_deref(), Some(Recording::CODE));
        assert_eq!(take("redirect_uri").unwrap(), back(case));
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
    check_headers(&request.headers, &headers);
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
    let provider = catalog::GitLab::new("CLIENT_ID", "CLIENT_SECRET".into())
        .base_url("https://git.acme.example/gitlab/")
        .scope("read_user openid")
        .authorization_parameter("prompt", "login");
    let recording = Recording::new().user_info(json!({"id": 7, "username": "ada"}));
    let sign_in = recording.sign_in(provider).await;
    sign_in.assert_user(json!({"id": "7", "name": "ada"}));
    sign_in.assert_authorization(&[("scope", "read_user openid"), ("prompt", "login")]);
    let url = &sign_in.authorization.as_ref().unwrap().url;
    assert_eq!(url.path(), "/gitlab/oauth/authorize");
}

#[tokio::test]
async fn github_on_a_server_of_ones_own_signs_in() {
    let provider = GitHub::new("CLIENT_ID", "CLIENT_SECRET".into())
        .base_url("https://git.acme.example")
        .api_url("https://git.acme.example/api/v3");
    let emails = json!([{"email": "ada@acme.example", "primary": true}]);
    let sign_in = Recording::new()
        .user_info(json!({"id": 7, "login": "ada", "name": "Ada Lovelace", "email": null}))
        .answer("https://git.acme.example/api/v3/user/emails", &emails)
        .callback_field("iss", "https://git.acme.example/login/oauth")
        .sign_in(provider)
        .await;
    sign_in.assert_user(json!({"id": "7", "name": "Ada Lovelace", "email": "ada@acme.example"}));
    let places = [
        &sign_in.authorization.as_ref().unwrap().url,
        &sign_in.token_request.as_ref().unwrap().url,
        &sign_in.profile_requests[0].url,
    ];
    let expected = ["login/oauth/authorize", "login/oauth/access_token", "api/v3/user"];
    for (url, path) in places.into_iter().zip(expected) {
        assert_eq!(url[..Position::AfterPath], format!("https://git.acme.example/{path}"));
    }
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

    let provider = catalog::find("apple", &variables).unwrap();
    let sign_in = Recording::new().claims(json!({"sub": "7"})).sign_in(provider).await;
    sign_in.assert_user(json!({"id": "7"}));
    let form = &sign_in.token_request.as_ref().unwrap().form;
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
