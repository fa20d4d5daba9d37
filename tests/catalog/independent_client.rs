//! What the crate `oauth2` sends to the providers of the catalogue, held against what typegate
//! sends. Of the one standard there are two readers here who share no code.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};
use typegate::oauth2::basic::BasicClient;
use typegate::oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, TokenUrl,
};
use typegate::provider::catalog;
use typegate::testing::Received;
use typegate::testing::provider::Recording;
use url::{Position, Url};

use super::case::{Case, Sample, Texts, cases};
use super::{back, endpoint, provider_of, recording};

/// Whoever is not in this list is sent the same by both.
const EXCEPTIONS: [(&str, &str); 1] =
    [("azure-devops", "RFC 7523 section 2.1 with a response type of its own, not RFC 6749's code")];

/// The id stands in the address of the server, where those that servers give out are words.
const ID_IN_THE_ADDRESS: [&str; 1] = ["descope"];

/// Ids and secrets, with every kind of character that a careless encoding loses.
const CLIENTS: [(&str, &str); 3] = [
    ("CLIENT_ID", "CLIENT_SECRET"),
    ("id:+ %&é", "s3cr3t:+ %&é"),
    ("a%20b=c?d#e/f~g", "!*'()\"\\<>%2B;,@$^|`{}[]\u{1f511}"),
];

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A request as its receiver reads it: what is a set on the wire is sorted here.
#[derive(Debug, Eq, PartialEq)]
struct Request {
    method: Method,
    address: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    form: Vec<(String, String)>,
}

impl Request {
    fn of(method: &Method, url: &Url, headers: &HeaderMap, body: &[u8]) -> Self {
        let value = |name: &str, value: &str| match name {
            _ if name == AUTHORIZATION => format!("{:?}", credentials(value)),
            _ => value.to_owned(),
        };
        let headers = headers
            .iter()
            .map(|(name, text)| (name.to_string(), value(name.as_str(), text.to_str().unwrap())));
        Self {
            method: method.clone(),
            address: url[..Position::AfterPath].to_owned(),
            query: sorted(url.query_pairs().into_owned()),
            headers: sorted(headers),
            form: sorted(form_urlencoded::parse(body).into_owned()),
        }
    }
}

fn sorted(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    pairs
}

/// Id and secret (RFC 6749 section 2.3.1): which bytes are escaped is the sender's business.
fn credentials(header: &str) -> (String, String) {
    let pair = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    let pair = String::from_utf8(pair).unwrap();
    let (id, secret) = pair.split_once(':').unwrap();
    let decoded = |text: &str| {
        let form = format!("x={text}");
        let mut pairs = form_urlencoded::parse(form.as_bytes()).into_owned();
        let (_, value) = pairs.next().unwrap();
        assert!(pairs.next().is_none(), "{text}");
        value
    };
    (decoded(id), decoded(secret))
}

/// What the file of a case says beyond the standard, for a client with that id and secret.
fn declared<'a>(
    texts: &'a Texts,
    (id, secret): (&'a str, &'a str),
) -> impl Iterator<Item = (&'a str, &'a str)> {
    texts.iter().map(move |(name, value)| match value.as_str() {
        "CLIENT_ID" => (name.as_str(), id),
        "CLIENT_SECRET" => (name.as_str(), secret),
        value => (name.as_str(), value),
    })
}

fn client(case: &Case, sample: &Sample, (id, secret): (&str, &str)) -> Client {
    let authorize = endpoint(sample, case.authorization.url.as_deref(), "authorize");
    let token = endpoint(sample, case.token.url.as_deref(), "token");
    let mut token = Url::parse(&token).unwrap();
    for (name, value) in declared(&case.token.query, (id, secret)) {
        token.query_pairs_mut().append_pair(name, value);
    }
    let client = BasicClient::new(ClientId::new(id.into()))
        .set_auth_uri(AuthUrl::new(authorize).unwrap())
        .set_token_uri(TokenUrl::from_url(token))
        .set_redirect_uri(RedirectUrl::new(back(case)).unwrap());
    let secret = ClientSecret::new(secret.into());
    match case.token.authentication.as_str() {
        "basic" => client.set_client_secret(secret),
        "post" => client.set_client_secret(secret).set_auth_type(AuthType::RequestBody),
        "none" => client,
        other => panic!("{}: the crate does not do `{other}`", case.id),
    }
}

/// The authorization request of the crate, with the values that typegate drew.
fn authorization(
    case: &Case,
    sample: &Sample,
    client: &Client,
    credentials: (&str, &str),
    drawn: &BTreeMap<&str, String>,
    verifier: Option<&PkceCodeVerifier>,
) -> Url {
    let state = drawn.get("state").cloned();
    let mut request = client.authorize_url(|| CsrfToken::new(state.clone().unwrap_or_default()));
    let mut query = case.authorization.query.clone();
    query.extend(sample.query.clone());
    for (name, value) in declared(&query, credentials) {
        request = match name {
            "scope" => request.add_scopes(value.split(' ').map(|word| Scope::new(word.into()))),
            _ => request.add_extra_param(name.to_owned(), value.to_owned()),
        };
    }
    if let Some(nonce) = drawn.get("nonce") {
        request = request.add_extra_param("nonce", nonce.clone());
    }
    if let Some(verifier) = verifier {
        request =
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(verifier));
    }
    let (mut url, _) = request.url();
    if state.is_none() {
        // The crate always sends one. typegate does without where PKCE or the nonce binds the
        // answer to the browser, as v4 does.
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let rest = pairs.iter().filter(|(name, _)| name != "state");
        url.query_pairs_mut().clear().extend_pairs(rest);
    }
    url
}

/// The token request of the crate.
fn token_request(
    case: &Case,
    client: &Client,
    credentials: (&str, &str),
    drawn: &BTreeMap<&str, String>,
    verifier: Option<PkceCodeVerifier>,
) -> Request {
    let sent = RefCell::new(None);
    let http_client = |request: HttpRequest| -> Result<HttpResponse, std::io::Error> {
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let read = Request::of(request.method(), &url, request.headers(), request.body());
        assert!(sent.replace(Some(read)).is_none(), "a code is sent once");
        Err(std::io::Error::other("nobody answers"))
    };
    let mut request = client.exchange_code(AuthorizationCode::new(Recording::CODE.into()));
    for (name, value) in declared(&case.token.form, credentials) {
        // VK ID wants the callback's once more.
        let value =
            if value == "STATE" { drawn.get(name).map_or(value, String::as_str) } else { value };
        request = request.add_extra_param(name.to_owned(), value.to_owned());
    }
    if let Some(verifier) = verifier {
        request = request.set_pkce_verifier(verifier);
    }
    request.request(&http_client).unwrap_err();
    sent.into_inner().unwrap()
}

#[tokio::test]
async fn both_clients_ask_every_provider_the_same() {
    let exceptions = BTreeMap::from(EXCEPTIONS);
    let mut compared = 0;
    for case in cases("providers") {
        if exceptions.contains_key(case.id.as_str()) {
            continue;
        }
        let sample = case.samples.first().unwrap();
        let id_is_a_word = ID_IN_THE_ADDRESS.contains(&case.id.as_str());
        for credentials in CLIENTS.into_iter().take(if id_is_a_word { 1 } else { CLIENTS.len() }) {
            let provider = provider_of(&case, sample, catalog::find, credentials).unwrap();
            let sign_in = recording(&case, sample).sign_in(provider).await;
            let asked = sign_in.authorization.as_ref().unwrap_or_else(|| panic!("{sign_in}"));
            let sent = sign_in.token_request.as_ref().unwrap_or_else(|| panic!("{sign_in}"));

            let client = client(&case, sample, credentials);
            let drawn: BTreeMap<&str, String> = ["state", "nonce"]
                .into_iter()
                .filter_map(|name| Some((name, asked.parameter(name)?.to_owned())))
                .collect();
            let verifier = || sent.form.get("code_verifier").cloned().map(PkceCodeVerifier::new);
            let url =
                authorization(&case, sample, &client, credentials, &drawn, verifier().as_ref());
            let read = |url| Request::of(&Method::GET, url, &HeaderMap::new(), b"");
            let mut ours = read(&asked.url);
            // v4 does: a provider without a scope is asked with an empty one.
            ours.query.retain(|(name, value)| name != "scope" || !value.is_empty());
            assert_eq!(ours, read(&url), "{}: authorization request", case.id);

            let Received { method, url, headers, body, .. } = sent;
            let ours = Request::of(method, url, headers, body);
            let theirs = token_request(&case, &client, credentials, &drawn, verifier());
            assert_eq!(ours, theirs, "{}: token request", case.id);
            compared += 1;
        }
    }
    let left_out = ID_IN_THE_ADDRESS.len() * (CLIENTS.len() - 1);
    let all = (catalog::IDS.len() - EXCEPTIONS.len()) * CLIENTS.len();
    assert_eq!(compared, all - left_out);
}
