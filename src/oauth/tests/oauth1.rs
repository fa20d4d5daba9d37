use serde_json::json;

use super::*;
use crate::model::{Profile, TokenSet};
use crate::oauth::ProfileMapper;
use crate::oauth::v1::{
    OAuth1AuthorizationResponse, OAuth1Client, OAuth1Definition, OAuth1Endpoints,
    OAuth1RelyingParty, SignatureMethod, Token, refusal,
};

fn definition() -> OAuth1Definition {
    OAuth1Definition::builder()
        .id("acme")
        .name("Acme")
        .client(OAuth1Client::new("key", "s3cr3t".into()))
        .endpoints(OAuth1Endpoints {
            request_token_url: "https://acme.example/request".into(),
            authorization_url: "https://acme.example/authorize?perms=read".into(),
            access_token_url: "https://acme.example/access".into(),
            profile_url: "https://acme.example/me".into(),
        })
        // The signature is the secrets, so that whole requests can be compared.
        .signature(SignatureMethod::Plaintext)
        .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
        .build()
}

fn relying_party(provider: &Provider) -> OAuth1RelyingParty {
    OAuth1RelyingParty::new(Box::new(definition()), provider.client(), clock()).unwrap()
}

fn provider() -> Provider {
    let provider = Provider::default();
    let request_token = "oauth_token=r%201&oauth_token_secret=rs&oauth_callback_confirmed=true";
    provider.answers("https://acme.example/request", &request_token);
    provider.answers("https://acme.example/access", &"oauth_token=at&oauth_token_secret=as&id=7");
    provider.answers("https://acme.example/me", &json!({"id": 7}));
    provider
}

/// A request with that part of the header between the time and the signature.
fn request(line: &str, further: &str, signature: &str, form: &str) -> String {
    format!(
        "{line}\naccept: */*\nauthorization: OAuth oauth_consumer_key=\"key\", oauth_nonce=\"NONCE\", \
         oauth_signature_method=\"PLAINTEXT\", oauth_timestamp=\"{NOW}\", oauth_version=\"1.0A\", \
         {further}, oauth_signature=\"{signature}\"{form}"
    )
}

/// The requests, whose nonces are 32 digits of which no two are alike.
fn asked(provider: &Provider) -> Vec<String> {
    let mut nonces = std::collections::HashSet::new();
    let masked = provider.asked().into_iter().map(|asked| {
        let (before, rest) = asked.split_once("oauth_nonce=\"").unwrap();
        let (nonce, after) = rest.split_once('"').unwrap();
        assert!(nonce.len() == 32 && nonces.insert(nonce.to_owned()), "{nonce}");
        format!("{before}oauth_nonce=\"NONCE\"{after}")
    });
    masked.collect()
}

#[tokio::test]
async fn oauth_1_from_the_authorization_url_to_the_profile() {
    const FORM: &str = "\ncontent-type: application/x-www-form-urlencoded";
    let provider = provider();
    let relying_party = relying_party(&provider);
    let request_token = relying_party.request_token(CALLBACK).await.unwrap();
    let url = relying_party.authorization_url(&request_token, &[]).unwrap();
    assert_eq!(url.uri(), "https://acme.example/authorize?perms=read&oauth_token=r+1");
    let back = form(&[("oauth_token", "r 1"), ("oauth_verifier", "v&")]);
    let response = OAuth1AuthorizationResponse::read(&back).unwrap();
    let token = relying_party.exchange(&response, &request_token).await.unwrap();
    assert_eq!(relying_party.user_info(&token).await.unwrap(), json!({"id": 7}));
    assert_eq!(
        asked(&provider),
        [
            request(
                "POST https://acme.example/request",
                "oauth_callback=\"https%3A%2F%2Fapp.example.com%2Fcallback%2Facme\"",
                "s3cr3t%26",
                FORM
            ),
            request(
                "POST https://acme.example/access",
                "oauth_token=\"r%201\", oauth_verifier=\"v%26\"",
                "s3cr3t%26rs",
                FORM
            ),
            request("GET https://acme.example/me", "oauth_token=\"at\"", "s3cr3t%26as", ""),
        ]
    );
    let tokens = TokenSet::from(token);
    let members: Vec<_> = tokens.members().iter().map(|(name, value)| (&**name, value)).collect();
    assert_eq!(members, [("oauth_token", &json!("at")), ("oauth_token_secret", &json!("as"))]);
}

#[tokio::test]
async fn a_response_that_is_not_of_this_sign_in_sends_no_request() {
    let provider = provider();
    let relying_party = relying_party(&provider);
    let request_token = Token { text: "r".into(), secret: "rs".into() };
    let long = "v".repeat(1025);
    for (pairs, reason) in [
        (&[("oauth_verifier", "v")][..], "`oauth_token` is missing"),
        (&[("oauth_token", "r"), ("oauth_token", "r")], "`oauth_token` is repeated"),
        (&[("oauth_token", "R"), ("oauth_verifier", "v")], "is not this browser's"),
        (&[("oauth_token", "r")], "`oauth_verifier` is missing"),
        (&[("oauth_token", "r"), ("oauth_verifier", &long)], "`oauth_verifier` is too long"),
    ] {
        let back = form(pairs);
        let refused = match OAuth1AuthorizationResponse::read(&back) {
            Ok(response) => relying_party.exchange(&response, &request_token).await.map(drop),
            Err(error) => Err(error),
        };
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
    assert_eq!(provider.asked(), [""; 0]);
}

#[tokio::test]
async fn a_request_token_that_does_not_confirm_the_callback_is_refused() {
    let provider = provider();
    provider.answers("https://acme.example/request", &"oauth_token=r&oauth_token_secret=rs");
    let refused = relying_party(&provider).request_token(CALLBACK).await.err().unwrap();
    assert!(refused.to_string().contains("does not confirm the callback"), "{refused}");
}

#[test]
fn a_person_who_says_no_is_understood_in_both_words() {
    let refused = |pairs| refusal(&form(pairs), &form(pairs)).map(|refusal| refusal.to_string());
    assert_eq!(refused(&[("denied", "r")]).unwrap(), "the provider answered `denied`");
    assert_eq!(refused(&[("error", "no")]).unwrap(), "the provider answered `no`");
    let repeated =
        [("error", "no"), ("error_description", "this is not for r"), ("oauth_token", "r")];
    assert_eq!(refused(&repeated).unwrap(), "the provider answered `no`: this is not for …");
    assert_eq!(refused(&[("oauth_token", "r")]), None);
}
